/** Scopes, timers and everything else that must end, on a fake clock. */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  FakeClock,
  loadSession,
  Registry,
  type Scope,
  type SessionModule,
  VoicepathError,
} from "../../dist/index.js";

let session: SessionModule;
let clock: FakeClock;
let registry: Registry;
let scope: Scope;

beforeAll(async () => {
  session = await loadSession();
});
beforeEach(() => {
  clock = new FakeClock(12_345.6);
  registry = Registry.create(session, { clock });
  scope = registry.scope("page");
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

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "resolved",
    (error: unknown) => (error instanceof VoicepathError ? error.code : error),
  );

const later = <T>(): { promise: Promise<T>; resolve(value: T): void; reject(e: unknown): void } => {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};

describe("timers", () => {
  test("a timeout fires once, never early, and is then gone", () => {
    const times: number[] = [];
    scope.timeout(() => times.push(clock.now()), 1000);
    clock.advance(999.9);
    expect(times).toEqual([]);
    clock.advance(2);
    expect(times).toHaveLength(1);
    expect(times[0]).toBeGreaterThanOrEqual(13_345.6);
    expect(times[0]).toBeLessThan(13_347.6);
    clock.advance(1e6);
    expect(times).toHaveLength(1);
    expect(registry.active("timeout")).toBe(0);
  });

  test("an interval keeps its beat, and does not fire in bursts after a sleep", () => {
    const times: number[] = [];
    const interval = scope.interval(() => times.push(clock.now()), 100);
    clock.advance(1000);
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([
      0, 100, 200, 300, 400, 500, 600, 700, 800,
    ]);
    const late = vi.spyOn(clock, "now").mockReturnValue(clock.now() + 1e6);
    interval.dispose();
    late.mockRestore();
    clock.advance(1000);
    expect(times).toHaveLength(9);
  });

  test("timers of the same ms fire in the order of starting", () => {
    const order: number[] = [];
    for (let i = 0; i < 1000; i++)
      scope.timeout(() => order.push(i), 50 + (i % 2 === 0 ? 0.2 : 0.4));
    clock.advance(100);
    expect(order).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });

  test("a timer starts, restarts and stops", () => {
    let fired = 0;
    const timer = scope.timer(() => fired++);
    timer.start(10);
    clock.advance(5);
    timer.start(10);
    clock.advance(8);
    expect(fired).toBe(0);
    clock.advance(4);
    expect(fired).toBe(1);
    timer.start(10);
    timer.stop();
    clock.advance(100);
    expect(fired).toBe(1);
    expect(timer.disposed).toBe(false);
    timer.start(1);
    clock.advance(3);
    expect(fired).toBe(2);
  });

  test("a hundred thousand of them share one alarm of the platform", () => {
    for (let i = 0; i < 100_000; i++) scope.timeout(() => {}, 1000 + i);
    registry.stats();
    clock.advance(0);
    expect(clock.pending).toBe(1);
    expect(registry.stats().timers).toBe(100_000);
  });

  test("slack lets timers fall together, and never makes one early", () => {
    const start = clock.now();
    const times = new Set<number>();
    const late: number[] = [];
    for (let i = 0; i < 50; i++) {
      const delayMs = 1000 + i;
      scope.timeout(
        () => {
          times.add(clock.now());
          late.push(clock.now() - start - delayMs);
        },
        delayMs,
        { slackMs: 200 },
      );
    }
    clock.advance(2000);
    expect(late).toHaveLength(50);
    for (const ms of late) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(202);
    }
    expect(times.size).toBeLessThanOrEqual(2);
  });

  test("a callback that throws is reported, and harms no other", () => {
    const reported: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
    try {
      let fired = 0;
      scope.timeout(() => {
        throw new Error("boom");
      }, 1);
      scope.timeout(() => fired++, 1);
      clock.advance(5);
      expect(fired).toBe(1);
      expect(reported).toEqual([new Error("boom")]);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("what a callback disposes of does not fire, though it was due at the same time", () => {
    const fired: string[] = [];
    scope.timeout(() => {
      fired.push("first");
      second.dispose();
    }, 10);
    const second = scope.timeout(() => fired.push("second"), 10);
    clock.advance(20);
    expect(fired).toEqual(["first"]);
  });

  test("a callback that starts itself over does not keep the clock from going on", () => {
    let fired = 0;
    const timer = scope.timer(() => {
      fired++;
      timer.start(0);
    });
    timer.start(0);
    clock.advance(100);
    expect(fired).toBeGreaterThan(40);
    expect(fired).toBeLessThanOrEqual(101);
  });

  test("wrong delays are named", () => {
    for (const delayMs of [-1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])
      expect(code(() => scope.timeout(() => {}, delayMs))).toBe("OPTION");
    expect(code(() => scope.interval(() => {}, 0))).toBe("OPTION");
    expect(code(() => scope.timeout("code" as unknown as () => void, 1))).toBe("OPTION");
    expect(code(() => scope.timeout(() => {}, 1, { slackMs: -1 }))).toBe("OPTION");
    expect(code(() => scope.scope(""))).toBe("OPTION");
    expect(registry.active()).toBe(1);
  });
});

describe("frames", () => {
  test("all loops share one request; false and dispose end them", () => {
    const frames = { a: 0, b: 0 };
    scope.raf(() => ++frames.a < 3);
    const b = scope.raf(() => {
      frames.b++;
    });
    expect(clock.pending).toBe(1);
    clock.advance(101);
    expect(frames.a).toBe(3);
    expect(frames.b).toBe(6);
    b.dispose();
    clock.advance(100);
    expect(frames.b).toBe(6);
    expect(registry.active("frame")).toBe(0);
    expect(clock.pending).toBeLessThanOrEqual(1);
  });
});

describe("disposal", () => {
  test("ends what was opened last first, children before their owners", async () => {
    const order: string[] = [];
    scope.defer(() => order.push("1"));
    const child = scope.scope("child");
    child.defer(() => order.push("2.1"));
    const grandchild = child.scope("grandchild");
    grandchild.defer(() => order.push("2.2.1"));
    child.defer(() => order.push("2.3"));
    scope.defer(() => order.push("3"));
    const report = await scope.dispose();
    expect(order).toEqual(["3", "2.3", "2.2.1", "2.1", "1"]);
    expect(report).toEqual({ closed: 5, late: [], errors: null });
    expect([scope, child, grandchild].map(({ disposed }) => disposed)).toEqual([true, true, true]);
    expect(registry.active()).toBe(0);
  });

  test("every disposer runs, and all errors are told", async () => {
    const failures: unknown[] = [];
    registry.on("failure", ({ name, error }) => failures.push([name, error]));
    const closed: number[] = [];
    scope.defer(() => closed.push(1));
    scope.defer(
      () => {
        throw new Error("sync");
      },
      { name: "sync" },
    );
    scope.defer(() => closed.push(2));
    scope.defer(() => Promise.reject(new Error("async")), { name: "async" });
    scope.defer(() => closed.push(3));
    const { errors, closed: count, late } = await scope.dispose();
    expect(closed).toEqual([3, 2, 1]);
    expect(errors).toBeInstanceOf(AggregateError);
    expect(errors?.errors).toEqual([new Error("sync"), new Error("async")]);
    expect([count, late]).toEqual([5, []]);
    expect(failures).toEqual([
      ["page/sync", new Error("sync")],
      ["page/async", new Error("async")],
    ]);
    expect(registry.active()).toBe(0);
  });

  test("waits for the slow until the deadline and names the late", async () => {
    const fast = later<void>();
    const slow = later<void>();
    const lateNames: string[] = [];
    registry.on("late", ({ name }) => lateNames.push(name));
    scope.defer(() => slow.promise, { name: "slow" });
    scope.defer(() => fast.promise, { name: "fast" });
    scope.timeout(() => {}, 10);
    const disposing = scope.dispose({ deadlineMs: 200 });
    fast.resolve();
    await clock.advanceAsync(150);
    expect(registry.active()).toBe(2);
    await clock.advanceAsync(100);
    expect(await disposing).toEqual({ closed: 2, late: ["page/slow"], errors: null });
    expect(lateNames).toEqual(["page/slow"]);
    const { late, active, closing } = registry.stats();
    expect([late, active, closing]).toEqual([1, 3, 2]);
    expect(registry.tree().children[0]?.children).toMatchObject([
      { name: "page/slow", phase: "closing", late: true },
    ]);
    slow.resolve();
    await clock.advanceAsync(0);
    expect(registry.active()).toBe(0);
  });

  test("tells everything to end before it returns", () => {
    const told: string[] = [];
    scope.defer(() => {
      told.push("microphone");
    });
    scope.defer(() => {
      told.push("socket");
      return new Promise(() => {});
    });
    void scope.dispose();
    expect(told).toEqual(["socket", "microphone"]);
  });

  test("again is harmless, gives the same promise, and is counted", async () => {
    const timer = scope.timeout(() => {}, 10);
    timer.dispose();
    timer.dispose();
    timer[Symbol.dispose]();
    const first = scope.dispose();
    expect(scope.dispose()).toBe(first);
    await first;
    expect(registry.stats().kinds["timeout"]?.doubleClosed).toBe(2);
    expect(registry.stats().kinds["scope"]?.doubleClosed).toBe(1);
  });

  test("afterwards nothing can be opened, and that is counted", async () => {
    const child = scope.scope("child");
    await scope.dispose();
    for (const ended of [scope, child]) {
      expect(code(() => ended.timeout(() => {}, 1))).toBe("DISPOSED");
      expect(code(() => ended.interval(() => {}, 1))).toBe("DISPOSED");
      expect(code(() => ended.raf(() => {}))).toBe("DISPOSED");
      expect(code(() => ended.scope("more"))).toBe("DISPOSED");
      expect(code(() => ended.defer(() => {}))).toBe("DISPOSED");
      expect(code(() => ended.listen(new EventTarget(), "x", () => {}))).toBe("DISPOSED");
      expect(
        await rejection(
          ended.acquire(
            "lock",
            () => 1,
            () => {},
          ),
        ),
      ).toBe("DISPOSED");
    }
    expect(registry.stats().refused).toBe(14);
    expect(registry.active()).toBe(0);
  });

  test("nothing calls back afterwards", async () => {
    const calls: string[] = [];
    const target = new EventTarget();
    scope.timeout(() => calls.push("timeout"), 5);
    scope.interval(() => calls.push("interval"), 5);
    scope.raf(() => calls.push("frame"));
    scope.listen(target, "ping", () => calls.push("event"));
    clock.advance(1);
    void scope.dispose();
    target.dispatchEvent(new Event("ping"));
    await clock.advanceAsync(1000);
    expect(calls).toEqual([]);
  });

  test("a disposer may dispose of others and of its own scope", async () => {
    const order: string[] = [];
    const child = scope.scope("child");
    child.defer(() => order.push("child"));
    const first = scope.defer(() => order.push("first"));
    scope.defer(() => {
      order.push("last");
      first.dispose();
      void child.dispose();
      void scope.dispose();
    });
    const { closed } = await scope.dispose();
    expect(order).toEqual(["last", "first", "child"]);
    expect(closed).toBe(3);
    expect(registry.active()).toBe(0);
  });

  test("a disposer that opens something in its scope is refused", async () => {
    scope.defer(() => scope.timeout(() => {}, 1));
    const { errors } = await withFailures(() => scope.dispose());
    expect(errors?.errors).toMatchObject([{ code: "DISPOSED" }]);
    expect(registry.active()).toBe(0);
  });

  test("a part that ends slowly holds up the whole that ends after it", async () => {
    const slow = later<void>();
    const child = scope.scope("child");
    child.defer(() => slow.promise);
    void child.dispose({ deadlineMs: 10 });
    await clock.advanceAsync(20);
    let done = false;
    void scope.dispose({ deadlineMs: 1000 }).then(() => {
      done = true;
    });
    await clock.advanceAsync(100);
    expect(done).toBe(false);
    slow.resolve();
    await clock.advanceAsync(1);
    expect(done).toBe(true);
    expect(registry.active()).toBe(0);
  });

  test("using ends it, and throws what its disposers throw", async () => {
    const ended: string[] = [];
    {
      using inner = registry.scope("inner");
      inner.defer(() => ended.push("sync"));
    }
    {
      await using inner = registry.scope("inner");
      inner.defer(async () => {
        await Promise.resolve();
        ended.push("async");
      });
    }
    expect(ended).toEqual(["sync", "async"]);
    const failing = registry.scope("failing");
    failing.defer(() => {
      throw new Error("boom");
    });
    registry.on("failure", () => {});
    expect(() => failing[Symbol.dispose]()).toThrow(AggregateError);
    expect(registry.active()).toBe(1);
  });

  test("the end of the registry is the end of everything, and gives its memory back", async () => {
    const used = session.usedBytes;
    const other = Registry.create(session, { clock });
    const ended: number[] = [];
    for (let i = 0; i < 5000; i++) other.scope("many").defer(() => ended.push(i));
    expect(session.usedBytes).toBeGreaterThan(used);
    await other.dispose();
    expect(ended).toHaveLength(5000);
    expect(session.usedBytes).toBe(used);
    expect(code(() => other.scope("more"))).toBe("DISPOSED");
    expect(code(() => other.stats())).toBe("DISPOSED");
    await other.dispose();
  });
});

async function withFailures<T>(action: () => Promise<T>): Promise<T> {
  const off = registry.on("failure", () => {});
  try {
    return await action();
  } finally {
    off();
  }
}

describe("acquire", () => {
  test("opens, and closes with the scope", async () => {
    const closed: number[] = [];
    const lock = await scope.acquire(
      "lock",
      async () => 7,
      (value) => closed.push(value),
    );
    expect(lock.value).toBe(7);
    expect(registry.active("lock")).toBe(1);
    await scope.dispose();
    expect(closed).toEqual([7]);
    expect(code(() => lock.value)).toBe("DISPOSED");
  });

  test("disposed of while opening: rejects at once, closes what arrives, and waits for it", async () => {
    const opening = later<string>();
    const closed: string[] = [];
    let signal: AbortSignal | undefined;
    const acquired = scope.acquire(
      "microphone",
      (given) => {
        signal = given;
        return opening.promise;
      },
      (value) => closed.push(value),
    );
    const disposing = scope.dispose();
    expect(await rejection(acquired)).toBe("DISPOSED");
    expect(signal?.aborted).toBe(true);
    expect(registry.active("microphone")).toBe(1);
    opening.resolve("live");
    expect(await disposing).toEqual({ closed: 1, late: [], errors: null });
    expect(closed).toEqual(["live"]);
    expect(registry.active()).toBe(0);
  });

  test("a failure to open leaves nothing, and closes nothing", async () => {
    const closed: unknown[] = [];
    const close = (value: unknown): unknown => closed.push(value);
    const boom = new Error("boom");
    expect(await rejection(scope.acquire("lock", () => Promise.reject(boom), close))).toBe(boom);
    const thrown = scope.acquire(
      "lock",
      () => {
        throw boom;
      },
      close,
    );
    expect(await rejection(thrown)).toBe(boom);
    const opening = later<void>();
    const abandoned = scope.acquire("lock", () => opening.promise, close);
    void abandoned.catch(() => {});
    const disposing = scope.dispose();
    opening.reject(boom);
    expect(await disposing).toEqual({ closed: 1, late: [], errors: null });
    expect(closed).toEqual([]);
    expect(registry.active()).toBe(0);
  });
});

describe("tasks", () => {
  test("resolve with their work's value and are then gone", async () => {
    expect(await scope.task(async () => 5)).toBe(5);
    expect(await scope.task(Promise.resolve(6))).toBe(6);
    const boom = new Error("boom");
    expect(await rejection(scope.task(() => Promise.reject(boom)))).toBe(boom);
    expect(registry.active("task")).toBe(0);
  });

  test("are given up with their scope, which waits for the work itself", async () => {
    const cleanedUp = later<void>();
    let aborted = false;
    const task = scope.task(async (signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      aborted = true;
      await cleanedUp.promise;
      return "too late";
    });
    let done = false;
    const disposing = scope.dispose().then((report) => {
      done = true;
      return report;
    });
    expect(await rejection(task)).toBe("DISPOSED");
    await clock.advanceAsync(10);
    expect([aborted, done]).toEqual([true, false]);
    cleanedUp.resolve();
    expect(await disposing).toEqual({ closed: 1, late: [], errors: null });
  });

  test("a deadline gives them up and names them", async () => {
    const late: string[] = [];
    registry.on("late", ({ name }) => late.push(name));
    const finished = later<void>();
    const task = scope.task(() => finished.promise, { deadlineMs: 100, name: "synthesis" });
    const outcome = rejection(task);
    await clock.advanceAsync(102);
    expect(await outcome).toBe("DEADLINE");
    expect(late).toEqual(["page/synthesis"]);
    expect(registry.active("task")).toBe(1);
    finished.resolve();
    await clock.advanceAsync(0);
    expect(registry.active("task")).toBe(0);
    expect(registry.stats().kinds["task"]?.late).toBe(1);
  });
});

describe("adapters", () => {
  test("an AbortSignal ends a scope, and a scope aborts its signal", async () => {
    const life = new AbortController();
    const inner = registry.scope("inner", { signal: life.signal });
    const { signal } = inner;
    expect(signal.aborted).toBe(false);
    life.abort();
    expect([inner.disposed, signal.aborted]).toEqual([true, true]);
    expect(registry.scope("inner", { signal: life.signal }).disposed).toBe(true);
    await clock.advanceAsync(0);
    expect(registry.active()).toBe(1);
  });

  test("RxJS subscriptions, both ways", async () => {
    const { Subject, Subscription } = await import("rxjs");
    const subject = new Subject<number>();
    const seen: number[] = [];
    scope.use(subject.subscribe((value) => seen.push(value)));
    subject.next(1);
    const inner = scope.scope("inner");
    const subscription = new Subscription();
    subscription.add(inner);
    subscription.unsubscribe();
    expect(inner.disposed).toBe(true);
    await scope.dispose();
    subject.next(2);
    expect(seen).toEqual([1]);
    expect(subject.observed).toBe(false);
  });

  test("Disposable, AsyncDisposable and dispose(), in and out", async () => {
    const ended: string[] = [];
    scope.use({ [Symbol.dispose]: () => ended.push("sync") });
    scope.use({
      [Symbol.asyncDispose]: async () => {
        ended.push("async");
      },
    });
    scope.use({ dispose: () => ended.push("dispose") });
    expect(code(() => scope.use({} as Disposable))).toBe("OPTION");
    await scope.dispose();
    expect(ended).toEqual(["dispose", "async", "sync"]);
  });

  test("observers are disconnected", async () => {
    const calls: unknown[] = [];
    const observer = {
      observe: (...args: [target: string, box?: string]) => calls.push(args),
      disconnect: () => calls.push("disconnect"),
    };
    scope.observe(observer, "element", "border-box");
    await scope.dispose();
    expect(calls).toEqual([["element", "border-box"], "disconnect"]);
  });

  test("a listener with once is gone after its event", () => {
    const target = new EventTarget();
    let calls = 0;
    scope.listen(target, "ping", () => calls++, { once: true });
    target.dispatchEvent(new Event("ping"));
    target.dispatchEvent(new Event("ping"));
    expect(calls).toBe(1);
    expect(registry.active("listener")).toBe(0);
  });
});

describe("statistics", () => {
  test("count by kind and by site", async () => {
    for (let i = 0; i < 3; i++) scope.timeout(() => {}, 100, { name: "poll" });
    scope.timeout(() => {}, 5, { name: "once" });
    clock.advance(20);
    const stats = registry.stats();
    expect(stats.kinds["timeout"]).toEqual({
      opened: 4,
      active: 3,
      finished: 1,
      peak: 4,
      closing: 0,
      late: 0,
      doubleClosed: 0,
      refused: 0,
    });
    expect(stats.active).toBe(5);
    expect(registry.report().find(({ name }) => name === "page/poll")).toMatchObject({
      kind: "timeout",
      active: 3,
    });
    expect(registry.stats(stats)).toBe(stats);
  });

  test("a mark tells what grew since", () => {
    const leak = (): unknown => scope.interval(() => {}, 1000, { name: "leak" });
    leak();
    const mark = registry.mark();
    expect(registry.since(mark)).toEqual([]);
    leak();
    leak();
    scope.timeout(() => {}, 1, { name: "clean" }).dispose();
    for (let i = 0; i < 200; i++) scope.defer(() => {}, { name: `site ${i}` }).dispose();
    const grown = registry.since(mark).filter(({ growth }) => growth > 0);
    expect(grown).toEqual([
      { kind: "interval", name: "page/leak", opened: 2, finished: 0, growth: 2, stack: undefined },
    ]);
    expect(registry.since(mark)).toHaveLength(202);
  });

  test("a threshold event names the first five, once until it was below", async () => {
    const events: unknown[] = [];
    registry.on("threshold", (event) => events.push(event));
    const tasks = Array.from({ length: 20 }, (_, i) => {
      const task = later<void>();
      void scope.task(task.promise, { name: `task ${i}` });
      return task;
    });
    await clock.advanceAsync(0);
    expect(events).toEqual([]);
    const one = later<void>();
    void scope.task(one.promise);
    await clock.advanceAsync(0);
    expect(events).toEqual([
      {
        kind: "task",
        active: 21,
        threshold: 20,
        names: [0, 1, 2, 3, 4].map((i) => `page/task ${i}`),
      },
    ]);
    void scope.task(one.promise);
    await clock.advanceAsync(0);
    expect(events).toHaveLength(1);
    one.resolve();
    for (const task of tasks) task.resolve();
    await clock.advanceAsync(0);
    for (let i = 0; i < 21; i++) void scope.task(new Promise(() => {}));
    await clock.advanceAsync(0);
    expect(events).toHaveLength(2);
  });

  test("thresholds can be set, and wrong ones are named", async () => {
    const strict = Registry.create(session, { clock, thresholds: { socket: 1, default: 1000 } });
    const kinds: string[] = [];
    strict.on("threshold", ({ kind }) => kinds.push(kind));
    const inner = strict.scope("inner");
    for (let i = 0; i < 2; i++) inner.adopt(0, () => {}, { kind: "socket" });
    for (let i = 0; i < 900; i++) inner.timeout(() => {}, 5);
    await clock.advanceAsync(0);
    expect(kinds).toEqual(["socket"]);
    for (const thresholds of [-1, 1.5, { task: Number.NaN }, "many" as unknown as number])
      expect(code(() => Registry.create(session, { clock, thresholds }))).toBe("OPTION");
  });

  test("in development, a report says where in the code", () => {
    const development = Registry.create(session, { clock, development: true });
    const inner = development.scope("inner");
    const startPolling = (): unknown => inner.interval(() => {}, 1000);
    startPolling();
    startPolling();
    const site = development.report().find(({ kind }) => kind === "interval");
    expect(site?.active).toBe(2);
    expect(site?.stack?.split("\n")[0]).toMatch(/startPolling.*registry\.test\.ts/);
  });

  test("more kinds than there can be is a named error", () => {
    const open = (): void => {
      for (let i = 0; i < 80; i++) scope.adopt(i, () => {}, { kind: `kind ${i}` });
    };
    expect(code(open)).toBe("VP_E_KIND");
  });

  test("more sites than there can be share one", () => {
    for (let i = 0; i < 66_000; i++) scope.defer(() => {}, { name: `site ${i}` }).dispose();
    expect(registry.stats().kinds["resource"]).toMatchObject({ opened: 66_000, active: 0 });
    expect(registry.report().length).toBeLessThanOrEqual(65_536);
  });
});
