/** Times of operations far shorter than the clock's step: a sample is a loop of hundreds or more. */
import type { Contender } from "./rounds";

export type TimeUnit = "ns" | "µs" | "ms";

export const PER_MS: Readonly<Record<TimeUnit, number>> = { ns: 1e6, µs: 1e3, ms: 1 };

/** Loops at the start of a turn that are not timed: code and caches are warm again. */
const UNTIMED_LOOPS = 3;

export interface OpenOperations {
  /** Before a turn, untimed. */
  begin?(): void;
  /** Does the operation so many times, in a loop of its own: one compiled for it alone. */
  run(count: number): void;
  /** After a turn, untimed. */
  end?(): void;
  /** After the last. */
  close?(): void;
}

export interface Operations {
  readonly name: string;
  /** Operations in a sample; it should last some hundred µs, as the clock steps by 5. */
  readonly batch: number;
  open(): Promise<OpenOperations>;
}

/**
 * Contenders whose samples are the time of one operation. Each turn begins after a collection, where
 * the page may ask for one, so that nobody pays for the garbage of the one before. A sample ends
 * with a turn of the microtask queue: there the registry flushes what it put off.
 */
export function timeOperations(
  subjects: readonly Operations[],
  unit: TimeUnit,
  samplesPerRound: number,
): Contender[] {
  return subjects.map(({ name, batch, open }) => ({
    name,
    async open() {
      const subject = await open();
      const sample = async (): Promise<number> => {
        const start = performance.now();
        subject.run(batch);
        await null;
        return ((performance.now() - start) * PER_MS[unit]) / batch;
      };
      return {
        close: () => subject.close?.(),
        async round() {
          subject.begin?.();
          globalThis.gc?.();
          for (let i = 0; i < UNTIMED_LOOPS; i++) await sample();
          const samples: number[] = [];
          for (let i = 0; i < samplesPerRound; i++) samples.push(await sample());
          subject.end?.();
          return samples;
        },
      };
    },
  }));
}
