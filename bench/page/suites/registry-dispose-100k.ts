import { DISPOSABLE_STORE, type Owner } from "../../peers/owners";
import { openRegistry } from "../../peers/voicepath";
import { checkTally, missingOwners, OWNERS } from "./owners";
import { type Contender, interleave, type Runner } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";

const SIZE = 100_000;

/** One sample a round: filling is not timed. */
async function timeEnd(fill: () => () => unknown): Promise<number[]> {
  const end = fill();
  globalThis.gc?.();
  const start = performance.now();
  await end();
  return [performance.now() - start];
}

function disposeAll({ name, open }: Owner): Contender {
  return {
    name,
    async open() {
      const { fill, close } = await open();
      const tally = { ended: 0 };
      return {
        async round() {
          tally.ended = 0;
          const samples = await timeEnd(() => fill(SIZE, tally));
          checkTally(tally, SIZE, name);
          return samples;
        },
        ...(close ? { close } : {}),
      };
    },
  };
}

/** Nothing of the user's runs at their end, so this is the registry alone. */
const disposeTimers: Contender = {
  name: `${VOICEPATH} scope.timeout()`,
  async open(): Promise<Runner> {
    const registry = await openRegistry();
    return {
      round: () =>
        timeEnd(() => {
          const page = registry.scope("page");
          for (let i = 0; i < SIZE; i++) page.timeout(() => {}, 60_000 + i);
          return () => page.dispose();
        }),
      close: () => registry[Symbol.dispose](),
    };
  },
};

export const registryDispose100k: Suite = {
  suite: "registry",
  case: "dispose-100k",
  peer: DISPOSABLE_STORE.name,
  title: "End a scope of 100,000 resources",
  about:
    "From the call until everything has ended, with a closer for each, and once with timers, which " +
    "have none. Opening them is not timed.",
  async run(context) {
    const contenders = [...OWNERS.map(disposeAll), disposeTimers];
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    const rows = await interleave(this, "ms", contenders, rounds, context);
    return [...rows, ...missingOwners(this, "ms")];
  },
};
