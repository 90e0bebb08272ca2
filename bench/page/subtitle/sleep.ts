import type { Scope } from "voicepath";

/** Rejects at once when the scope ends. */
export function sleep(scope: Scope, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    scope.timeout(resolve, delayMs);
    const { signal } = scope;
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
