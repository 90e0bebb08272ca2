/** A client that connects again as soon as it has lost its connection. */
import type { Parts } from "./index.js";

export interface HastyClientOptions {
  /** Before the next attempt. */
  readonly delayMs: number;
  /** The page's own, or voicepath's without patience. */
  readonly by: "page" | "voicepath";
}

export function hastyClient({ delayMs, by }: HastyClientOptions, { scope, url }: Parts): void {
  if (by === "voicepath") {
    scope.socket({ url, backoffCapMs: delayMs, breakerFailures: 0, budgetWindowMs: 0 });
    return;
  }
  const connect = (): void => {
    new WebSocket(url).addEventListener("close", () => setTimeout(connect, delayMs));
  };
  connect();
}
