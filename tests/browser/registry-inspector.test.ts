/** <RegistryInspector/>: what it shows is what the registry reports. */
import type { Page } from "playwright-core";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { loadSession, Registry } from "../../dist/index.js";
import { RegistryInspector } from "../../dist/react/index.js";
import { openSite, type Site } from "./site.js";

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  page = await site.open("scope.html");
});
afterEach(() => page.close());

const REFRESH_MS = 20;

const show = (open = true): Promise<void> =>
  page.evaluate(([open, refreshMs]) => window.stage.render("inspector", { open, refreshMs }), [
    open,
    REFRESH_MS,
  ] as const);
const settle = (): Promise<void> => page.evaluate(() => window.stage.settle());
const renders = (): Promise<number> => page.evaluate(() => window.stage.renders);
const press = (name: string): Promise<void> => page.getByRole("button", { name }).click();

/** The cells of a table's body. */
async function table(caption: string | RegExp): Promise<string[][]> {
  const rows = page.getByRole("table", { name: caption }).locator("tbody tr");
  return Promise.all(
    (await rows.all()).map(async (row) =>
      (await row.locator("th, td").allInnerTexts()).map((text) => text.trim()),
    ),
  );
}

/** Something of everything: twins, a deep tree, a late one, a refused one and a double close. */
const populate = (): Promise<void> =>
  page.evaluate(async () => {
    const { registry } = window.stage;
    const app = registry.scope("app");
    const chat = app.scope("chat");
    for (let i = 0; i < 7; i++) chat.interval(() => {}, 10_000);
    chat.interval(() => {}, 10_000, { name: "heartbeat" });
    chat.scope("conversation").listen(window, "ping", () => {});
    chat.scope("conversation").listen(window, "ping", () => {});
    const gone = app.scope("gone");
    const listener = gone.listen(window, "ping", () => {});
    listener.dispose();
    listener.dispose();
    await gone.dispose();
    try {
      gone.timeout(() => {}, 1);
    } catch {}
    const slow = app.scope("slow");
    slow.defer(() => new Promise(() => {}), { name: "upload" });
    await slow.dispose({ deadlineMs: 5 });
  });

test("closed, it is a button and nothing else", async () => {
  await show(false);
  await settle();
  expect(await page.evaluate(() => window.stage.registry.active())).toBe(0);
  expect(await page.getByRole("region", { name: "Registry" }).count()).toBe(0);
  const button = page.getByRole("button", { name: "Registry" });
  expect(await button.getAttribute("aria-expanded")).toBe("false");
  await button.click();
  expect(await button.getAttribute("aria-expanded")).toBe("true");
  expect(await page.getByRole("region", { name: "Registry" }).count()).toBe(1);
  expect(await page.evaluate(() => window.stage.registry.active())).toBe(2);
  await button.click();
  expect(await page.evaluate(() => window.stage.registry.active())).toBe(0);
});

test("kinds and sites are those of the registry", async () => {
  await populate();
  await show();
  await settle();
  const { kinds, sites } = await page.evaluate(() => {
    const { registry } = window.stage;
    return { kinds: registry.stats().kinds, sites: registry.report() };
  });
  const shownKinds = new Map((await table("Kinds")).map(([kind = "", ...rest]) => [kind, rest]));
  expect([...shownKinds.keys()].sort()).toEqual(Object.keys(kinds).sort());
  for (const [kind, counters] of Object.entries(kinds)) {
    if (!counters) throw new Error(`no counters of ${kind}`);
    const { active, peak, opened, late, refused, doubleClosed } = counters;
    // The root is no scope of anybody's.
    const root = kind === "scope" ? 1 : 0;
    const counts = [active - root, peak - root, opened - root, late, refused, doubleClosed];
    expect(shownKinds.get(kind), kind).toEqual(counts.map(String));
  }
  const shownSites = await table("Sites with most active");
  const expected = sites
    .filter(({ name, active, late }) => name !== "root" && active + late > 0)
    .map(({ kind, name, active, peak, opened, late }) => {
      // The kind is told when the name does not end with it.
      const notes = [name.endsWith(`/${kind}`) ? "" : kind];
      if (name.startsWith("RegistryInspector")) notes.push("this panel");
      const title = `${name} ${notes.filter(Boolean).join(", ")}`.trim();
      return [title, ...[active, peak, opened, late].map(String)];
    });
  expect(expected.length).toBeGreaterThan(6);
  expect(shownSites).toEqual(expected);
});

test("the tree of owners, with twins in one line, and states", async () => {
  await populate();
  await show();
  await settle();
  const items = await page.locator(".voicepath-inspector-tree summary, li > span").allInnerTexts();
  // Those in what is folded have no text.
  expect(items.map((text) => text.replace(/\s+/g, " ").trim()).filter(Boolean)).toEqual([
    "app 15",
    "chat 12",
    "interval ×7",
    "heartbeat interval",
    "conversation 1",
    "listener",
    "conversation 1",
    "listener",
    "slow 1 closing",
    "upload resource closing late",
    "RegistryInspector 1 this panel",
  ]);
  const panel = page.getByRole("region", { name: "Registry" });
  const totals = (await panel.locator("header p").innerText()).replace(/\s+/g, " ");
  const { active, opened, timers } = await page.evaluate(() => {
    const { opened, timers } = window.stage.registry.stats();
    return { active: window.stage.registry.active(), opened: opened - 1, timers };
  });
  expect(totals).toContain(`${active} open (2 this panel’s)`);
  expect(totals).toContain(`${opened} opened`);
  expect(totals).toContain(`${timers} timers`);
  for (const state of ["2 closing", "1 late", "1 refused", "1 double-closed"])
    expect(totals).toContain(state);
});

test("what opens and ends later is shown; without changes nothing renders", async () => {
  await show();
  await settle();
  const before = await renders();
  await page.waitForTimeout(10 * REFRESH_MS);
  expect(await renders()).toBe(before);
  await page.evaluate(() => {
    const later = window.stage.registry.scope("later");
    window.addEventListener("end later", () => void later.dispose(), { once: true });
  });
  const later = page.locator(".voicepath-inspector-tree").getByText("later");
  await later.waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event("end later")));
  await later.waitFor({ state: "detached" });
  // Twice each: StrictMode.
  expect(await renders()).toBeLessThanOrEqual(before + 4);
  await page.evaluate(() => window.stage.registry.root.defer(() => {}).dispose());
  await page.getByRole("rowheader", { name: "resource" }).waitFor();
  // When the registry ends, the panel stays with what it saw last.
  await page.evaluate(() => window.stage.registry.dispose().then(() => {}));
  await settle();
  await press("Mark");
  expect(await page.evaluate(() => window.stage.errors)).toEqual([]);
});

test("growth since the mark, also when the panel was closed meanwhile", async () => {
  await populate();
  await show();
  await settle();
  await press("Mark");
  await page.getByText(/Nothing opened or closed since/).waitFor();
  await press("Registry");
  await page.evaluate(() => {
    const { registry } = window.stage;
    const leak = registry.scope("leak");
    for (let i = 0; i < 3; i++) leak.timeout(() => {}, 50_000);
    leak.interval(() => {}, 50_000).dispose();
  });
  await press("Registry");
  await page.getByRole("table", { name: /^Since / }).waitFor();
  expect(await table(/^Since /)).toEqual([
    ["leak/timeout", "3", "0", "3"],
    ["leak scope", "1", "0", "1"],
    ["leak/interval", "1", "1", "0"],
  ]);
});

test("in development, names are short and places are told", async () => {
  const summary = await page.evaluate(async () => {
    const { stage } = window;
    stage.useDevelopment();
    const page = stage.registry.scope("page");
    page.scope("chat").timeout(() => {}, 50_000);
    stage.render("inspector", { open: true });
    await stage.settle();
    return [...document.querySelectorAll<HTMLElement>("summary, li > span")]
      .filter(({ innerText }) => innerText !== "")
      .map(({ innerText, title }) => `${innerText.trim()} | ${title !== ""}`);
  });
  expect(summary).toEqual([
    "page 2 | true",
    "chat 1 | true",
    "timeout | true",
    "RegistryInspector 1 this panel | true",
  ]);
});

test("a wrong refreshMs is named", async () => {
  await page.evaluate(async () => {
    window.stage.render("inspector", { refreshMs: 3 });
    await window.stage.settle();
  });
  expect(await page.evaluate(() => window.stage.errors)).toEqual([
    "VoicepathError: refreshMs is 3; it must be a number, 16 to 60000",
  ]);
});

test("what a server has rendered is taken over", async () => {
  const registry = Registry.create(await loadSession());
  for (const open of [false, true]) {
    const html = renderToString(createElement(RegistryInspector, { registry, open }));
    await page.evaluate(([html, open]) => window.stage.hydrateInspector(html, { open }), [
      html,
      open,
    ] as const);
    await settle();
    expect(await page.evaluate(() => window.stage.errors)).toEqual([]);
    expect(await page.getByRole("table", { name: "Kinds" }).count()).toBe(open ? 1 : 0);
    await page.evaluate(() => window.stage.unmount());
  }
});
