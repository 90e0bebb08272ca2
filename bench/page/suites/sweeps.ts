/** Times of one step of many, which are done in sweeps; the start of a sweep is not timed. */
import { PER_MS, type TimeUnit } from "./operations";
import type { Contender } from "./rounds";

export interface OpenSweep {
  /** Back to before the first step. */
  reset(): void;
  /** All steps. Returns how many there were. */
  run(): number;
  close?(): void | Promise<void>;
}

export interface Sweep {
  readonly name: string;
  open(): Promise<OpenSweep>;
}

export interface SweepCounts {
  /** In a sample: several when one is short beside the clock's step. */
  readonly sweeps: number;
  /** In a round. */
  readonly samples: number;
}

export function timeSweeps(
  subjects: readonly Sweep[],
  unit: TimeUnit,
  { sweeps, samples }: SweepCounts,
): Contender[] {
  return subjects.map(({ name, open }) => ({
    name,
    async open() {
      const sweep = await open();
      const sample = (): number => {
        let ms = 0;
        let steps = 0;
        for (let i = 0; i < sweeps; i++) {
          sweep.reset();
          const start = performance.now();
          steps += sweep.run();
          ms += performance.now() - start;
        }
        return (ms * PER_MS[unit]) / steps;
      };
      return {
        close: () => sweep.close?.(),
        async round() {
          globalThis.gc?.();
          // Caches and code are warm again.
          sample();
          return Array.from({ length: samples }, sample);
        },
      };
    },
  }));
}
