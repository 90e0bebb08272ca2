/** Three things that a page does all the time, and what they leave for the collector. */
import { openRegistry } from "../../peers/voicepath";
import { countKinds, MAP_SCAN, openCounted, openMap } from "./counts";
import { type Load, measureGarbage } from "./garbage";
import { type Suite, VOICEPATH } from "./suite";
import { NATIVE_TIMER } from "./timers";

const noop = (): void => {};

// ---- A tick ----

const NATIVE_INTERVAL = "setInterval";
const INTERVALS = 1000;
const PERIOD_MS = 20;
const WAIT_MS = 110;
/** At the start intervals of 1 ms fire for so long: until then the code is not compiled in full. */
const WARM_UP_MS = 1000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const wait = (): Promise<void> => sleep(WAIT_MS);

const ourIntervals: Load = {
  name: `${VOICEPATH} scope.interval()`,
  async open() {
    const registry = await openRegistry();
    const page = registry.scope("page");
    let fired = 0;
    const fire = (): void => {
      fired++;
    };
    const intervals = Array.from({ length: INTERVALS }, () => page.interval(fire, PERIOD_MS));
    for (const interval of intervals) interval.start(1);
    await sleep(WARM_UP_MS);
    for (const interval of intervals) interval.stop();
    return {
      idle: wait,
      prepare() {
        fired = 0;
        for (const interval of intervals) interval.start(PERIOD_MS);
      },
      work: wait,
      operations() {
        for (const interval of intervals) interval.stop();
        return fired / INTERVALS;
      },
      close: () => registry[Symbol.dispose](),
    };
  },
};

const nativeIntervals: Load = {
  name: NATIVE_INTERVAL,
  async open() {
    let fired = 0;
    const fire = (): void => {
      fired++;
    };
    const ids: ReturnType<typeof setInterval>[] = [];
    return {
      idle: wait,
      prepare() {
        fired = 0;
        for (let i = 0; i < INTERVALS; i++) ids[i] = setInterval(fire, PERIOD_MS);
      },
      work: wait,
      operations() {
        for (const id of ids) clearInterval(id);
        return fired / INTERVALS;
      },
    };
  },
};

export const registryGarbageTick: Suite = {
  suite: "registry",
  case: "garbage-tick",
  peer: NATIVE_INTERVAL,
  title: "JavaScript garbage of a tick",
  about:
    "A thousand intervals of 20 ms fire once each: growth of the JavaScript heap while they run for " +
    "110 ms, less that of the same time without them. The browser’s own timers are outside this heap.",
  run(context) {
    const options = context.quick ? { rounds: 9, warmups: 3 } : { rounds: 31, warmups: 15 };
    return measureGarbage(this, [ourIntervals, nativeIntervals], options, context);
  },
};

// ---- A timer ----

const TIMERS = 500;

/** A loop of `operation`, and the turn of the microtask queue where the registry flushes. */
function loop(name: string, count: number, open: () => Promise<LoopBody>): Load {
  return {
    name,
    async open() {
      const { operation, close } = await open();
      const each = async (action: () => void): Promise<void> => {
        for (let i = 0; i < count; i++) action();
        await null;
      };
      return {
        idle: () => each(noop),
        work: () => each(operation),
        operations: () => count,
        ...(close ? { close } : {}),
      };
    },
  };
}

interface LoopBody {
  operation(): void;
  close?(): void;
}

const TIMER_LOADS: readonly Load[] = [
  loop(`${VOICEPATH} timer.start()`, TIMERS, async () => {
    const registry = await openRegistry();
    const timer = registry.scope("page").timer(noop);
    return {
      operation() {
        timer.start(60_000);
        timer.stop();
      },
      close: () => registry[Symbol.dispose](),
    };
  }),
  loop(`${VOICEPATH} scope.timeout()`, TIMERS, async () => {
    const registry = await openRegistry();
    const page = registry.scope("page");
    return {
      operation: () => page.timeout(noop, 60_000).dispose(),
      close: () => registry[Symbol.dispose](),
    };
  }),
  loop(NATIVE_TIMER, TIMERS, async () => ({
    operation: () => clearTimeout(setTimeout(noop, 60_000)),
  })),
];

export const registryGarbageTimer: Suite = {
  suite: "registry",
  case: "garbage-timer",
  peer: NATIVE_TIMER,
  title: "JavaScript garbage of a timer",
  about:
    "Start and stop, or create and clear, five hundred times. scope.timeout() gives an object to " +
    "hold, timer.start() uses one that is there. The browser’s own timers are outside this heap.",

  run(context) {
    const options = context.quick ? { rounds: 15, warmups: 30 } : { rounds: 61, warmups: 60 };
    return measureGarbage(this, TIMER_LOADS, options, context);
  },
};

// ---- Statistics ----

const SIZE = 1000;

const STATS_LOADS: readonly Load[] = [
  loop(`${VOICEPATH} registry.stats()`, 200, async () => {
    const registry = await openCounted(SIZE);
    const stats = registry.stats();
    return {
      operation: () => {
        registry.stats(stats);
      },
      close: () => registry[Symbol.dispose](),
    };
  }),
  loop(MAP_SCAN, 200, async () => {
    const open = openMap(SIZE);
    let counts: Record<string, number> = {};
    return {
      operation: () => {
        counts = countKinds(open);
      },
      close() {
        if (counts["socket"] === undefined) throw new Error("nothing was counted");
      },
    };
  }),
];

export const registryGarbageStats: Suite = {
  suite: "registry",
  case: "garbage-stats",
  peer: MAP_SCAN,
  title: "JavaScript garbage of reading statistics",
  about:
    "Of a thousand open resources, two hundred times, into the same object where that is offered.",
  run(context) {
    const options = context.quick ? { rounds: 15, warmups: 30 } : { rounds: 61, warmups: 60 };
    return measureGarbage(this, STATS_LOADS, options, context);
  },
};
