/** For what costs too much to be looked at in every period. */
export function everyPeriods(periods: number, look: (nowMs: number) => void) {
  let passed = 0;
  return (nowMs: number): void => {
    if (passed++ % periods === 0) look(nowMs);
  };
}
