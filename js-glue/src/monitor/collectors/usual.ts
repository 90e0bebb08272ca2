/** What a duration usually is: follows its median, half a millisecond at a time. */

const STEP_MS = 0.5;
/** Less than this above the usual is no pause: clocks are coarse, and timers round up. */
const PAUSE_MS = 10;

/** What takes longer than this is none: the machine has slept, or somebody has debugged. */
export const ASLEEP_MS = 60_000;

export class Usual {
  #ms: number;

  constructor(initialMs: number) {
    this.#ms = initialMs;
  }

  /** How much longer than usual this one is; 0 when that is little. */
  excess(durationMs: number): number {
    const excessMs = durationMs - this.#ms;
    this.#ms += Math.max(-STEP_MS, Math.min(STEP_MS, excessMs));
    return excessMs >= PAUSE_MS ? excessMs : 0;
  }
}
