/** The collectors in Chromium, against what the page and its server counted themselves. */
import type { Page } from "playwright-core";
import puppeteer from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { chromiumPath, SOFTWARE_GL } from "../../tools/chromium.js";
import { FaultServer } from "../server/fault-server.js";
import { openSite, type Site } from "./site.js";

const FILE = "monitor.html";

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite({ allowed: false, args: [...SOFTWARE_GL, "--js-flags=--expose-gc"] });
  page = await site.open(FILE);
});
afterAll(() => site.close());
beforeEach(() => page.evaluate(() => window.observed.begin()));
afterEach(() => page.evaluate(() => window.observed.end()));

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function stats(name: string, of = page) {
  const found = await of.evaluate((name) => window.observed.monitor?.stats(name), name);
  if (!found) throw new Error("nothing is measured");
  return found;
}

test("frames, callbacks and draw calls, as the page counts them", async () => {
  const own = await page.evaluate(async () => {
    const { observed } = window;
    observed.draw();
    observed.measure();
    await observed.animate(4, 900);
    const { frames, callbacks, drawing } = observed;
    return { frames, callbacks, draws: drawing?.draws ?? 0 };
  });
  expect(own.frames).toBeGreaterThan(10);
  expect((await stats("frames/gap")).count).toBe(own.frames - 1);
  const { mean: callbacks } = await stats("frames/callbacks");
  expect(callbacks).toBeCloseTo(own.callbacks / own.frames, 1);
  expect((await stats("gl/draws")).p50).toBeCloseTo(own.draws / own.frames, 6);
  // A program, two shaders and a buffer.
  expect((await stats("gl/objects")).last).toBe(4);
});

test("a loop that awaits its frames is one", async () => {
  const frames = await page.evaluate(async () => {
    window.observed.measure();
    let frames = 0;
    for (; frames < 20; frames++) await new Promise(requestAnimationFrame);
    return frames;
  });
  expect((await stats("frames/gap")).count).toBe(frames - 1);
});

test("an idle page stays idle", async () => {
  expect(await page.evaluate(() => window.observed.idleFrames(600))).toBe(0);
});

test("a busy callback is a long frame, a late timer and a pause, and has a name", async () => {
  await page.evaluate(async () => {
    window.observed.measure();
    void window.observed.animate(1, 1000);
    await window.observed.beBusy(200);
  });
  const script = await stats("long-frames/script");
  expect(script.max).toBeGreaterThanOrEqual(190);
  expect((await stats("loop/lag")).max).toBeGreaterThan(140);
  expect((await stats("frames/gap")).max).toBeGreaterThan(190);
  const pauses = await stats("pauses/time");
  expect(pauses.max).toBeGreaterThan(150);
  // The name of what was worst is for the evidence.
  expect(await page.evaluate(() => window.observed.worstScript)).toBe("busyCallback (a frame)");
});

test("collections of garbage", async () => {
  await page.evaluate(async () => {
    window.observed.measure();
    await window.observed.collect(10);
  });
  const { count, max } = await stats("heap/collections");
  expect(max).toBe(1);
  expect(count).toBeGreaterThanOrEqual(10);
  expect(count).toBeLessThanOrEqual(13); // some come by themselves
  const used = await page.evaluate(() => {
    const { memory } = performance as unknown as { memory: { usedJSHeapSize: number } };
    return memory.usedJSHeapSize;
  });
  const { last } = await stats("heap/used");
  expect(Math.abs((last ?? 0) / used - 1)).toBeLessThan(0.5);
});

test("sockets: the page's own and voicepath's, and heartbeats that wait", async () => {
  const server = await FaultServer.start();
  try {
    await page.evaluate(async (url) => {
      window.observed.measure();
      window.observed.connect(url);
      await Promise.all([window.observed.openNative(url), window.observed.openNative(url)]);
    }, server.url);
    await sleep(400);
    expect(server.attempts).toHaveLength(3);
    expect((await stats("socket/opens")).last).toBe(3);
    const uptime = await stats("socket/uptime");
    expect(uptime.count).toBe(2);
    expect(uptime.min).toBeGreaterThanOrEqual(295);
    expect(uptime.max).toBeLessThan(1000);
    const answered = await stats("socket/round-trip");
    expect(answered.count).toBeGreaterThanOrEqual(3);
    expect(answered.count).toBeLessThanOrEqual(server.heartbeats);
    expect(answered.p50).toBeLessThan(50);
    server.silent = true;
    await sleep(1000);
    expect((await stats("socket/waiting")).last).toBeGreaterThan(400);
    expect((await stats("socket/round-trip")).max).toBeLessThan(400);
  } finally {
    await server.kill();
  }
});

for (const locks of [true, false])
  test(`one, two and three tabs, ${locks ? "by Web Locks" : "without Web Locks"}`, async () => {
    const tabs: Page[] = [];
    for (const count of [1, 2, 3]) {
      tabs.push(...(await site.openTabs(FILE, 1, tabs[0])));
      await tabs.at(-1)?.evaluate((locks) => {
        window.observed.begin(locks);
        window.observed.measure();
      }, locks);
      for (const tab of tabs)
        await expect.poll(async () => (await stats("tabs/open", tab)).last).toBe(count);
    }
    await tabs.pop()?.close();
    for (const tab of tabs)
      await expect.poll(async () => (await stats("tabs/open", tab)).last).toBe(2);
    await tabs[0]?.context().close();
  });

test("compute pressure", async () => {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setPressureSourceOverrideEnabled", {
    enabled: true,
    source: "cpu",
    metadata: { available: true },
  });
  await page.evaluate(() => window.observed.measure());
  for (const [state, level] of [
    ["nominal", 0],
    ["critical", 3],
  ] as const)
    await expect
      .poll(async () => {
        await session.send("Emulation.setPressureStateOverride", { source: "cpu", state });
        return (await stats("machine/pressure")).last;
      })
      .toBe(level);
});

test("all natives are put back, whoever was there before", async () => {
  const replaced = () => page.evaluate(() => window.observed.replaced());
  await page.evaluate(() => window.observed.measure());
  expect(await replaced()).toHaveLength(4 + 2 + 4);
  await page.evaluate(() => window.observed.monitor?.dispose());
  expect(await replaced()).toEqual([]);

  await page.evaluate(() => {
    const { observed } = window;
    observed.instrument();
    observed.measure();
    observed.monitor?.dispose();
    observed.guard?.restore();
  });
  expect(await replaced()).toEqual([]);

  // The other way round the monitor's wrappers lie under those of instrument, and stay with them.
  const counted = await page.evaluate(async () => {
    const { observed } = window;
    observed.measure();
    observed.instrument();
    await observed.animate(2, 200);
    const frames = observed.monitor?.stats("frames/callbacks").mean ?? 0;
    observed.monitor?.dispose();
    await observed.animate(1, 100);
    observed.guard?.restore();
    await observed.animate(1, 100);
    return { frames, own: observed.callbacks / observed.frames };
  });
  expect(counted.frames).toBeGreaterThan(1.5);
});

test("above instrument's wrappers, places in the code are the page's", async () => {
  const sites = await page.evaluate(() => {
    const { observed } = window;
    observed.instrument();
    observed.measure();
    observed.forgetFrame();
    return observed.sites();
  });
  expect(sites.filter((place) => place.startsWith("frame"))).toEqual([
    expect.stringMatching(/forgetFrame.*\/monitor\.ts/),
  ]);
});

/** By Puppeteer, because Playwright's pages are always visible. */
test("a hidden page is throttled, and that is no lag", async () => {
  const browser = await puppeteer.launch({
    executablePath: chromiumPath(),
    args: ["--no-sandbox"],
    ignoreDefaultArgs: [
      "--disable-backgrounding-occluded-windows",
      "--disable-background-timer-throttling",
      "--disable-renderer-backgrounding",
    ],
  });
  try {
    const first = await browser.newPage();
    await first.goto(page.url());
    await first.waitForFunction(() => "observed" in window);
    await first.evaluate(() => {
      window.observed.begin();
      window.observed.measure();
    });
    const second = await browser.newPage();
    await second.bringToFront();
    await sleep(4500);
    const seen = await first.evaluate(() => ({
      visibility: document.visibilityState,
      hidden: window.observed.monitor?.stats("page/hidden").last,
      throttled: window.observed.monitor?.stats("loop/throttled").count ?? 0,
      lag: window.observed.monitor?.stats("loop/lag").p95 ?? 0,
    }));
    expect(seen).toMatchObject({ visibility: "hidden", hidden: 1 });
    expect(seen.throttled).toBeGreaterThanOrEqual(2);
    expect(seen.lag).toBeLessThan(300);
  } finally {
    await browser.close();
  }
});
