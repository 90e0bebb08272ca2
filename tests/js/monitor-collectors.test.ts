/** The collectors on a fake clock, with frames, sockets and a page that do what a test says. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  FakeClock,
  loadSession,
  type Platform,
  Registry,
  type Scope,
  type SessionModule,
  VoicepathError,
} from "../../dist/index.js";
import { TabCensus } from "../../dist/monitor/collectors/tab-census.js";
import { Usual } from "../../dist/monitor/collectors/usual.js";
import {
  AudioUnderruns,
  type Collector,
  type CollectorContext,
  Frames,
  Heap,
  LoopLag,
  Pauses,
  pageCollectors,
  RegistryCounts,
  Sockets,
  StorageUse,
  Tabs,
} from "../../dist/monitor/index.js";
import { FakeLocks, FakePage } from "./fake-page.js";

const PERIOD_MS = 1000;

/** Lets timers ring late. */
class LateClock extends FakeClock {
  /** When a timer that is due then rings. */
  ringsMs: (dueMs: number) => number = (dueMs) => dueMs;

  override setTimeout(callback: () => void, delayMs: number): number {
    const nowMs = this.now();
    const dueMs = nowMs + Math.max(0, delayMs);
    return super.setTimeout(callback, this.ringsMs(dueMs) - nowMs);
  }
}

/** The platform's frames, which come when a test says. */
class FakeFrames {
  readonly #callbacks = new Map<number, FrameRequestCallback>();
  #lastId = 0;
  get pending(): number {
    return this.#callbacks.size;
  }

  /** Every function that was ever given. */
  readonly functions = new Set<unknown>();

  readonly requestAnimationFrame = (callback: FrameRequestCallback): number => {
    if (typeof callback !== "function") throw new TypeError("not of type 'Function'");
    this.functions.add(callback);
    this.#lastId++;
    this.#callbacks.set(this.#lastId, callback);
    return this.#lastId;
  };

  readonly cancelAnimationFrame = (id: number): void => {
    this.#callbacks.delete(Number(id));
  };

  /** Returns what callbacks threw. */
  frame(timeMs: number): unknown[] {
    const thrown: unknown[] = [];
    for (const id of [...this.#callbacks.keys()]) {
      const callback = this.#callbacks.get(id);
      this.#callbacks.delete(id);
      try {
        callback?.call(undefined, timeMs);
      } catch (error) {
        thrown.push(error);
      }
    }
    return thrown;
  }
}

/** What a collector is given, and what it has recorded. */
class Bench {
  readonly values: Record<string, number[]> = {};
  readonly scope: Scope;
  readonly #clock: FakeClock;
  readonly #periodic: ((nowMs: number) => void)[] = [];

  constructor(registry: Registry, clock: FakeClock) {
    this.scope = registry.scope("monitor");
    this.#clock = clock;
  }

  start(collector: Collector): Scope {
    const scope = this.scope.scope(collector.name);
    const context: CollectorContext = {
      scope,
      periodMs: PERIOD_MS,
      series: (name, { unit }) => {
        this.values[name] ??= [];
        const values = this.values[name];
        return { name, unit, note: "", record: (value) => void values.push(value) };
      },
      onPeriod: (callback) => void this.#periodic.push(callback),
    };
    collector.start(context);
    return scope;
  }

  endPeriod(): void {
    for (const callback of this.#periodic) callback(this.#clock.now());
  }

  /** What was recorded since the last question. */
  take(name: string): number[] {
    return this.values[name]?.splice(0) ?? [];
  }
}

let session: SessionModule;
let clock: LateClock;
let page: FakePage;
let locks: FakeLocks;
let registry: Registry;
let bench: Bench;
let frames: FakeFrames;

beforeAll(async () => {
  session = await loadSession();
});
beforeEach(() => {
  clock = new LateClock(5000);
  page = new FakePage();
  locks = new FakeLocks();
  const platform = { window: page, document: page, locks } as unknown as Platform;
  registry = Registry.create(session, { clock, platform });
  bench = new Bench(registry, clock);
  frames = new FakeFrames();
  vi.stubGlobal("requestAnimationFrame", frames.requestAnimationFrame);
  vi.stubGlobal("cancelAnimationFrame", frames.cancelAnimationFrame);
});
afterEach(async () => {
  await registry.dispose();
  vi.unstubAllGlobals();
});

function code(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(VoicepathError);
    return (error as VoicepathError).code;
  }
  return "none";
}

describe("frames", () => {
  /** Asks for frame after frame. */
  const animate = (work = (): void => {}): void => {
    const loop = (): void => {
      work();
      requestAnimationFrame(loop);
    };
    requestAnimationFrame(loop);
  };
  const draw = (...timesMs: number[]): void => {
    for (const timeMs of timesMs) {
      clock.advance(Math.max(0, timeMs - clock.now()));
      frames.frame(timeMs);
    }
  };

  test("gaps, callbacks a frame and script time a frame", () => {
    bench.start(new Frames());
    animate(() => clock.advance(3));
    animate();
    draw(6000, 6020, 6060, 6080);
    bench.endPeriod();
    expect(bench.take("frames/gap")).toEqual([20, 40, 20]);
    expect(bench.take("frames/callbacks")).toEqual([2]);
    expect(bench.take("frames/script")).toEqual([3]);
    bench.endPeriod();
    expect(bench.take("frames/callbacks")).toEqual([]);
    animate();
    animate();
    // The two that come are in the second of these frames only: the mean is of both.
    frames.frame(6100);
    bench.endPeriod();
    expect(bench.take("frames/callbacks")).toEqual([4]);
  });

  test("without a loop, or out of sight, there are no gaps", () => {
    bench.start(new Frames());
    const once = (): void => void requestAnimationFrame(() => {});
    once();
    draw(6000);
    clock.advance(500);
    once();
    draw(6520);
    expect(bench.take("frames/gap")).toEqual([]);
    clock.advance(100);
    animate();
    draw(7000, 7016);
    expect(bench.take("frames/gap")).toEqual([16]);
    page.tell("hidden");
    draw(9000, 10_000);
    page.tell("visible");
    draw(10_016, 10_032);
    expect(bench.take("frames/gap")).toEqual([16]);
  });

  test("what the page sees is what it saw without", () => {
    bench.start(new Frames());
    const calls: unknown[][] = [];
    const note = function (this: unknown, ...args: unknown[]): void {
      calls.push([this, ...args]);
    };
    expect(requestAnimationFrame.name).toBe("requestAnimationFrame");
    expect(requestAnimationFrame.length).toBe(1);
    expect(() => requestAnimationFrame(undefined as unknown as () => void)).toThrow(TypeError);
    const ids = [1, 2, 3].map(() => requestAnimationFrame(note));
    const [first = 0, second = 0, third = 0] = ids;
    expect(first < second && second < third).toBe(true);
    cancelAnimationFrame(second);
    cancelAnimationFrame(99);
    cancelAnimationFrame(`${third}` as unknown as number);
    frames.frame(6000);
    expect(calls).toEqual([[undefined, 6000]]);

    const error = new Error("of the page");
    requestAnimationFrame(() => {
      throw error;
    });
    // One that cancels the other, in the same frame.
    requestAnimationFrame(() => cancelAnimationFrame(other));
    const other = requestAnimationFrame(note);
    expect(frames.frame(6020)).toEqual([error]);
    expect(calls).toHaveLength(1);
    bench.endPeriod();
    expect(bench.take("frames/callbacks")).toEqual([3 / 2]);
  });

  test("whatever is asked and cancelled, all is called in order, and counted", () => {
    bench.start(new Frames());
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 0x7fffffff;
      return seed % below;
    };
    const waiting = new Map<number, number>();
    const rung: number[] = [];
    let most = 0;
    let framesWithCallbacks = 0;
    for (let step = 1; step <= 5000; step++) {
      if (random(3) > 0) {
        const id = requestAnimationFrame(() => {
          rung.push(step);
          // Asks again from inside, for the next frame.
          if (step % 7 === 0)
            waiting.set(
              requestAnimationFrame(() => rung.push(-step)),
              -step,
            );
        });
        waiting.set(id, step);
      } else if (random(2) === 0) {
        const [id = 0] = [...waiting.keys()].slice(random(waiting.size + 1));
        cancelAnimationFrame(id);
        waiting.delete(id);
        if (waiting.size === 0) expect(frames.pending).toBe(0);
      } else {
        const expected = [...waiting.values()];
        waiting.clear();
        if (expected.length > 0) framesWithCallbacks++;
        frames.frame(6000 + step);
        bench.endPeriod();
        expect(bench.take("frames/callbacks")).toEqual(
          expected.length > 0 ? [expected.length] : [],
        );
        expect(rung.splice(0)).toEqual(expected);
      }
      most = Math.max(most, frames.pending);
    }
    expect(framesWithCallbacks).toBeGreaterThan(500);
    // The same functions again and again; one is asked for by each that runs.
    expect(most).toBeGreaterThan(5);
    expect(frames.functions.size).toBeLessThanOrEqual(most + 1);
  });

  test("removed, natives are put back; wrapped by others, it lets through", () => {
    const { requestAnimationFrame: request, cancelAnimationFrame: cancel } = frames;
    const scope = bench.start(new Frames());
    expect(globalThis.requestAnimationFrame).not.toBe(request);
    scope.dispose();
    expect(globalThis.requestAnimationFrame).toBe(request);
    expect(globalThis.cancelAnimationFrame).toBe(cancel);

    const again = bench.start(new Frames());
    const ours = globalThis.requestAnimationFrame;
    const theirs = (callback: FrameRequestCallback): number => ours(callback);
    globalThis.requestAnimationFrame = theirs;
    let rung = 0;
    requestAnimationFrame(() => rung++); // under way when it is removed
    again.dispose();
    expect(frames.pending).toBe(1);
    expect(globalThis.requestAnimationFrame).toBe(theirs);
    const mine = (): void => void rung++;
    requestAnimationFrame(mine);
    expect(frames.functions).toContain(mine);
    frames.frame(6000);
    expect(rung).toBe(2);
    expect(bench.take("frames/callbacks")).toEqual([]);
  });
});

describe("the loop", () => {
  test("how late timers ring", () => {
    bench.start(new LoopLag({ everyMs: 100 }));
    clock.advance(1000);
    expect(Math.max(...bench.take("loop/lag"))).toBeLessThanOrEqual(1);
    // The next ring is on its way; the one that is due after 200 ms comes after 350.
    const stillUntilMs = clock.now() + 350;
    clock.ringsMs = (dueMs) => Math.max(dueMs, stillUntilMs);
    clock.advance(1000);
    const late = bench.take("loop/lag");
    expect(Math.abs(Math.max(...late) - 150)).toBeLessThanOrEqual(2);
    expect(late.filter((ms) => ms > 1)).toHaveLength(1);
    // A loop that is always late is late each time.
    clock.ringsMs = (dueMs) => dueMs + 40;
    clock.advance(200);
    bench.take("loop/lag");
    clock.advance(1000);
    for (const ms of bench.take("loop/lag")) expect(Math.abs(ms - 40)).toBeLessThanOrEqual(2);
  });

  test("hidden, late is no lag; on whole seconds, it is throttled", () => {
    bench.start(new LoopLag({ everyMs: 100 }));
    bench.endPeriod();
    page.tell("hidden");
    clock.ringsMs = (dueMs) => Math.ceil(dueMs / 1000) * 1000 + 7;
    clock.advance(10_000);
    bench.endPeriod();
    expect(Math.max(0, ...bench.take("loop/lag"))).toBeLessThanOrEqual(1);
    const throttled = bench.take("loop/throttled");
    expect(throttled.length).toBeGreaterThanOrEqual(8);
    clock.ringsMs = (dueMs) => Math.ceil(dueMs / 60_000) * 60_000;
    clock.advance(180_000);
    expect(bench.take("loop/throttled").length).toBeGreaterThanOrEqual(3);
    // Late, but at no particular time: another program has the processor.
    clock.ringsMs = (dueMs) => dueMs + 430;
    clock.advance(1000);
    bench.take("loop/throttled");
    clock.advance(10_000);
    expect(bench.take("loop/throttled")).toEqual([]);
    clock.ringsMs = (dueMs) => dueMs;
    page.tell("visible");
    clock.advance(1000);
    bench.endPeriod();
    expect(Math.max(...bench.take("loop/lag"))).toBeLessThanOrEqual(1);
    expect(bench.take("page/hidden")).toEqual([0, 1, 0]);
  });
});

describe("pauses", () => {
  test("time is counted once, and goes to a collection that was noticed with it", () => {
    const pauses = new Pauses();
    pauses.pause(0, 10); // nobody listens yet
    bench.start(pauses);
    pauses.pause(1000, 1100);
    pauses.pause(1050, 1130);
    pauses.pause(1020, 1090);
    expect(bench.take("pauses/time")).toEqual([100, 30]);
    // Noticed just after both.
    pauses.collection(1135);
    expect(bench.take("heap/collection-time")).toEqual([100, 30]);
    pauses.collection(1136);
    expect(bench.take("heap/collection-time")).toEqual([]);
    // Before the frame says that it is late.
    pauses.collection(2050);
    pauses.pause(2000, 2060);
    expect(bench.take("heap/collection-time")).toEqual([60]);
    // One long before, one long after.
    pauses.collection(2900);
    pauses.pause(3000, 3040);
    pauses.collection(3200);
    expect(bench.take("heap/collection-time")).toEqual([]);
    expect(bench.take("pauses/time")).toEqual([60, 40]);
  });

  test("the usual is the median, and little above it is no pause", () => {
    const usual = new Usual(1000 / 60);
    // 30 frames a second, and each tenth 80 ms late.
    const excess = Array.from({ length: 400 }, (_, i) => usual.excess(i % 10 === 9 ? 113 : 33));
    const late = excess.slice(200).filter((ms) => ms > 0);
    expect(late).toHaveLength(20);
    for (const ms of late) expect(Math.abs(ms - 80)).toBeLessThan(3);
  });

  test("late frames and late timers are pauses", () => {
    const pauses = new Pauses();
    for (const collector of [pauses, new Frames(pauses), new LoopLag({ everyMs: 100, pauses })])
      bench.start(collector);
    const loop = (): void => void requestAnimationFrame(loop);
    loop();
    for (let timeMs = 6000; timeMs < 6100; timeMs += 16) frames.frame(timeMs);
    frames.frame(6096 + 216);
    expect(bench.take("pauses/time").map(Math.round)).toEqual([200]);
  });
});

describe("counts", () => {
  test("of the registry: kinds as they come, and all", () => {
    bench.start(new RegistryCounts({ kinds: ["timeout", "socket", "thing"] }));
    const app = registry.scope("app");
    bench.endPeriod();
    const [before = Number.NaN] = bench.take("registry/open");
    expect(bench.values).not.toHaveProperty("registry/timeout");
    for (let i = 0; i < 7; i++) app.timeout(() => {}, 1000);
    const thing = app.defer(() => {}, { kind: "thing" });
    bench.endPeriod();
    thing.dispose();
    bench.endPeriod();
    expect(bench.take("registry/open")).toEqual([before + 8, before + 7]);
    expect(bench.take("registry/timeout")).toEqual([7, 7]);
    expect(bench.take("registry/timers")).toEqual([0, 7, 7]);
    expect(bench.take("registry/thing")).toEqual([1, 0]);
    expect(bench.values).not.toHaveProperty("registry/socket");
    expect(bench.take("wasm/bytes")).toEqual(Array(3).fill(session.memoryBytes));
  });

  test("of a player's underruns", () => {
    const audio = new AudioUnderruns();
    const listeners = new Set<() => void>();
    const player = {
      on: (_type: string, listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    } as unknown as Parameters<AudioUnderruns["watch"]>[0];
    const tell = (): void => {
      for (const listener of listeners) listener();
    };
    const unwatch = audio.watch(player);
    tell();
    const scope = bench.start(audio);
    tell();
    tell();
    expect(bench.take("audio/underruns")).toEqual([1, 1]);
    unwatch();
    tell();
    audio.watch(player);
    scope.dispose();
    tell();
    expect(bench.take("audio/underruns")).toEqual([]);
  });
});

describe("sockets", () => {
  class PageSocket extends EventTarget {
    static readonly OPEN = 1;
    readonly url: string;

    constructor(url: string) {
      super();
      this.url = url;
    }

    tell(type: "open" | "close"): void {
      this.dispatchEvent(new Event(type));
    }
  }
  const socket = (url: string): PageSocket =>
    new (globalThis.WebSocket as unknown as typeof PageSocket)(url);

  beforeEach(() => void vi.stubGlobal("WebSocket", PageSocket));

  test("opens in the last minute, and how long each was open", () => {
    bench.start(new Sockets());
    const first = socket("ws://a");
    expect(first).toBeInstanceOf(PageSocket);
    first.tell("open");
    clock.advance(30_000);
    for (let i = 0; i < 3; i++) socket("ws://b").tell("close");
    bench.endPeriod();
    expect(bench.take("socket/opens")).toEqual([4]);
    expect(bench.take("socket/uptime")).toEqual([0, 0, 0]);
    clock.advance(31_000);
    first.tell("close");
    bench.endPeriod();
    clock.advance(30_000);
    bench.endPeriod();
    expect(bench.take("socket/opens")).toEqual([3, 0]);
    expect(bench.take("socket/uptime")).toEqual([61_000]);
  });

  test("the wrapper is a WebSocket class; removed, it is gone", () => {
    const scope = bench.start(new Sockets());
    const { WebSocket } = globalThis;
    expect(WebSocket).not.toBe(PageSocket);
    expect(WebSocket.OPEN).toBe(1);
    expect(WebSocket.name).toBe("PageSocket");
    class Own extends (WebSocket as unknown as typeof PageSocket) {
      readonly own = true;
    }
    const own = new Own("ws://c");
    expect(own).toBeInstanceOf(Own);
    expect(own).toBeInstanceOf(WebSocket);
    expect([own.own, own.url, own.constructor]).toEqual([true, "ws://c", Own]);
    expect(socket("ws://d").constructor).toBe(WebSocket);
    bench.endPeriod();
    expect(bench.take("socket/opens")).toEqual([2]);
    scope.dispose();
    expect(globalThis.WebSocket).toBe(PageSocket);
    expect(PageSocket.prototype.constructor).toBe(PageSocket);
    new Own("ws://e").tell("close");
    expect(bench.take("socket/uptime")).toEqual([]);
  });

  test("round trips that the application tells", () => {
    const sockets = new Sockets();
    sockets.recordRoundTrip(5);
    const scope = bench.start(sockets);
    sockets.recordRoundTrip(12.5);
    for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY, "5"])
      expect(code(() => sockets.recordRoundTrip(wrong as number))).toBe("OPTION");
    scope.dispose();
    sockets.recordRoundTrip(7);
    expect(bench.take("socket/round-trip")).toEqual([12.5]);
    expect(bench.take("socket/waiting")).toEqual([12.5]);
  });
});

describe("tabs", () => {
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

  test("by a lock that is given up where a page may not have one", async () => {
    const { request } = locks;
    locks.request = (name, options, callback) => {
      expect([name, (options as { mode?: string }).mode]).toEqual(["voicepath-tab", "shared"]);
      return request.call(locks, name, options, callback);
    };
    const scope = bench.start(new Tabs());
    await settle();
    expect(locks.size).toBe(1);
    for (const [event, size] of [
      ["pagehide", 0],
      ["pageshow", 1],
      ["freeze", 0],
      ["resume", 1],
      ["resume", 1],
    ] as const) {
      page.tell(event);
      await settle();
      expect(locks.size, event).toBe(size);
    }
    scope.dispose();
    await settle();
    expect(locks.size).toBe(0);
  });

  test("counted every few periods", async () => {
    locks.query = async () => ({
      held: [{ name: "voicepath-tab" }, { name: "other" }, { name: "voicepath-tab" }],
      pending: [{ name: "voicepath-tab" }],
    });
    bench.start(new Tabs({ everyPeriods: 3 }));
    for (let i = 0; i < 7; i++) {
      bench.endPeriod();
      await settle();
    }
    expect(bench.take("tabs/open")).toEqual([2, 2, 2]);
  });

  test("without locks they answer each other", async () => {
    const tabs = Array.from({ length: 3 }, () => new TabCensus("voicepath-test"));
    expect(await tabs[0]?.count()).toBe(0);
    const counts = (): Promise<number[]> => Promise.all(tabs.map((tab) => tab.count()));
    tabs[0]?.enter();
    expect(await counts()).toEqual([1, 0, 0]);
    for (const tab of tabs) tab.enter();
    expect(await counts()).toEqual([3, 3, 3]);
    tabs[1]?.leave();
    expect(await counts()).toEqual([2, 0, 2]);
    for (const tab of tabs) tab.leave();
  });
});

test("where there is no browser, nothing happens and nothing stays", async () => {
  vi.unstubAllGlobals();
  const here = Registry.create(session, { clock });
  const own = new Bench(here, clock);
  void PerformanceObserver; // of Node's lazy ones
  const before = Object.getOwnPropertyDescriptors(globalThis);
  for (const collector of pageCollectors()) own.start(collector);
  own.endPeriod();
  await own.scope.dispose();
  expect(Object.getOwnPropertyDescriptors(globalThis)).toEqual(before);
  for (const name of ["frames/gap", "page/hidden", "heap/used", "gl/draws", "tabs/open"])
    expect(Object.keys(own.values)).not.toContain(name);
  expect(Object.keys(own.values)).toContain("loop/lag");
  expect(here.active()).toBe(0);
  await here.dispose();
});

test("own collectors stand in the place of those that are called like them", () => {
  const audio = new AudioUnderruns();
  const sockets = new Sockets();
  const names = pageCollectors().map(({ name }) => name);
  const all = pageCollectors([sockets, audio]);
  expect(new Set(names).size).toBe(names.length);
  expect(all.map(({ name }) => name)).toEqual([...names, "audio"]);
  expect(all).toContain(sockets);
});

test("wrong options are named", () => {
  const wrong: (() => unknown)[] = [
    () => new LoopLag({ everyMs: 9 }),
    () => new LoopLag({ everyMs: Number.NaN }),
    () => new Heap({ everyPeriods: 0 }),
    () => new Heap({ measureEveryMs: 30 }),
    () => new Tabs({ everyPeriods: 1.5 }),
    () => new StorageUse({ everyPeriods: -1 }),
    () => new RegistryCounts({ kinds: [1] as unknown as string[] }),
  ];
  for (const make of wrong) expect(code(make), String(make)).toBe("OPTION");
});
