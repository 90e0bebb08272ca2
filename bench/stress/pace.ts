/** Time, as scenarios use it. */
const SETTLE_MS = 200;

/** Leaves the page alone after a step. */
export function settle(settleMs = SETTLE_MS): Promise<void> {
  return settleMs === 0
    ? Promise.resolve()
    : new Promise((resolve) => setTimeout(resolve, settleMs));
}

/** How long it takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
