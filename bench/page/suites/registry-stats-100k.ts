import { countKinds, MAP_SCAN, openCounted, openMap } from "./counts";
import { type Operations, timeOperations } from "./operations";
import { interleave } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";

const SIZE = 100_000;

function check(active: number | undefined): void {
  if (active !== SIZE / 8) throw new Error(`${active} sockets are open, not ${SIZE / 8}`);
}

const counters: Operations = {
  name: `${VOICEPATH} registry.stats()`,
  batch: 2000,
  async open() {
    const registry = await openCounted(SIZE);
    const stats = registry.stats();
    return {
      run(count) {
        for (let i = 0; i < count; i++) registry.stats(stats);
      },
      end: () => check(stats.kinds["socket"]?.active),
      close: () => registry[Symbol.dispose](),
    };
  },
};

const scan: Operations = {
  name: MAP_SCAN,
  batch: 1,
  async open() {
    const open = openMap(SIZE);
    let counts: Record<string, number> = {};
    return {
      run(count) {
        for (let i = 0; i < count; i++) counts = countKinds(open);
      },
      end: () => check(counts["socket"]),
    };
  },
};

export const registryStats100k: Suite = {
  suite: "registry",
  case: "stats-100k",
  peer: MAP_SCAN,
  title: "Read the statistics of 100,000 open resources",
  about:
    "registry.stats(into) copies kept counters of nine kinds out of linear memory; a Map of what is " +
    "open has to be gone through. Whoever keeps counters reads as fast: no peer does.",
  run(context) {
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    return interleave(this, "µs", timeOperations([counters, scan], "µs", 20), rounds, context);
  },
};
