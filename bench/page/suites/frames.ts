/** Times of single frames, or of batches of them where one is too short for the clock. */
import type { Contender } from "./rounds";
import type { Subject } from "./subjects";
import { VOICEPATH } from "./suite";

const US_PER_MS = 1000;

export interface FrameTiming {
  readonly framesPerRound: number;
  /**
   * Frames that one of voicepath's samples is the mean of; vad-web, which takes some hundred µs, is
   * timed frame by frame. performance.now() steps by 5 µs on an isolated page, so a sample should
   * last some hundred µs, and samples of like length catch a like share of interruptions.
   */
  readonly voicepathBatch: number;
  /** Frames at the start of a turn that are not timed: the contender before took the caches. */
  readonly untimed: number;
  /** Runs before each sample, untimed. */
  readonly before?: () => void;
}

/** Contenders whose samples are µs a frame. In round n each takes the same inputs. */
export function timeFrames<Input>(
  subjects: readonly Subject<Input>[],
  inputs: readonly Input[],
  timing: FrameTiming,
): Contender[] {
  const { framesPerRound, voicepathBatch, untimed, before } = timing;
  const input = (at: number): Input => {
    const found = inputs[at % inputs.length];
    if (found === undefined) throw new Error("no speech to measure with");
    return found;
  };
  return subjects.map(({ name, open }) => ({
    name,
    async open() {
      const { push, close } = await open();
      const batch = name === VOICEPATH ? voicepathBatch : 1;
      return {
        close,
        async round(index) {
          let at = index * (untimed + framesPerRound);
          for (let i = 0; i < untimed; i++) await push(input(at++));
          const samples: number[] = [];
          for (let done = 0; done + batch <= framesPerRound; done += batch) {
            before?.();
            const start = performance.now();
            for (let i = 0; i < batch; i++) {
              const pending = push(input(at++));
              if (pending instanceof Promise) await pending;
            }
            samples.push(((performance.now() - start) * US_PER_MS) / batch);
          }
          return samples;
        },
      };
    },
  }));
}
