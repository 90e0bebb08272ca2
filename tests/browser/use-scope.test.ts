/** useScope in React 19: everything that React does to effects, and what is open meanwhile. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openSite, type Site } from "./site.js";

/** The scope of an actor, and the four things that it opens in it. */
const ACTOR = 5;

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

const settle = (): Promise<void> => page.evaluate(() => window.stage.settle());
const active = (): Promise<number> => page.evaluate(() => window.stage.registry.active());
/** What happened since the last question. */
const events = (): Promise<string[]> => page.evaluate(() => window.stage.events.splice(0));
const counts = (): Promise<object> =>
  page.evaluate(() => {
    const { opened, finished, refused, doubleClosed } = window.stage.registry.stats();
    return { open: opened - finished - 1, refused, doubleClosed };
  });
/** The open scopes by owner: `parent(child)`. */
const scopes = (): Promise<string> =>
  page.evaluate(() => {
    type Node = ReturnType<typeof window.stage.registry.tree>;
    const show = ({ name, children }: Node): string => {
      const inner = children.filter(({ kind }) => kind === "scope").map(show);
      return inner.length > 0 ? `${name}(${inner})` : name;
    };
    return show(window.stage.registry.tree());
  });

for (const strict of [true, false])
  test(`mounted and unmounted 50 times, ${strict ? "" : "not "}in StrictMode`, async () => {
    const seen = await page.evaluate(async (strict) => {
      const { stage } = window;
      stage.strict = strict;
      const seen = { mounted: [] as number[], unmounted: [] as number[], late: 0 };
      for (let i = 0; i < 50; i++) {
        stage.render("actor", {});
        await stage.settle();
        seen.mounted.push(stage.registry.active());
        stage.unmount();
        seen.unmounted.push(stage.registry.active());
        const { calls } = stage;
        window.dispatchEvent(new Event("ping"));
        if (i % 10 === 0) await stage.settle();
        seen.late += stage.calls - calls;
      }
      return { ...seen, calls: stage.calls };
    }, strict);
    expect(seen.mounted).toEqual(Array(50).fill(ACTOR));
    expect(seen.unmounted).toEqual(Array(50).fill(0));
    expect(seen.late).toBe(0);
    expect(seen.calls).toBeGreaterThan(50);
    expect(await counts()).toEqual({ open: 0, refused: 0, doubleClosed: 0 });
    const lives = await page.evaluate(() => window.stage.registry.stats().kinds.scope?.opened);
    // The root's, and two for every mounting in StrictMode.
    expect(lives).toBe(1 + (strict ? 100 : 50));
  });

test("open in the component's own layout effects, null while rendering and afterwards", async () => {
  await page.evaluate(() => {
    window.stage.strict = false;
    window.stage.render("actor", {});
  });
  await settle();
  expect(await page.evaluate(() => window.stage.whileRendering)).toEqual([false]);
  expect(await events()).toEqual(["actor: layout, open", "actor: passive, open"]);
  const afterwards = await page.evaluate(() => {
    window.stage.unmount();
    return window.stage.refs["actor"]?.current;
  });
  expect(afterwards).toBe(null);
});

test("StrictMode ends the first scope and opens another one for the second run", async () => {
  await page.evaluate(() => window.stage.render("actor", {}));
  await settle();
  expect(await events()).toEqual([
    "actor: layout, open",
    "actor: passive, open",
    "actor: cleaned up, null",
    "actor: layout, open",
    "actor: passive, open",
  ]);
  expect(await active()).toBe(ACTOR);
});

for (const strict of [true, false])
  test(`hidden and shown by Activity, ${strict ? "" : "not "}in StrictMode`, async () => {
    const show = async (mode: "visible" | "hidden", dep = 0): Promise<void> => {
      await page.evaluate(
        ([strict, mode, dep]) => {
          window.stage.strict = strict;
          window.stage.render("activity", { mode, dep });
        },
        [strict, mode, dep] as const,
      );
      await settle();
    };
    await show("hidden");
    expect(await page.evaluate(() => window.stage.registry.stats().opened)).toBe(1);
    for (let i = 0; i < 5; i++) {
      await show("visible");
      expect(await active()).toBe(ACTOR);
      await show("hidden");
      expect(await active()).toBe(0);
      const calls = await page.evaluate(() => window.stage.calls);
      await settle();
      expect(await page.evaluate(() => window.stage.calls)).toBe(calls);
    }
    // Dependencies may change while nobody sees it.
    await show("hidden", 1);
    await show("visible", 1);
    expect(await active()).toBe(ACTOR);
    await show("hidden", 2);
    await page.evaluate(() => window.stage.unmount());
    expect(await counts()).toEqual({ open: 0, refused: 0, doubleClosed: 0 });
  });

test("another scope, and another object, when a dependency changes; the same otherwise", async () => {
  const seen = await page.evaluate(async () => {
    const { stage } = window;
    const seen: unknown[] = [];
    let last: unknown;
    for (const dep of [1, 1, 2, 2, 3]) {
      stage.render("actor", { dep });
      await stage.settle();
      seen.push(stage.refs["actor"] === last);
      last = stage.refs["actor"];
    }
    return seen;
  });
  expect(seen).toEqual([false, true, false, true, false]);
  expect(await active()).toBe(ACTOR);
  const happened = await events();
  expect(happened.slice(5)).toEqual(
    Array(2)
      .fill(["actor: cleaned up, null", "actor: layout, open", "actor: passive, open"])
      .flat()
      // React cleans passive effects up after the layout phase.
      .map(
        (_, i) => ["actor: layout, open", "actor: cleaned up, null", "actor: passive, open"][i % 3],
      ),
  );
});

for (const strict of [true, false])
  test(`gone in the commit that removes it or changes it, ${strict ? "" : "not "}in StrictMode`, async () => {
    await page.evaluate((strict) => {
      window.stage.strict = strict;
      window.stage.render("watched", { shown: true });
    }, strict);
    await settle();
    await events();
    await page.evaluate(() => window.stage.render("watched", { shown: true, dep: 1 }));
    await settle();
    // Of the first scope nothing is left; the second one is open, but still empty.
    expect(await events()).toContain("commit: 1 scopes, 1 open");
    await page.evaluate(() => window.stage.render("watched", { shown: false }));
    await settle();
    expect((await events())[0]).toBe("commit: 0 scopes, 0 open");
  });

for (const strict of [true, false]) {
  const mode = `${strict ? "" : "not "}in StrictMode`;

  test(`a child's scope is inside its parent's, ${mode}`, async () => {
    const render = async (props: object): Promise<void> => {
      await page.evaluate(
        ([strict, props]) => {
          window.stage.strict = strict;
          window.stage.render("family", props);
        },
        [strict, props] as const,
      );
      await settle();
    };
    await render({});
    expect(await scopes()).toBe("root(parent(parent/child))");
    await render({ childDep: 1 });
    expect(await scopes()).toBe("root(parent(parent/child))");
    await render({ dep: 1, childDep: 1 });
    expect(await scopes()).toBe("root(parent(parent/child))");
    expect(await active()).toBe(1 + ACTOR);
    await render({ dep: 1, child: false });
    expect(await scopes()).toBe("root(parent)");
    await render({ dep: 2, child: true });
    expect(await scopes()).toBe("root(parent(parent/child))");
    await page.evaluate(() => window.stage.unmount());
    expect(await counts()).toEqual({ open: 0, refused: 0, doubleClosed: 0 });
  });

  test(`a family is hidden and shown, ${mode}`, async () => {
    for (const visible of [true, false, true, false]) {
      await page.evaluate(
        ([strict, visible]) => {
          window.stage.strict = strict;
          window.stage.render("hiddenFamily", { mode: visible ? "visible" : "hidden" });
        },
        [strict, visible] as const,
      );
      await settle();
      expect(await scopes()).toBe(visible ? "root(parent(parent/child))" : "root");
    }
    await page.evaluate(() => window.stage.unmount());
    expect(await counts()).toEqual({ open: 0, refused: 0, doubleClosed: 0 });
  });
}

test("a loan of a hidden component's scope ends with the borrower", async () => {
  await page.evaluate(() => {
    window.stage.strict = false;
  });
  const render = async (first: "visible" | "hidden", second: boolean): Promise<void> => {
    await page.evaluate(([first, second]) => window.stage.render("siblings", { first, second }), [
      first,
      second,
    ] as const);
    await settle();
  };
  await render("hidden", true);
  expect(await scopes()).toBe("root(parent(parent/child))");
  await render("hidden", false);
  expect(await scopes()).toBe("root");
  await render("hidden", true);
  await render("visible", true);
  expect(await scopes()).toBe("root(parent(parent/child))");
  await render("visible", false);
  expect(await scopes()).toBe("root(parent)");
  await page.evaluate(() => window.stage.unmount());
  expect(await active()).toBe(0);
});

for (const fail of ["layout effect", "passive effect"] as const)
  for (const strict of [true, false])
    test(`an error in a child's ${fail}, ${strict ? "" : "not "}in StrictMode`, async () => {
      await page.evaluate(
        ([fail, strict]) => {
          window.stage.strict = strict;
          window.stage.render("failing", { fail });
        },
        [fail, strict] as const,
      );
      await settle();
      expect(await page.evaluate(() => document.getElementById("failed")?.textContent)).toBe(
        `of a ${fail}`,
      );
      expect(await counts()).toEqual({ open: 0, refused: 0, doubleClosed: 0 });
    });

test("a render that is given up opens nothing", async () => {
  await page.evaluate(() => {
    window.stage.waitFor = new Promise(() => {});
    window.stage.render("suspending", {});
  });
  await settle();
  await page.evaluate(() => window.stage.render("suspending", { again: 1 }));
  await settle();
  expect(await page.evaluate(() => document.body.innerText)).toContain("waiting");
  expect(await page.evaluate(() => window.stage.renders)).toBeGreaterThan(0);
  await page.evaluate(() => window.stage.unmount());
  expect(await page.evaluate(() => window.stage.registry.stats().opened)).toBe(1);
});

test("it lives on, with what passive effects opened, while Suspense shows its fallback", async () => {
  await page.evaluate(() => {
    window.stage.strict = false;
    window.stage.render("suspending", {});
  });
  await settle();
  const seen = await page.evaluate(async () => {
    const { stage } = window;
    const scope = stage.refs["actor"]?.current;
    let release = (): void => {};
    stage.waitFor = new Promise((resolve) => {
      release = resolve;
    });
    stage.events.length = 0;
    stage.render("suspending", { again: 1 });
    await stage.settle();
    const { calls } = stage;
    const hidden = document.body.innerText.includes("waiting");
    await stage.settle();
    const called = stage.calls > calls;
    release();
    while (!document.body.innerText.includes("content")) await stage.settle();
    const same = scope === stage.refs["actor"]?.current;
    return { hidden, called, same, events: stage.events, active: stage.registry.active() };
  });
  expect(seen).toEqual({
    hidden: true,
    called: true,
    same: true,
    events: ["actor: layout, open"],
    active: ACTOR,
  });
});

for (const strict of [true, false])
  test(`suspended, shown, suspended and removed, ${strict ? "" : "not "}in StrictMode`, async () => {
    const open = await page.evaluate(async (strict) => {
      const { stage } = window;
      stage.strict = strict;
      stage.render("suspending", {});
      await stage.settle();
      const open: number[] = [];
      for (let again = 1; again <= 2; again++) {
        let release = (): void => {};
        stage.waitFor = new Promise((resolve) => {
          release = resolve;
        });
        stage.render("suspending", { again });
        await stage.settle();
        open.push(stage.registry.active());
        if (again === 2) break;
        release();
        while (!document.body.innerText.includes("content")) await stage.settle();
        open.push(stage.registry.active());
      }
      stage.unmount();
      return open;
    }, strict);
    expect(open).toEqual([ACTOR, ACTOR, ACTOR]);
    expect(await counts()).toEqual({ open: 0, refused: 0, doubleClosed: 0 });
  });

test("what a disposer throws is the registry's failure event", async () => {
  const failures = await page.evaluate(async () => {
    const { stage } = window;
    const failures: string[] = [];
    stage.registry.on("failure", ({ name, error }) => void failures.push(`${name}: ${error}`));
    stage.strict = false;
    stage.render("actor", { failToClose: true });
    await stage.settle();
    stage.unmount();
    return failures;
  });
  expect(failures).toEqual(["actor/resource: Error: of a disposer"]);
  expect(await active()).toBe(0);
});

test("the registry may end first", async () => {
  await page.evaluate(() => window.stage.render("family", {}));
  await settle();
  const after = await page.evaluate(async () => {
    const { stage } = window;
    const report = await stage.registry.dispose();
    const current = stage.refs["child"]?.current;
    stage.unmount();
    await stage.settle();
    return { late: report.late, current, errors: stage.errors };
  });
  expect(after).toEqual({ late: [], current: null, errors: [] });
});

test("a parent that has ended is a named error", async () => {
  await page.evaluate(async () => {
    const { stage } = window;
    stage.strict = false;
    const scope = stage.registry.scope("ended");
    await scope.dispose();
    stage.render("actor", { parent: { current: null } });
    await stage.settle();
    stage.unmount();
  });
  expect(await page.evaluate(() => window.stage.errors)).toEqual([
    "VoicepathError: parent is null; it must be a scope that is open when the component mounts",
  ]);
  expect(await active()).toBe(0);
});

test("without a provider, an error that says what to do", async () => {
  await page.evaluate(() => window.stage.renderWithoutProvider());
  await settle();
  const [error] = await page.evaluate(() => window.stage.errors);
  expect(error).toMatch(/^true OPTION: there is no registry here: .*<RegistryProvider/);
});
