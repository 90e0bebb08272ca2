/** A script that keeps the page busy. */

export interface HeavyScriptOptions {
  readonly everyMs: number;
  readonly forMs: number;
  readonly by: "timer" | "frame" | "message";
}

export function heavyScript({ everyMs, forMs, by }: HeavyScriptOptions): void {
  const channel = new MessageChannel();
  const work = (): void => {
    const end = performance.now() + forMs;
    while (performance.now() < end);
  };
  channel.port2.onmessage = work;
  setInterval(() => {
    if (by === "frame") requestAnimationFrame(work);
    else if (by === "message") channel.port1.postMessage(undefined);
    else work();
  }, everyMs);
}
