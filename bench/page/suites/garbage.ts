/** Bytes that an operation leaves for the collector: JavaScript's heap and the buffers it owns. */
import { type Contender, interleave, type RoundOptions } from "./rounds";
import type { Subject } from "./subjects";
import { type Case, type Row, type RunContext, unmeasured } from "./suite";

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

export interface OpenLoad {
  /** What is weighed. Few operations, so that the collector does not run in between. */
  work(): void | Promise<void>;
  /** The same without the contender, before: what looping and waiting cost. */
  idle(): void | Promise<void>;
  /** Between the two, unweighed. */
  prepare?(): void;
  /** After the work, unweighed. Returns how many operations it was. */
  operations(): number;
  close?(): void | Promise<void>;
}

export interface Load {
  readonly name: string;
  open(): Promise<OpenLoad>;
}

/** Each round is one sample: what the heap grew by, less what it grew by while idle. */
function weigh({ name, open }: Load): Contender {
  return {
    name,
    async open() {
      const load = await open();
      const growth = async (action: () => void | Promise<void>): Promise<number> => {
        globalThis.gc?.();
        const before = usedBytes();
        const pending = action();
        if (pending instanceof Promise) await pending;
        return usedBytes() - before;
      };
      const idle = (): void | Promise<void> => load.idle();
      const work = (): void | Promise<void> => load.work();
      return {
        close: () => load.close?.(),
        async round() {
          // The first wait of a turn costs 100 bytes more, whatever is waited for.
          await growth(idle);
          const empty = await growth(idle);
          load.prepare?.();
          const full = await growth(work);
          return [(full - empty) / load.operations()];
        },
      };
    },
  };
}

export async function measureGarbage(
  measured: Case,
  loads: readonly Load[],
  options: RoundOptions,
  context: RunContext,
): Promise<Row[]> {
  if (!isPrecise()) return loads.map(({ name }) => unmeasured(measured, name, "bytes", NOTE));
  return interleave(measured, "bytes", loads.map(weigh), options, context);
}

/** Most rounds have no speech event in so few. */
const FRAMES_PER_ROUND = 8;

function loadFrames<Input>({ name, open }: Subject<Input>, inputs: readonly Input[]): Load {
  return {
    name,
    async open() {
      const { push, close } = await open();
      let at = 0;
      const each = async (action: (input: Input) => unknown): Promise<void> => {
        for (let i = at; i < at + FRAMES_PER_ROUND; i++) {
          const input = inputs[i % inputs.length];
          if (input === undefined) continue;
          const pending = action(input);
          if (pending instanceof Promise) await pending;
        }
      };
      return {
        work: () => each(push),
        idle: () => each(nothing),
        operations() {
          at += FRAMES_PER_ROUND;
          return FRAMES_PER_ROUND;
        },
        close,
      };
    },
  };
}

export function measureFrameGarbage<Input>(
  measured: Case,
  subjects: readonly Subject<Input>[],
  inputs: readonly Input[],
  context: RunContext,
): Promise<Row[]> {
  const loads = subjects.map((subject) => loadFrames(subject, inputs));
  const options = context.quick ? { rounds: 15, warmups: 30 } : { rounds: 61, warmups: 60 };
  return measureGarbage(measured, loads, options, context);
}
