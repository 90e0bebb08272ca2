/** The overlay's view and state in a browser: settings, subtitle, background, model, carousel, drawer. */
import type { JSHandle, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OverlaySite, openOverlaySite } from "./overlay-site.js";
import type { StoreView, View } from "./pages/frontend-page.js";

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a page gives to its tests. */
const viewOf = <V>(page: Page): Promise<JSHandle<V>> =>
  page.evaluateHandle(() => Reflect.get(window, "view") as V);

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).textContent()) ?? "";

describe("with localStorage", () => {
  let site: OverlaySite;
  beforeAll(async () => {
    site = await openOverlaySite("contexts", "frontend-view.html");
  });
  afterAll(() => site.close());

  async function show(scene: string, query = ""): Promise<[Page, JSHandle<View>]> {
    const page = await site.open(query);
    const view = await viewOf<View>(page);
    await view.evaluate((view, scene) => view.show(scene), scene);
    return [page, view];
  }

  describe("a setting", () => {
    test("is one value for all, with setters that stay and updates that follow each other", async () => {
      const [page, view] = await show("settings");
      await page.click("#a");
      expect(await text(page, "#a")).toBe("3");
      expect(await text(page, "#b")).toBe("3");
      await page.click("#b");
      expect(await text(page, "#a")).toBe("6");
      const seen = await view.evaluate((view) => ({
        setters: view.setters(),
        foreign: view.renders["c"],
        stored: localStorage.getItem("count"),
        listeners: view.storageListeners(),
      }));
      expect(seen).toEqual({ setters: 1, foreign: 1, stored: "6", listeners: 1 });
      await view.evaluate((view) => view.show("nothing"));
      await expect.poll(() => view.evaluate((view) => view.storageListeners())).toBe(0);
      await page.context().close();
    });

    test("arrives from another tab, but for what a filter kept back", async () => {
      const [page, view] = await show("settings");
      const other = await site.open("", page.context());
      await (await viewOf<View>(other)).evaluate((view) => view.show("settings"));
      await page.click("#model");
      await other.click("#a");
      await expect.poll(() => text(page, "#a")).toBe("3");
      // The other tab stored a model without its address; this one's is still there.
      await other.click("#model");
      await other.click("#model");
      await other.click("#a");
      await expect.poll(() => text(page, "#a")).toBe("6");
      expect(await text(page, "#model")).toBe("luna");
      // And undefined is nothing stored.
      await page.click("#model");
      expect(await view.evaluate(() => localStorage.getItem("modelInfo"))).toBe(null);
      await page.context().close();
    });

    test("that is damaged, or cannot be stored, is said by name, once", async () => {
      const page = await site.open();
      const view = await viewOf<View>(page);
      await view.evaluate((view) => {
        localStorage.setItem("count", "{");
        Storage.prototype.setItem = () => {
          throw new DOMException("it is full", "QuotaExceededError");
        };
        view.show("settings");
      });
      expect(await text(page, "#a")).toBe("0");
      await page.click("#a");
      await page.click("#b");
      expect(await text(page, "#a")).toBe("6");
      const toasts = page.getByTestId("toasts");
      await expect.poll(() => toasts.locator("> *").count(), { timeout: 3000 }).toBe(2);
      expect(await toasts.textContent()).toMatch(
        /The setting "count" is damaged, and its default is used: .*The setting "count" holds only until the page is closed: it is full/s,
      );
      await page.context().close();
    });
  });

  describe("the subtitle", () => {
    const WORDS = "one two three four five six seven eight nine ten.";

    test("shows a notice at once, and the voice as it is heard, without marks for the face", async () => {
      const [page, view] = await show("subtitle");
      const notice = page.locator(".voicepath-notice");
      await view.evaluate((view) => view.say("Thinking..."));
      expect(await notice.textContent()).toBe("Thinking...");
      expect(await view.evaluate((view) => view.subtitleText())).toBe("Thinking...");
      await expect.poll(() => view.evaluate((view) => view.hasSubtitles())).toBe(true);
      expect(await notice.isVisible()).toBe(true);

      await view.evaluate((view, words) => {
        view.begin();
        view.speak(`[joy] ${words} *waves*`, { volumes: Array(100).fill(0.5), sliceMs: 20 });
      }, WORDS);
      // It waits for its sound.
      await sleep(100);
      expect(await notice.isVisible()).toBe(true);
      const shown = await view.evaluate(async (view) => {
        view.started();
        const startMs = performance.now();
        const samples: { atMs: number; text: string }[] = [];
        while (performance.now() - startMs < 2100) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
          samples.push({ atMs: performance.now() - startMs, text: view.visibleText() });
        }
        view.finished();
        return samples;
      });
      expect(await notice.isVisible()).toBe(false);
      expect(shown.at(-1)?.text.trim()).toBe(WORDS);
      let length = 0;
      for (const { atMs, text: visible } of shown.slice(2)) {
        expect(WORDS.startsWith(visible.trim())).toBe(true);
        expect(visible.length).toBeGreaterThanOrEqual(length);
        length = visible.length;
        // An even voice of two seconds: so much of the text is heard by then, give or take a word or two.
        expect(Math.abs(visible.length / WORDS.length - atMs / 2000)).toBeLessThan(0.25);
      }
      expect(await view.evaluate((view) => view.subtitleText())).toContain("one two three");
      await page.context().close();
    });

    test("knows what was heard when it is interrupted, and leaves a notice alone", async () => {
      const [page, view] = await show("subtitle");
      await expect.poll(() => view.evaluate((view) => view.hasSubtitles())).toBe(true);
      const heard = await view.evaluate(async (view, words) => {
        view.begin();
        view.speak(words, { durationMs: 2000 });
        view.started();
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return view.interrupt();
      }, WORDS);
      expect(WORDS.startsWith(heard ?? "-")).toBe(true);
      expect((heard ?? "").length / WORDS.length).toBeGreaterThan(0.3);
      expect((heard ?? "").length / WORDS.length).toBeLessThan(0.7);
      expect(await view.evaluate((view) => view.subtitleText())).toBe("");
      await view.evaluate((view) => {
        view.say("Thinking...");
        view.interrupt();
      });
      expect(await view.evaluate((view) => view.subtitleText())).toBe("Thinking...");
      await view.evaluate((view) => view.say(""));
      expect(await page.locator(".voicepath-notice").isVisible()).toBe(false);
      // What is played is shown, whether or not a turn was begun for it.
      await view.evaluate((view) => {
        view.speak("Again.", { durationMs: 100 });
        view.started();
      });
      await expect.poll(() => view.evaluate((view) => view.visibleText())).toBe("Again.");
      await page.context().close();
    });

    test("is as wide as its place, as the page says, and as the person says; it can be hidden", async () => {
      const [page, view] = await show("subtitle");
      await view.evaluate((view) => view.say("Hello"));
      const box = page.locator(".voicepath-subtitle-width");
      const share = async (): Promise<number> => {
        const { width, x } = (await box.boundingBox()) ?? { width: 0, x: 0 };
        const pageWidth = page.viewportSize()?.width ?? 1;
        expect(Math.abs(x + width / 2 - pageWidth / 2)).toBeLessThan(1);
        return width / pageWidth;
      };
      expect(await share()).toBeCloseTo(0.6, 2);
      await page.addStyleTag({ content: ":root { --voicepath-subtitle-width: 50% }" });
      expect(await share()).toBeCloseTo(0.3, 2);
      const handle = page.getByRole("slider", { name: "Width of the subtitle" });
      const { x = 0, y = 0, height = 0 } = (await handle.boundingBox()) ?? {};
      await page.mouse.move(x + 8, y + height / 2);
      await page.mouse.down();
      await page.mouse.move((page.viewportSize()?.width ?? 0) * 0.9, y, { steps: 4 });
      await page.mouse.up();
      expect(await share()).toBeCloseTo(0.8, 1);
      await handle.focus();
      await page.keyboard.press("ArrowLeft");
      await page.reload();
      await page.waitForFunction(() => "view" in window);
      const again = await viewOf<View>(page);
      await again.evaluate((view) => view.show("subtitle"));
      expect(await share()).toBeCloseTo(0.77, 1);
      await again.evaluate((view) => view.showSubtitle(false));
      await expect.poll(() => box.count()).toBe(0);
      await page.context().close();
    });

    test("leaves nothing open", async () => {
      const [page, view] = await show("nothing");
      const before = await view.evaluate((view) => view.active());
      for (let i = 0; i < 3; i++) {
        await view.evaluate((view) => view.show("subtitle"));
        await expect.poll(() => page.locator(".voicepath-subtitle").count()).toBe(1);
        await view.evaluate((view) => view.show("nothing"));
        await expect.poll(() => view.evaluate((view) => view.active())).toBe(before);
      }
      await page.context().close();
    });
  });

  describe("the background", () => {
    test("follows the server, takes names and paths of its files, and falls back", async () => {
      const page = await site.open();
      await page.route("http://files.example/**", (route) =>
        route.request().url().includes("gone")
          ? route.fulfill({ status: 404 })
          : route.fulfill({
              contentType: "image/svg+xml",
              body: "<svg xmlns='http://www.w3.org/2000/svg'/>",
            }),
      );
      const view = await viewOf<View>(page);
      await view.evaluate((view) => {
        localStorage.setItem("baseUrl", '"http://files.example"');
        view.show("background");
      });
      const shown = (): Promise<string> => text(page, "#background");
      const night = "/bg/ceiling-window-room-night.jpeg";
      await expect.poll(shown).toBe(`http://files.example${night}`);
      expect(await view.evaluate((view) => view.isDefaultBackground())).toBe(true);
      const set = (url: string) => view.evaluate((view, url) => view.setBackground(url), url);

      await set("lake view.png");
      await expect.poll(shown).toBe("http://files.example/bg/lake%20view.png");
      await set("/bg/hill.png");
      await expect.poll(shown).toBe("http://files.example/bg/hill.png");
      await set("http://files.example/bg/moon.png");
      await expect.poll(shown).toBe("http://files.example/bg/moon.png");
      // Kept without the server's address.
      expect(await page.evaluate(() => localStorage.getItem("backgroundUrl"))).toBe(
        '"/bg/moon.png"',
      );
      expect(await view.evaluate((view) => view.isDefaultBackground())).toBe(false);
      await set("https://elsewhere.example/gone.png");
      await expect.poll(shown).toBe(`http://files.example${night}`);
      await set("/bg/gone.png");
      await expect.poll(shown).toBe(`http://files.example${night}`);
      // What a settings panel writes back is no choice.
      await set(`http://files.example${night}`);
      expect(await view.evaluate((view) => view.isDefaultBackground())).toBe(true);
      const renders = await view.evaluate((view) => view.renders["background"]);
      await set(`http://files.example${night}`);
      await sleep(50);
      expect(await view.evaluate((view) => view.renders["background"])).toBe(renders);
      await page.context().close();
    });
  });

  describe("a model", () => {
    /** Callbacks of the character's loops in each frame that is drawn. */
    const perFrame = (view: JSHandle<View>): Promise<number> =>
      view.evaluate(async (view) => {
        const before = view.character().frames;
        for (let i = 0; i < 20; i++) await new Promise((next) => requestAnimationFrame(next));
        return Math.round((view.character().frames - before) / 20);
      });

    test("leaves its frames and GL objects behind without the guard", async () => {
      const [page, view] = await show("nothing");
      for (let i = 0; i < 6; i++) await view.evaluate((view) => view.startCharacter(false));
      expect(await perFrame(view)).toBe(6);
      const { objects } = await view.evaluate((view) => view.character());
      expect(objects["Texture"]).toBeGreaterThanOrEqual(6);
      await page.context().close();
    });

    test("ends with the next one, and takes what it had along but for what both use", async () => {
      const [page, view] = await show("nothing");
      const start = () => view.evaluate((view) => view.startCharacter(true));
      await start();
      await perFrame(view);
      const first = await view.evaluate((view) => view.character());
      for (let i = 0; i < 6; i++) await start();
      await perFrame(view);
      for (let i = 0; i < 6; i++) {
        await start();
        await sleep(20);
      }
      expect(await perFrame(view)).toBe(1);
      const last = await view.evaluate((view) => view.character());
      expect(last.objects).toEqual(first.objects);
      expect(last.glError).toBe(0);
      expect(last.pixel).toEqual([13, 255, 0, 255]);
      await page.context().close();
    });
  });

  describe("the monitor's drawer", () => {
    test("is loaded when it is asked for, and closed by Escape", async () => {
      const loaded: string[] = [];
      const page = await site.open();
      page.on("request", (request) => loaded.push(request.url()));
      const view = await viewOf<View>(page);
      await view.evaluate((view) => view.show("monitor"));
      await page.focus("#field");
      await sleep(100);
      expect(loaded.filter((url) => url.includes("monitor-panel"))).toEqual([]);
      await page.keyboard.press("Control+Shift+M");
      const drawer = page.getByRole("dialog", { name: "Monitor" });
      await drawer.waitFor();
      await expect.poll(() => drawer.textContent()).toMatch(/Watched for|watch/i);
      expect(await drawer.evaluate((element) => document.activeElement === element)).toBe(true);
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "hidden" });
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("field");
      await page.keyboard.press("Control+Shift+M");
      await drawer.waitFor();
      await page.getByRole("button", { name: "Close" }).click();
      await drawer.waitFor({ state: "hidden" });
      await page.context().close();
    });

    test("is open where the address asks for it", async () => {
      const [page] = await show("monitor", "?monitor");
      await page.getByRole("dialog", { name: "Monitor" }).waitFor();
      await page.context().close();
    });
  });
});

describe("with the store", () => {
  let site: OverlaySite;
  beforeAll(async () => {
    site = await openOverlaySite("store", "frontend-store.html");
  });
  afterAll(() => site.close());

  async function show(
    scene: string,
    before: Readonly<Record<string, string>> = {},
  ): Promise<[Page, JSHandle<StoreView>]> {
    const page = await site.open();
    if (Object.keys(before).length > 0) {
      await page.evaluate((items) => {
        for (const [key, value] of Object.entries(items)) localStorage.setItem(key, value);
      }, before);
      await page.reload();
      await page.waitForFunction(() => "view" in window);
    }
    const view = await viewOf<StoreView>(page);
    await view.evaluate((view, scene) => view.show(scene), scene);
    return [page, view];
  }

  test("a slice's users render when what they select is another, and not else", async () => {
    const [page, view] = await show("slices");
    await page.locator("#vad").waitFor();
    const act = (action: string, changes: unknown) =>
      view.evaluate((view, [action, changes]) => view.act(action, changes), [
        action,
        changes,
      ] as const);
    await act("setConfig", { wsState: "OPEN" });
    await act("setMedia", { advertisements: { index: 2 } });
    await act("setVAD", { micOn: false });
    await expect.poll(() => text(page, "#config")).toBe("OPEN 2");
    expect(await view.evaluate((view) => view.renders)).toEqual({
      vad: 1,
      threshold: 1,
      config: 3,
    });
    await act("setVAD", { micOn: true });
    await expect.poll(() => text(page, "#vad")).toBe("true");
    expect(await view.evaluate((view) => view.renders)).toEqual({
      vad: 2,
      threshold: 1,
      config: 3,
    });
    await page.context().close();
  });

  test("the state cannot be changed in place, and only what is the person's is kept", async () => {
    const [page, view] = await show("slices");
    await view.evaluate((view) => {
      view.act("setVAD", { settings: { positiveSpeechThreshold: 60 } });
      view.act("setConfig", { wsState: "OPEN" });
      view.act("setBackendSynthComplete", true);
    });
    for (const path of [
      ["vad", "micOn"],
      ["vad", "settings", "positiveSpeechThreshold"],
      ["media", "background", "url"],
      ["backendSynthComplete"],
    ])
      expect(await view.evaluate((view, path) => view.mutate(path, "x"), path)).toMatch(
        /Cannot assign to read only property/,
      );
    const kept = await view.evaluate((view) => view.kept());
    expect(kept?.version).toBe(1);
    expect(Object.keys(kept?.state ?? {}).sort()).toEqual(["config", "media", "proactive", "vad"]);
    expect(Object.keys(kept?.state["config"] ?? {}).sort()).toEqual([
      "baseUrl",
      "modelInfo",
      "wsUrl",
    ]);
    await page.context().close();
  });

  test("takes over what was kept before it, and says what it refuses", async () => {
    const [page, view] = await show("slices", {
      "app-store": JSON.stringify({
        version: 0,
        state: {
          vad: { micOn: 5, settings: { positiveSpeechThreshold: 77 } },
          config: { wsState: "OPEN", wsUrl: "ws://127.0.0.1:12393/client-ws" },
        },
      }),
    });
    const state = await view.evaluate((view) => view.state());
    expect(state.vad.micOn).toBe(false);
    expect(state.vad.settings.positiveSpeechThreshold).toBe(77);
    expect(state.config.wsState).toBe("CLOSED");
    expect((await view.evaluate((view) => view.kept()))?.version).toBe(1);
    await expect
      .poll(() => page.getByTestId("toasts").textContent(), { timeout: 3000 })
      .toContain("vad.micOn is 5, and must be true or false");
    // The fork's own address is no choice.
    expect(await text(page, "#setting")).toBe("wss://page.example/client-ws");
    await page.click("#setting");
    await page.click("#setting");
    expect(await text(page, "#setting")).toBe("wss://page.example/client-ws!!");
    await page.context().close();
  });

  test("another tab's settings arrive, but not its microphone, and nobody writes for ever", async () => {
    const [page, view] = await show("slices");
    const other = await viewOf<StoreView>(await site.open("", page.context()));
    await other.evaluate((view) => {
      view.act("setVAD", { micOn: true });
      view.act("setVAD", { settings: { positiveSpeechThreshold: 90 } });
    });
    await expect.poll(() => text(page, "#threshold")).toBe("90");
    expect(await text(page, "#vad")).toBe("false");
    await view.evaluate((view) => view.act("setProactive", { idleSecondsToSpeak: 9 }));
    await sleep(100);
    const states = await Promise.all([view, other].map((each) => each.evaluate((v) => v.state())));
    expect(states.map(({ vad }) => vad.micOn)).toEqual([false, true]);
    const kept = await view.evaluate((view) => view.kept());
    expect(kept?.state["vad"]?.["settings"]).toMatchObject({ positiveSpeechThreshold: 90 });
    expect(kept?.state["proactive"]?.["idleSecondsToSpeak"]).toBe(9);
    await page.context().close();
  });

  test("the carousel has one timer, which follows its settings, rests unseen and ends", async () => {
    const [page, view] = await show("nothing");
    const timers = () => view.evaluate((view) => view.timers());
    const index = () => view.evaluate((view) => view.state().media.advertisements.index);
    const set = (advertisements: object) =>
      view.evaluate(
        (view, advertisements) => view.act("setMedia", { advertisements }),
        advertisements,
      );
    const [active, before] = [await view.evaluate((view) => view.active()), await timers()];
    await set({ files: ["a.png", "/ads/b.png", "https://c.example/c.png"], intervalMs: 3_600_000 });
    await view.evaluate((view) => view.show("carousel"));
    await expect.poll(timers).toBe(before + 1);
    const source = () => page.locator("[data-testid=carousel] img").getAttribute("src");
    expect(await source()).toMatch(/\/a\.png$/);

    await set({ intervalMs: 100 });
    await expect.poll(index).toBe(1);
    expect(await source()).toMatch(/\/ads\/b\.png$/);
    await expect.poll(index).toBe(2);
    expect(await source()).toBe("https://c.example/c.png");
    await expect.poll(index).toBe(0);
    expect(await timers()).toBe(before + 1);

    const hide = (hidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    expect(await timers()).toBe(before);
    const resting = await index();
    await sleep(250);
    expect(await index()).toBe(resting);
    await hide(false);
    await expect.poll(index).not.toBe(resting);

    await set({ enabled: false });
    await expect.poll(timers).toBe(before);
    expect(await page.locator("[data-testid=carousel]").count()).toBe(0);
    await set({ enabled: true });
    await expect.poll(timers).toBe(before + 1);
    await view.evaluate((view) => view.show("nothing"));
    await expect.poll(timers).toBe(before);
    expect(await view.evaluate((view) => view.active())).toBe(active);
    await page.context().close();
  });
});
