/** The overlay's values in localStorage, against two tabs that are nothing but a map. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { StoredValues } from "../../frontend-patch/overlay/common/voicepath/stored-values.js";

/** A browser with tabs: what one stores, the others are told of. */
class Tabs {
  readonly items = new Map<string, string>();
  readonly tabs: Tab[] = [];

  open(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }
}

class Tab {
  readonly notices: string[] = [];
  readonly values: StoredValues;
  readonly listeners = new Set<(event: StorageEvent) => void>();
  writes = 0;
  full = false;

  constructor(browser: Tabs) {
    const { items, tabs } = browser;
    const tell = (key: string, newValue: string | null): void => {
      for (const tab of tabs)
        if (tab !== this)
          for (const listener of tab.listeners) listener({ key, newValue } as StorageEvent);
    };
    const localStorage = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => {
        if (this.full) throw new Error("it is full.");
        this.writes++;
        items.set(key, value);
        tell(key, value);
      },
      removeItem: (key: string) => {
        this.writes++;
        items.delete(key);
        tell(key, null);
      },
    };
    this.values = new StoredValues(
      {
        localStorage,
        addEventListener: (_type, listener) => void this.listeners.add(listener),
        removeEventListener: (_type, listener) => void this.listeners.delete(listener),
      },
      (text, cause) => this.notices.push(`${text}: ${String(cause)}`),
    );
  }
}

test("all tabs that listen have the value that was set last, and are told of each change once", () => {
  const change = fc.record({
    tab: fc.nat(2),
    key: fc.constantFrom("a", "b"),
    value: fc.constantFrom(0, 1, "1", "first", null),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const browser = new Tabs();
      const tabs = [browser.open(), browser.open(), browser.open()];
      let told = 0;
      for (const { values } of tabs)
        for (const key of ["a", "b"]) values.subscribe(key, () => told++);
      const model = new Map<string, unknown>();
      let expectedTold = 0;
      for (const { tab, key, value } of changes) {
        if (value !== (model.get(key) ?? (model.has(key) ? null : "first"))) expectedTold += 3;
        model.set(key, value);
        tabs[tab]?.values.set<unknown>(key, "first", value);
        for (const { values } of tabs) expect(values.get<unknown>(key, "first")).toBe(value);
      }
      expect(told).toBe(expectedTold);
    }),
    { numRuns: 300 },
  );
});

test("what is not another is not written, and nobody is told", () => {
  const tab = new Tabs().open();
  let told = 0;
  tab.values.subscribe("a", () => told++);
  tab.values.set("a", 1, 1);
  tab.values.set("a", 1, 2);
  tab.values.set("a", 1, 2);
  expect([tab.writes, told]).toEqual([1, 1]);
});

test("the listener of the page is there while anybody listens", () => {
  const tab = new Tabs().open();
  const ends = [tab.values.subscribe("a", () => {}), tab.values.subscribe("b", () => {})];
  expect(tab.listeners.size).toBe(1);
  for (const end of [...ends, ...ends]) end();
  expect(tab.listeners.size).toBe(0);
});

test("what others stored while nobody listened is there when somebody does", () => {
  const browser = new Tabs();
  const tab = browser.open();
  expect(tab.values.get("a", 1)).toBe(1);
  browser.open().values.set("a", 1, 5);
  tab.values.subscribe("a", () => {})();
  expect(tab.values.get("a", 1)).toBe(5);
});

test("what is damaged is said and not overwritten; what is full holds in memory, also unheard", () => {
  const browser = new Tabs();
  browser.items.set("a", "{");
  browser.items.set("b", "undefined");
  const tab = browser.open();
  expect(tab.values.get("a", 1)).toBe(1);
  expect(tab.values.get("b", 2)).toBe(2);
  expect(tab.notices).toEqual([
    expect.stringMatching(/^The setting "a" is damaged, and its default is used: SyntaxError/),
  ]);
  expect(browser.items.get("a")).toBe("{");
  tab.full = true;
  tab.values.subscribe("a", () => {})();
  tab.values.set("a", 1, 7);
  expect(tab.notices.slice(1)).toEqual([
    'The setting "a" holds only until the page is closed: Error: it is full.',
  ]);
  tab.values.subscribe("a", () => {});
  expect(tab.values.get("a", 1)).toBe(7);
});

test("of a filtered value less is stored, and nothing is taken from other tabs", () => {
  const browser = new Tabs();
  const [one, other] = [browser.open(), browser.open()];
  const filter = (model: { url: string; scale: number }) => ({ ...model, url: "" });
  const initial = { url: "", scale: 1 };
  for (const { values } of [one, other]) values.subscribe("model", () => {}, true);
  one.values.set("model", initial, { url: "luna", scale: 2 }, filter);
  expect(browser.items.get("model")).toBe('{"url":"","scale":2}');
  other.values.set("model", initial, { url: "sol", scale: 3 }, filter);
  expect(one.values.get("model", initial)).toEqual({ url: "luna", scale: 2 });
});
