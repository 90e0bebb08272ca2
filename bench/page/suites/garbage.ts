/** Bytes that a frame leaves for the collector: JavaScript's heap and the buffers it owns. */
import { type Contender, interleave } from "./rounds";
import type { Subject } from "./subjects";
import { type Row, type RunContext, type Suite, unmeasured } from "./suite";

declare global {
  interface Performance {
    /** Chromium only; exact with --enable-precise-memory-info. */
    readonly memory?: { readonly usedJSHeapSize: number };
  }
}

const NOTE =
  "needs Chromium with --enable-precise-memory-info --js-flags=--expose-gc, as the headless run has";

const nothing = (): void => {};
const usedBytes = (): number => performance.memory?.usedJSHeapSize ?? 0;

/** Without its flag the figure moves in steps of many kilobytes, and late. */
function isPrecise(): boolean {
  if (!globalThis.gc || !performance.memory) return false;
  const before = usedBytes();
  const ballast = Array.from({ length: 1000 }, (_, i) => ({ i }));
  const grown = usedBytes() - before;
  return ballast.length === 1000 && grown > 0 && grown < 200_000;
}

/** Few, so that the collector does not run in between, and most rounds have no speech event. */
const FRAMES_PER_ROUND = 8;

/** Each round is one sample: growth over its frames, less that of the same loop doing nothing. */
function weighFrames<Input>(subject: Subject<Input>, inputs: readonly Input[]): Contender {
  return {
    name: subject.name,
    async open() {
      const { push, close } = await subject.open();
      let at = 0;
      const growth = async (work: (input: Input) => unknown, first: number): Promise<number> => {
        globalThis.gc?.();
        const before = usedBytes();
        for (let i = first; i < first + FRAMES_PER_ROUND; i++) {
          const input = inputs[i % inputs.length];
          if (input === undefined) continue;
          const pending = work(input);
          if (pending instanceof Promise) await pending;
        }
        return usedBytes() - before;
      };
      return {
        close,
        async round() {
          const empty = await growth(nothing, at);
          const full = await growth(push, at);
          at += FRAMES_PER_ROUND;
          return [(full - empty) / FRAMES_PER_ROUND];
        },
      };
    },
  };
}

export async function measureGarbage<Input>(
  suite: Pick<Suite, "suite" | "case">,
  subjects: readonly Subject<Input>[],
  inputs: readonly Input[],
  context: RunContext,
): Promise<Row[]> {
  if (!isPrecise()) return subjects.map(({ name }) => unmeasured(suite, name, "bytes", NOTE));
  const contenders = subjects.map((subject) => weighFrames(subject, inputs));
  const options = context.quick ? { rounds: 15, warmups: 30 } : { rounds: 61, warmups: 60 };
  return interleave(suite, "bytes", contenders, options, context);
}
