/** useMonitor and <MonitorPanel/>: what is shown is what was measured, and nothing stays behind. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { loadSession, Registry } from "../../dist/index.js";
import type { MonitorReport, SeriesOptions } from "../../dist/monitor/index.js";
import { MonitorPanel, type MonitorPanelProps, RegistryProvider } from "../../dist/react/index.js";
import { openSite, type Site, until } from "./site.js";

let site: Site;
/** One for all tests: to load it takes longer than they do. */
let page: Page;
beforeAll(async () => {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";
  site = await openSite({ headers: { "Content-Security-Policy": policy }, allowed: false });
  page = await site.open("monitor-panel.html");
});
afterAll(() => site.close());
beforeEach(() => page.evaluate(() => window.panels.reset()));
afterEach(async () => {
  const seen = await page.evaluate(async () => {
    const { panels } = window;
    panels.unmount();
    await panels.settle();
    return { errors: panels.errors, violations: panels.violations };
  });
  expect(seen).toEqual({ errors: [], violations: [] });
});

const settle = (): Promise<void> => page.evaluate(() => window.panels.settle());
const active = (): Promise<number> => page.evaluate(() => window.panels.registry.active());
const button = (name: string): Locator => page.getByRole("button", { name });
const panel = (): Locator => page.getByRole("region", { name: "Monitor" });
const row = (name: string): Locator => page.locator(`li[data-series="${name}"]`);
const words = async (locator: Locator): Promise<string> =>
  (await locator.innerText()).replace(/\s+/g, " ").trim();

/** Of a monitor whose time stands still. */
async function showGiven(props: MonitorPanelProps = {}): Promise<void> {
  await page.evaluate(
    (props) => {
      if (!window.panels.monitor) window.panels.useFakeClock();
      window.panels.render("given", props);
      return window.panels.settle();
    },
    { open: true, language: "en", ...props } as const,
  );
}

interface Recording {
  readonly name: string;
  readonly options: SeriesOptions;
  readonly values: readonly (number | null)[];
}

const record = (...all: readonly Recording[]): Promise<void> =>
  page.evaluate((all) => window.panels.recordAll(all), all);

const repeat = <T>(count: number, value: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => value(i));

const LAST = { unit: "count", point: "last" } as const;

test("closed, it is a button, and the charts' library is not loaded", async () => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.evaluate(() => window.panels.render("own", { language: "en" }));
  await settle();
  const toggle = button("Monitor");
  expect(await toggle.getAttribute("aria-expanded")).toBe("false");
  expect(await panel().count()).toBe(0);
  expect(loaded.filter((url) => url.includes("uplot"))).toEqual([]);
  // Its monitor measures already.
  expect(await active()).toBeGreaterThan(0);
  await toggle.press("Enter");
  expect(await toggle.getAttribute("aria-expanded")).toBe("true");
  expect(await toggle.getAttribute("aria-controls")).toBe(await panel().getAttribute("id"));
  await page.locator(".voicepath-monitor-chart canvas").first().waitFor();
  expect(loaded.filter((url) => url.includes("uplot")).length).toBeGreaterThan(0);
  await toggle.press("Enter");
  expect(await page.locator("canvas").count()).toBe(0);
});

test("mounted and removed twenty times, nothing stays", async () => {
  const before = await active();
  for (let i = 0; i < 20; i++) {
    await page.evaluate(async () => {
      window.panels.render("own", { open: true, language: "en" });
      await window.panels.settle();
    });
    if (i === 0) await page.locator(".voicepath-monitor-chart canvas").first().waitFor();
    await page.evaluate(() => window.panels.unmount());
  }
  await settle();
  expect(await active()).toBe(before);
  const left = await page.evaluate(() => ({
    replaced: window.panels.replaced(),
    sheets: document.adoptedStyleSheets.length,
    timers: window.panels.registry.stats().timers,
    late: window.panels.registry.stats().late,
  }));
  expect(left).toEqual({ replaced: [], sheets: 0, timers: 0, late: 0 });
});

test("each series has its last value, its quantiles and its verdict", async () => {
  await showGiven();
  await record(
    // A second a point: 3 more each is 180 a minute.
    { name: "shop/carts", options: LAST, values: repeat(40, (i) => 100 + 3 * i) },
    {
      name: "shop/level",
      options: { unit: "bytes", point: "last" },
      values: repeat(40, (i) => (i % 2 ? 48e6 : 47.9e6)),
    },
    { name: "shop/step", options: LAST, values: repeat(40, (i) => (i < 20 ? 5 : 17)) },
    { name: "shop/new", options: LAST, values: [...repeat(38, () => null), 1, 2] },
    { name: "audio/underruns", options: { unit: "count", point: "sum" }, values: [0] },
    { name: "storage/usage", options: { unit: "bytes", point: "last" }, values: [null] },
  );
  const carts = await words(row("shop/carts"));
  expect(carts).toMatch(
    /^shop\/carts rises by 180 a minute 217 p50 1\d\d p95 2\d\d p < 0\.001, 40 /,
  );
  expect(await words(row("shop/level"))).toMatch(
    /^shop\/level stays level 48 MB p50 4(7\.9|8) MB p95 48 MB$/,
  );
  expect(await words(row("shop/step"))).toMatch(
    /^shop\/step one step of \+12 at \d\d:\d\d:\d\d 17 /,
  );
  expect(await words(row("shop/new"))).toMatch(/^shop\/new too few points yet \(2\) 2 /);
  const own = page.locator('details[data-section="own"]');
  expect(await words(own.locator("summary"))).toBe("THE APPLICATION’S OWN 2 rise");
  const machine = page.locator('details[data-section="machine"]');
  expect(await words(machine)).toBe("MACHINE AND TABS Never changed: Audio underruns (0)");
  const memory = page.locator('details[data-section="memory"]');
  expect(await words(memory)).toBe("MEMORY No value yet: Storage in use");
  expect(await row("shop/carts").getByRole("img").getAttribute("aria-label")).toBe(
    "shop/carts: 100 to 217",
  );
});

test("a chart is drawn where there are points, and nowhere else", async () => {
  await showGiven();
  const mean = { unit: "ms", point: "mean" } as const;
  const values = repeat(64, (i) => (i >= 20 && i < 45 ? null : 10 + (i % 3)));
  await record({ name: "shop/gap", options: mean, values });
  const chart = row("shop/gap").locator(".voicepath-monitor-chart");
  await chart.locator("canvas").waitFor();
  const drawn = await chart.evaluate((element) => window.panels.drawn(element));
  // Points 20 to 44 of 64 are 31 % to 70 % of the width.
  expect(drawn).toEqual([true, true, true, true, false, false, false, true, true, true]);
  const { height } = (await chart.boundingBox()) ?? { height: 99 };
  expect(height).toBeLessThanOrEqual(40);
});

test("the pointer shows one moment in all rows", async () => {
  await showGiven();
  await record(
    { name: "shop/a", options: LAST, values: repeat(64, (i) => 1000 + i) },
    { name: "shop/b", options: LAST, values: repeat(64, (i) => 5000 + i) },
  );
  await row("shop/a").locator("canvas").waitFor();
  const box = await row("shop/a").locator(".u-over").boundingBox();
  if (!box) throw new Error("the chart has no place");
  // The point at a third of the way: 21 of 0..63, 42 periods ago.
  await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
  await settle();
  expect(await words(row("shop/a").locator(".voicepath-monitor-value"))).toBe("1,021 42 sec ago");
  expect(await words(row("shop/b").locator(".voicepath-monitor-value"))).toBe("5,021 42 sec ago");
  await page.mouse.move(box.x, box.y - 300);
  await settle();
  expect(await words(row("shop/b").locator(".voicepath-monitor-value"))).toMatch(/^5,063 p50/);
});

test("the last ten turns, the newest first", async () => {
  await showGiven();
  await page.evaluate(() => {
    const { clock, monitor } = window.panels;
    for (let i = 0; i < 12; i++) {
      monitor?.turns.speechEnd();
      clock.advance(300);
      monitor?.turns.transcription();
      clock.advance(900);
      monitor?.turns.firstAudio();
      clock.advance(2800 + 100 * i);
      monitor?.turns.end();
      clock.advance(10_000);
    }
    monitor?.turns.speechEnd();
    clock.advance(300);
    monitor?.turns.cancel();
    clock.advance(1000);
    return window.panels.settle();
  });
  const rows = page.getByRole("table", { name: "Last turns" }).locator("tbody tr");
  const cells = await Promise.all(
    (await rows.all()).map(async (one) => (await one.locator("td").allInnerTexts()).slice(1)),
  );
  expect(cells).toHaveLength(10);
  expect(cells[0]).toEqual(["–", "–", "–"]);
  expect(cells[1]).toEqual(["300 ms", "1.2 sec", "5.1 sec"]);
  expect(cells[9]).toEqual(["300 ms", "1.2 sec", "4.3 sec"]);
  const caption = await page.locator("caption").innerText();
  expect(caption).toContain("total elapsed: rises by 100 ms a turn");
});

test("Chinese: asked for, and by the browser's setting", async () => {
  await showGiven({ language: "zh" });
  await record({
    name: "heap/used",
    options: { unit: "bytes", point: "last" },
    values: [5e6, 6e6],
  });
  expect(await words(row("heap/used"))).toContain("已用堆内存");
  expect(await page.locator(".voicepath-monitor").getAttribute("lang")).toBe("zh-CN");
  await page.evaluate(() => window.panels.unmount());
  const context = await site.browser.newContext({ locale: "zh-CN" });
  const other = await context.newPage();
  await other.goto(page.url());
  await until(other, () => "panels" in window);
  await other.evaluate(() => window.panels.render("own", {}));
  await other.getByRole("button", { name: "性能监测" }).waitFor();
  await context.close();
});

test("the diagnosis and its evidence are the monitor's", async () => {
  await showGiven();
  await record({
    name: "frames/gap",
    options: { unit: "ms", point: "max", signal: "frameGapMs" },
    values: repeat(40, (i) => (i < 20 ? 17 : 180)),
  });
  const diagnosis = await page.evaluate(() => window.panels.monitor?.diagnose());
  expect(diagnosis?.symptoms).toContain("jank");
  const status = panel().getByRole("status").first();
  if (diagnosis?.unknown)
    expect(await words(status)).toBe("Something is slow (frames late) and the cause is not known");
  else expect(diagnosis?.causes.length).toBeGreaterThan(0);
  expect(await button("Monitor").getAttribute("title")).toBe(await words(status));
});

test("the report, on the clipboard or to be copied by hand", async () => {
  await showGiven();
  await record({ name: "shop/carts", options: LAST, values: repeat(9, (i) => i) });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await button("Copy report").click();
  await button("Copied").waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^### voicepath monitor report\n/);
  expect(text).toContain("`shop/carts` | 8 |");
  await page.evaluate(() => window.panels.clock.advance(2500));
  await button("Copy report").waitFor();

  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("not here"));
  });
  await button("Copy report").click();
  const byHand = page.getByRole("textbox", { name: "Copy it from here" });
  await byHand.waitFor();
  expect(await byHand.inputValue()).toContain("`shop/carts` | 8 |");
  await page.evaluate(() => Reflect.deleteProperty(navigator.clipboard, "writeText"));
});

test("the report as JSON", async () => {
  await showGiven();
  await record({ name: "shop/carts", options: LAST, values: repeat(9, (i) => i) });
  const coming = page.waitForEvent("download");
  await button("JSON").click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^monitor-\d{4}-.*\.json$/);
  const report = JSON.parse(await readFile(await download.path(), "utf8")) as MonitorReport;
  expect(report.series.find(({ name }) => name === "shop/carts")).toMatchObject({ last: 8 });
});

test("useMonitor renders when the diagnosis or a verdict is another", async () => {
  await page.evaluate(async () => {
    const { panels } = window;
    panels.useFakeClock();
    panels.render("hook", { collectors: [], name: "page" });
    await panels.settle();
    panels.clock.advance(2000);
    await panels.settle();
  });
  const seen = await page.evaluate(async () => {
    const { panels } = window;
    const { clock } = panels;
    const series = panels.hook?.monitor?.series("shop/carts", { unit: "count", point: "last" });
    const before = panels.hookRenders;
    const during: string[] = [];
    for (let i = 0; i < 40; i++) {
      series?.record(3 * i);
      clock.advance(1000);
      await panels.settle();
      const verdict = panels.hook?.verdicts.find(({ name }) => name === "shop/carts")?.verdict;
      if (verdict && during.at(-1) !== verdict) during.push(verdict);
    }
    // Then it stays.
    const rendered = panels.hookRenders - before;
    for (let i = 0; i < 20; i++) clock.advance(1000);
    await panels.settle();
    const { turns, report } = panels.hook ?? {};
    turns?.speechEnd();
    turns?.end();
    return {
      during,
      rendered,
      later: panels.hookRenders - before - rendered,
      turns: report?.()?.turns.length,
      names: panels.registry.report().map(({ name }) => name),
    };
  });
  expect(seen.during).toEqual(["insufficient", "rising"]);
  // Twice each, for StrictMode: for the new series, and for each verdict; not for forty periods.
  expect(seen.rendered).toBeLessThanOrEqual(8);
  expect(seen.turns).toBe(1);
  expect(seen.names).toContain("page/monitor");
  // A series of which nothing more is said rises no more in the end, which is one change.
  expect(seen.later).toBeLessThanOrEqual(4);
  const told = await page.evaluate(() => {
    const { panels } = window;
    const { hook } = panels;
    panels.unmount();
    hook?.turns.speechEnd();
    return { active: panels.registry.active("scope"), report: hook?.report() };
  });
  // That of the stage's own monitor.
  expect(told).toEqual({ active: 1, report: null });
});

test("what a server has rendered is taken over", async () => {
  const registry = Registry.create(await loadSession());
  for (const open of [false, true]) {
    const element = createElement(MonitorPanel, { open, language: "en" });
    const html = renderToString(createElement(RegistryProvider, { registry }, element));
    expect(registry.stats().opened).toBe(1);
    expect(html).toContain("Monitor</button>");
    await page.evaluate(([html, open]) => window.panels.hydrate(html, { open, language: "en" }), [
      html,
      open,
    ] as const);
    await settle();
    expect(await panel().count()).toBe(open ? 1 : 0);
    await page.evaluate(() => window.panels.unmount());
  }
});

test("wrong props are named", async () => {
  const errors = await page.evaluate(async () => {
    const { panels } = window;
    panels.useFakeClock();
    for (const wrong of [{ language: "fr" }, { open: "yes" }, { inline: 1 }]) {
      panels.render("given", wrong as never);
      await panels.settle();
      panels.unmount();
    }
    return panels.errors.splice(0);
  });
  expect(errors).toEqual([
    'VoicepathError: language is "fr"; it must be "en" or "zh"',
    'VoicepathError: open is "yes"; it must be true or false',
    "VoicepathError: inline is 1; it must be true or false",
  ]);
});
