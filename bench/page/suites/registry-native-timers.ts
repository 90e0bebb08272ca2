import { openRegistry } from "../../peers/voicepath";
import { interleave } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";
import { NATIVE_TIMER } from "./timers";

const SIZE = 100_000;

/** Runs `work` and tells how many of the browser's timers are then set that were not before. */
async function countNativeTimers(work: () => void): Promise<number> {
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const live = new Set<unknown>();
  const counted = (...args: Parameters<typeof set>): unknown => {
    const id = set(...args);
    live.add(id);
    return id;
  };
  globalThis.setTimeout = Object.assign(counted, set) as typeof set;
  globalThis.clearTimeout = (id) => {
    live.delete(id);
    clear(id);
  };
  try {
    work();
    // There the registry flushes.
    await null;
    return live.size;
  } finally {
    globalThis.setTimeout = set;
    globalThis.clearTimeout = clear;
  }
}

export const registryNativeTimers: Suite = {
  suite: "registry",
  case: "native-timers",
  peer: NATIVE_TIMER,
  title: "The browser’s timers under 100,000 live ones",
  about:
    "Counted: setTimeout and clearTimeout of the page are wrapped while the timers are created.",
  run(context) {
    const ours = {
      name: VOICEPATH,
      async open() {
        const registry = await openRegistry();
        const page = registry.scope("page");
        return {
          round: async () => [
            await countNativeTimers(() => {
              for (let i = 0; i < SIZE; i++) page.timeout(() => {}, 60_000 + i);
            }),
          ],
          close: () => registry[Symbol.dispose](),
        };
      },
    };
    const ids: ReturnType<typeof setTimeout>[] = [];
    const native = {
      name: NATIVE_TIMER,
      open: async () => ({
        round: async () => [
          await countNativeTimers(() => {
            for (let i = 0; i < SIZE; i++) ids.push(setTimeout(() => {}, 60_000 + i));
          }),
        ],
        close() {
          for (const id of ids) clearTimeout(id);
        },
      }),
    };
    const once = { rounds: 1, warmups: 0 };
    return interleave(this, "timers", [ours, native], once, context);
  },
};
