/** The development guard: each leak of the table is found, nothing clean is, and nothing changes. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSession, Registry } from "voicepath";
import { instrument } from "voicepath/instrument";
import { WebSocketServer } from "ws";
import { SOFTWARE_GL } from "../../tools/chromium.js";
import { leakClasses } from "./pages/instrument-leaks.js";
import { openSite, type Site } from "./site.js";

/** Lets the guard ask the collector about WebAssembly memories. */
const GC = "--js-flags=--expose-gc";
const CYCLES = 4;

let server: Server;
let sockets: WebSocketServer;
let port: number;
let site: Site;
let page: Page;

async function openPage(on: Site): Promise<Page> {
  const opened = await on.open("instrument.html");
  await opened.context().grantPermissions(["microphone", "camera"]);
  await opened.evaluate((port) => window.guarded.setUp(port), port);
  return opened;
}

beforeAll(async () => {
  server = createServer((_, response) => {
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "access-control-allow-origin": "*",
    });
    response.write(": open\n\n");
  });
  sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
  site = await openSite({ args: [...SOFTWARE_GL, GC] });
});
afterAll(async () => {
  await site.close();
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  page = await openPage(site);
});
afterEach(() => page.close());

describe("leaks", () => {
  test.each(Object.keys(leakClasses))("%s", async (name) => {
    const found = await page.evaluate(
      async ({ name, count }) => {
        const { guard } = window.guarded.guard();
        const { cycles } = window.guarded;
        const clean = await cycles(guard, name, true, count);
        return { clean, leaks: await cycles(guard, name, false, count) };
      },
      { name, count: CYCLES },
    );
    expect(found.clean).toEqual([]);
    const { leaves = [] } = leakClasses[name] ?? {};
    const seen = found.leaks.map(({ kind, growth, bytes }) => ({ kind, growth, bytes: bytes > 0 }));
    expect(new Set(seen)).toEqual(
      new Set(
        leaves.map(([kind, , count]) => ({
          kind,
          growth: count * CYCLES,
          bytes: kind === "wasmMemory",
        })),
      ),
    );
    for (const [kind, at] of leaves) {
      const leak = found.leaks.find((one) => one.kind === kind);
      expect(leak?.site).toMatch(new RegExp(`\\b${at}\\b.*/instrument-leaks\\.ts:\\d+:\\d+\\)?$`));
      expect(leak?.stack.split("\n")[0]).toBe(leak?.site);
    }
  });

  test("a memory that grows with every cycle", async () => {
    const found = await page.evaluate(async () => {
      const { guard } = window.guarded.guard();
      const { memory } = (await WebAssembly.instantiate(window.guarded.ready().wasm))
        .exports as Record<"memory", WebAssembly.Memory>;
      const before = guard.wasmBytes();
      const mark = guard.mark();
      const clean = await guard.leaks(mark);
      for (let cycle = 0; cycle < 4; cycle++) memory.grow(3);
      const [leak, ...more] = await guard.leaks(mark);
      return { clean, before, after: guard.wasmBytes(), leak, more };
    });
    const KIB64 = 65536;
    expect(found).toMatchObject({
      clean: [],
      before: KIB64,
      after: 13 * KIB64,
      leak: { kind: "wasmMemory", growth: 1, bytes: 12 * KIB64, names: ["memory"] },
      more: [],
    });
  });

  test("one that comes to an end by itself is none", async () => {
    const found = await page.evaluate(async () => {
      const { guard } = window.guarded.guard();
      const mark = guard.mark();
      setTimeout(() => {}, 60);
      requestAnimationFrame(() => {});
      const now = await guard.leaks(mark, { settleMs: 0 });
      return { now: now.map(({ kind }) => kind).sort(), settled: await guard.leaks(mark) };
    });
    expect(found).toEqual({ now: ["frame", "timeout"], settled: [] });
  });

  test("a loop keeps the place that arms it again", async () => {
    const found = await page.evaluate(async () => {
      const { guard } = window.guarded.guard();
      const loop = function heartbeat(): void {
        setTimeout(heartbeat, 5);
      };
      setTimeout(loop, 0);
      // It has not moved on to its own place yet, which is no growth.
      const mark = guard.mark();
      await new Promise((resolve) => setTimeout(resolve, 50));
      const one = await guard.leaks(mark, { settleMs: 40 });
      loop();
      return { one, two: await guard.leaks(mark, { settleMs: 40 }) };
    });
    expect(found.one).toEqual([]);
    expect(found.two).toMatchObject([{ kind: "timeout", growth: 1, names: ["heartbeat"] }]);
    expect(found.two[0]?.site).toMatch(/^heartbeat /);
  });

  test("objects of a lost context, and a device that is gone", async () => {
    const live = await page.evaluate(async () => {
      const { guard } = window.guarded.guard();
      const gl = document.createElement("canvas").getContext("webgl");
      gl?.createTexture();
      gl?.createBuffer();
      type Generator = MediaStreamTrack & { readonly writable: WritableStream };
      const { MediaStreamTrackGenerator } = window as unknown as {
        MediaStreamTrackGenerator: new (options: { kind: "audio" }) => Generator;
      };
      const generator = new MediaStreamTrackGenerator({ kind: "audio" });
      const clone = generator.clone();
      const counts = (): number[] => [guard.live("mediaStream"), guard.live()];
      const before = counts();
      const lost = new Promise((resolve) => {
        gl?.canvas.addEventListener("webglcontextlost", resolve);
      });
      gl?.getExtension("WEBGL_lose_context")?.loseContext();
      await generator.writable.close();
      await lost;
      for (let i = 0; i < 100 && clone.readyState === "live"; i++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      return { before, state: clone.readyState, after: counts() };
    });
    expect(live).toEqual({ before: [1, 3], state: "ended", after: [0, 0] });
  });

  test("names, and the stack of the last one", async () => {
    const leak = await page.evaluate(async () => {
      const { guard } = window.guarded.guard();
      const mark = guard.mark();
      const listen = (type: string): void => window.addEventListener(type, () => {});
      const first = (): void => listen("first");
      const last = (): void => {
        for (const type of ["b", "c", "d", "e", "f", "f"]) listen(type);
      };
      first();
      last();
      return (await guard.leaks(mark))[0];
    });
    expect(leak).toMatchObject({ kind: "listener", growth: 7, names: ["f", "e", "d", "c", "b"] });
    expect(leak?.stack).toMatch(/^listen .*\nlast /);
  });

  test("what matches `ignore` is left alone", async () => {
    const live = await page.evaluate(() => {
      const { Registry, session, instrument } = window.guarded;
      const registry = Registry.create(session);
      const guard = instrument(globalThis, { registry, ignore: /^thirdParty /g });
      const thirdParty = (): unknown => setInterval(() => {}, 1e6);
      const own = (): unknown => setInterval(() => {}, 1e6);
      thirdParty();
      own();
      thirdParty();
      return guard.live();
    });
    expect(live).toBe(1);
  });
});

describe("a clean page", () => {
  test("60 cycles without an alarm", { timeout: 300_000 }, async () => {
    const plain = await openSite({ args: SOFTWARE_GL });
    try {
      const clean = await openPage(plain);
      const alarms = await clean.evaluate(async () => {
        const { guarded } = window;
        const { registry, guard } = guarded.guard();
        const stage = guarded.ready();
        const alarms: unknown[] = [];
        await guarded.cleanCycle(stage, 0);
        await guarded.cleanScopeCycle(registry, stage);
        const first = guard.mark();
        const owned = registry.mark();
        for (let cycle = 0; cycle < 60; cycle++) {
          const mark = guard.mark();
          await guarded.cleanCycle(stage, cycle);
          await guarded.cleanScopeCycle(registry, stage);
          const leaks = await guard.leaks(mark);
          if (leaks.length > 0) alarms.push({ cycle, leaks });
        }
        const leaks = await guard.leaks(first);
        if (leaks.length > 0) alarms.push({ cycle: "all", leaks });
        for (const { kind, name, growth } of registry.since(owned))
          if (growth > 0 && !name.startsWith("(nobody)")) alarms.push({ kind, name, growth });
        return alarms;
      });
      expect(alarms).toEqual([]);
    } finally {
      await plain.close();
    }
  });

  test("what only the collector ends goes with it", async () => {
    const live = await page.evaluate(async () => {
      const { registry, guard } = window.guarded.guard();
      const { wasm } = window.guarded.ready();
      const before = registry.active();
      for (let i = 0; i < 20; i++) {
        await WebAssembly.instantiate(wasm);
        document.createElement("div").addEventListener("click", () => {});
        new EventTarget().addEventListener("change", () => {});
        new ResizeObserver(() => {}).observe(document.createElement("div"));
      }
      const opened = registry.active() - before;
      const { gc } = globalThis as { gc?: () => void };
      for (let i = 0; i < 100 && registry.active() > before; i++) {
        gc?.();
        await new Promise((resolve) => guard && requestAnimationFrame(resolve));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return { opened, left: registry.active() - before };
    });
    expect(live).toEqual({ opened: 80, left: 0 });
  });
});

describe("in the registry", () => {
  test("what nobody owns has a place, a kind and a name", async () => {
    const found = await page.evaluate(() => {
      const { Registry, session, instrument } = window.guarded;
      const registry = Registry.create(session, { thresholds: 2 });
      const guard = instrument(globalThis, { registry });
      const events: unknown[] = [];
      registry.on("threshold", (event) => events.push(event));
      const startClock = () => setInterval(() => {}, 1e6);
      const timers = [startClock(), startClock(), startClock()];
      const { kinds } = registry.stats();
      const nobody = registry.tree().children.find(({ name }) => name === "(nobody)");
      const site = registry.report().find(({ kind }) => kind === "interval");
      for (const timer of timers) clearInterval(timer);
      return Promise.resolve().then(() => ({
        kinds,
        site,
        children: nobody?.children.map(({ kind, name }) => ({ kind, name })),
        after: registry.active("interval"),
        live: guard.live(),
        refusals: registry.stats().doubleClosed,
      }));
    });
    expect(found.kinds.interval?.active).toBe(3);
    expect(found.site).toMatchObject({ kind: "interval", active: 3, opened: 3 });
    expect(found.site?.name).toMatch(/^\(nobody\)\/interval at startClock /);
    expect(found.site?.stack).toMatch(/^startClock /);
    expect(found.children).toEqual(Array(3).fill({ kind: "interval", name: found.site?.name }));
    expect([found.after, found.live, found.refusals]).toEqual([0, 0, 0]);
  });

  test("the threshold event counts it", async () => {
    const names = await page.evaluate(async () => {
      const { Registry, session, instrument } = window.guarded;
      const registry = Registry.create(session, { thresholds: 2 });
      instrument(globalThis, { registry });
      const event = new Promise<readonly string[]>((resolve) => {
        registry.on("threshold", ({ kind, names }) => kind === "worker" && resolve(names));
      });
      const { workerURL } = window.guarded.ready();
      const hire = (): Worker => new Worker(workerURL);
      for (let i = 0; i < 3; i++) hire();
      return event;
    });
    expect(names).toHaveLength(3);
    expect(names[0]).toMatch(/^\(nobody\)\/worker at hire /);
  });

  test.each([false, true])(
    "a scope's things are not counted twice; development: %s",
    async (development) => {
      const found = await page.evaluate(async (development) => {
        const { guarded } = window;
        const { registry, guard } = guarded.guard({ development });
        const scope = registry.scope("page");
        const before = registry.active();
        guarded.openInScope(scope, guarded.ready());
        const opened = registry.active() - before;
        const natives = [new AudioContext(), new AudioContext()];
        const loose = guard.live();
        scope.audioContext(natives[0]);
        const adopted = guard.live();
        scope.adopt(URL.createObjectURL(new Blob()), URL.revokeObjectURL, { kind: "objectURL" });
        const live = guard.report().map(({ kind, live }) => [kind, live]);
        const { errors } = await scope.dispose();
        await natives[1]?.close();
        return { opened, loose, adopted, live, errors, left: guard.live() };
      }, development);
      // Of GL, there is a scope of its own.
      expect(found).toMatchObject({ opened: 10, loose: 2, adopted: 1, errors: null, left: 0 });
      expect(found.live).toEqual([["audioContext", 1]]);
    },
  );

  test("a fake clock is the guard's clock too", async () => {
    const found = await page.evaluate(async () => {
      const { Registry, FakeClock, session, instrument } = window.guarded;
      const clock = new FakeClock();
      const guard = instrument(globalThis, { registry: Registry.create(session, { clock }) });
      const mark = guard.mark();
      const timer = setInterval(() => {}, 1e6);
      let found: unknown;
      const asked = guard.leaks(mark, { settleMs: 1000 }).then((leaks) => {
        found = leaks.map(({ kind }) => kind);
      });
      await clock.advanceAsync(900);
      const early = found;
      await clock.advanceAsync(100);
      await asked;
      clearInterval(timer);
      return { early, found };
    });
    expect(found).toEqual({ found: ["interval"] });
  });
});

describe("transparency", () => {
  test.each([true, false])("an application sees no difference; natives: %s", async (natives) => {
    const { before, during, after } = await page.evaluate(async (natives) => {
      const { guarded } = window;
      if (natives) guarded.useNatives();
      const before = await guarded.behaviour(guarded.ready());
      const { guard } = guarded.guard();
      const during = await guarded.behaviour(guarded.ready());
      guard.restore();
      return { before, during, after: await guarded.behaviour(guarded.ready()) };
    }, natives);
    expect(during).toEqual(before);
    expect(after).toEqual(before);
  });

  test("a subclass, and what the prototype itself has, are seen", async () => {
    const live = await page.evaluate(async () => {
      const { guarded } = window;
      guarded.useNatives();
      const { guard } = guarded.guard();
      class Context extends AudioContext {}
      const context = new Context();
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const live = [guard.live("audioContext"), guard.live("mediaStream")];
      for (const track of stream.getTracks()) track.stop();
      await context.close();
      return [...live, guard.live()];
    });
    expect(live).toEqual([1, 1, 0]);
  });

  test("everything is wrapped, and put back exactly", async () => {
    const found = await page.evaluate(() => {
      const { guarded } = window;
      const before = guarded.descriptors();
      const { registry, guard } = guarded.guard();
      const during = guarded.differences(before, guarded.descriptors());
      const kept = window.setTimeout;
      const timer = setInterval(() => {}, 1e6);
      guard.restore();
      const after = guarded.differences(before, guarded.descriptors());
      guard.restore();
      clearTimeout(kept(() => {}, 1e6));
      clearInterval(timer);
      const active = registry.active();

      const second = guarded.guard();
      const wrapped = window.setTimeout;
      window.setTimeout = ((...args: Parameters<typeof setTimeout>) =>
        wrapped(...args)) as typeof setTimeout;
      const outer = window.setTimeout;
      const third = guarded.guard();
      second.guard.restore();
      third.guard.restore();
      const stays = window.setTimeout === outer;
      window.setTimeout = kept;
      return { during, after, active, stays };
    });
    expect(found.during).toEqual(
      expect.arrayContaining([
        "window.setTimeout",
        "window.cancelAnimationFrame",
        "window.AudioContext",
        "window.createImageBitmap",
        "AudioContext.prototype.constructor",
        "EventTarget.prototype.addEventListener",
        "MediaStreamTrack.prototype.stop",
        "URL.revokeObjectURL",
        "WebAssembly.Memory",
        "WebGL2RenderingContext.prototype.createVertexArray",
        "WebGLRenderingContext.prototype.deleteShader",
      ]),
    );
    expect(found.during.filter((name) => name.startsWith("the keys"))).toEqual([]);
    expect(found.after).toEqual([]);
    expect(found.active).toBe(0);
    expect(found.stays).toBe(true);
  });

  test("disposing of the registry restores too", async () => {
    const found = await page.evaluate(async () => {
      const { guarded } = window;
      const before = guarded.descriptors();
      const { registry } = guarded.guard();
      const timer = setTimeout(() => {}, 1e6);
      const socket = new WebSocket(guarded.ready().socketURL);
      const open = new Promise((resolve) => {
        socket.onopen = () => resolve(socket.readyState);
      });
      const asked = navigator.mediaDevices.getUserMedia({ audio: true });
      const { errors, late } = await registry.dispose();
      const after = guarded.differences(before, guarded.descriptors());
      clearTimeout(timer);
      for (const track of (await asked).getTracks()) track.stop();
      const state = await open;
      socket.close();
      return { errors, late, after, state };
    });
    expect(found).toEqual({ errors: null, late: [], after: [], state: 1 });
  });
});

describe("listeners", () => {
  const operation = fc.oneof(
    fc.record({
      do: fc.constant("add" as const),
      type: fc.nat(1),
      listener: fc.nat(2),
      capture: fc.boolean(),
      once: fc.boolean(),
      signal: fc.option(fc.nat(2), { nil: null }),
    }),
    fc.record({
      do: fc.constant("remove" as const),
      type: fc.nat(1),
      listener: fc.nat(2),
      capture: fc.boolean(),
    }),
    fc.record({ do: fc.constant("dispatch" as const), type: fc.nat(1) }),
    fc.record({ do: fc.constant("abort" as const), signal: fc.nat(2) }),
  );

  test("are counted as the browser calls them, whatever the application does", async () => {
    const check = fc.asyncProperty(
      fc.array(fc.array(operation, { maxLength: 30 }), { minLength: 20, maxLength: 20 }),
      async (runs) => {
        const counts = await page.evaluate((runs) => {
          const { guard } = window.guarded.guard();
          const counts = runs.map((operations) => {
            let called = 0;
            const listeners = [
              () => called++,
              () => called++,
              { handleEvent: () => called++ },
            ] as const;
            const lives = [new AbortController(), new AbortController(), new AbortController()];
            const dispatch = (type: number): unknown =>
              window.dispatchEvent(new Event(`voicepath-${type}`));
            for (const operation of operations) {
              if (operation.do === "dispatch") dispatch(operation.type);
              else if (operation.do === "abort") lives[operation.signal]?.abort();
              else {
                const { listener, capture } = operation;
                const type = `voicepath-${operation.type}`;
                const callback = listeners[listener] ?? listeners[0];
                if (operation.do === "remove")
                  window.removeEventListener(type, callback, operation.capture);
                else {
                  const signal = lives[operation.signal ?? -1]?.signal;
                  const { once } = operation;
                  const options = { capture, once, ...(signal && { signal }) };
                  window.addEventListener(type, callback, options);
                }
              }
            }
            const counted: number[] = [];
            const calls: number[] = [];
            // The second time, those that are called once are gone.
            for (let round = 0; round < 2; round++) {
              counted.push(guard.live("listener"));
              called = 0;
              dispatch(0);
              dispatch(1);
              calls.push(called);
            }
            for (const type of ["voicepath-0", "voicepath-1"])
              for (const capture of [true, false])
                for (const listener of listeners)
                  window.removeEventListener(type, listener, capture);
            counted.push(guard.live("listener"));
            return { counted, calls: [...calls, 0] };
          });
          guard.restore();
          return counts;
        }, runs);
        for (const { counted, calls } of counts) expect(counted).toEqual(calls);
      },
    );
    await fc.assert(check, { numRuns: 50, seed: 20251121 });
  });
});

describe("in Node", () => {
  test("wraps what there is", async () => {
    const registry = Registry.create(await loadSession());
    // Some of Node's become what they are when they are first read.
    for (const name of Object.getOwnPropertyNames(globalThis)) Reflect.get(globalThis, name);
    const before = Object.getOwnPropertyDescriptors(globalThis);
    const guard = instrument(globalThis, { registry });
    const fired = await new Promise((resolve) => {
      const timer = setTimeout(
        function (this: NodeJS.Timeout, word: string) {
          resolve([this === timer, word]);
        },
        1,
        "word",
      );
      clearTimeout(setTimeout(() => {}, 1e6).unref());
      clearTimeout(Number(setTimeout(() => {}, 1e6)));
    });
    const target = new EventTarget();
    for (let i = 0; i < 3; i++) target.addEventListener("a", () => {});
    const live = [guard.live("timeout"), guard.live("listener")];
    guard.restore();
    expect(fired).toEqual([true, "word"]);
    expect(live).toEqual([0, 2]);
    expect(Object.getOwnPropertyDescriptors(globalThis)).toEqual(before);
    await registry.dispose();
  });

  test("wrong options are named", async () => {
    const registry = Registry.create(await loadSession());
    const wrong = (options: object): unknown =>
      instrument(globalThis, options as { registry: Registry });
    expect(() => wrong({})).toThrow(/registry is undefined/);
    expect(() => wrong({ registry, ignore: "x" })).toThrow(/ignore is "x"/);
    using guard = instrument(globalThis, { registry });
    await expect(guard.leaks(guard.mark(), { settleMs: -1 })).rejects.toThrow(/settleMs is -1/);
    await registry.dispose();
    expect(() => wrong({ registry })).toThrow(/disposed/);
  });
});
