/** <Subtitle> and useSubtitle in React 19 under StrictMode: what is drawn, frame by frame. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openSite, type Site, until } from "./site.js";

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  page = await site.open("subtitle.html");
});
afterAll(() => site.close());
/** Whatever a test does, nothing of it is left when the component is gone. */
afterEach(async () => {
  expect(await page.evaluate(() => window.talk.reset())).toBe(0);
});

type Scene = Parameters<typeof window.talk.render>[0];
const render = (scene: Scene = {}): Promise<void> =>
  page.evaluate((scene) => window.talk.render(scene as Scene), scene as object);
/** One cue with sound from now on. */
const say = (text: string, durationMs: number, translation = ""): Promise<void> =>
  page.evaluate(
    async ([text, durationMs, translation]) => {
      const { talk } = window;
      const cue = talk.buffer.add(text, { clip: { durationMs }, translation });
      talk.buffer.start(cue, { atMs: talk.now() });
      await talk.frame();
    },
    [text, durationMs, translation] as const,
  );
const lines = (part?: string): Promise<string[]> =>
  page.evaluate((part) => window.talk.lines(part), part);
const active = (): Promise<number> => page.evaluate(() => window.talk.registry.active());

const EN =
  "The north wind and the sun were disputing which was the stronger, when a traveller came along wrapped in a warm cloak.";
const ZH =
  "有一回，北风跟太阳在那儿争论谁的本领大。说着说着，来了一个过路的，身上穿了一件厚袍子。他们俩就商量好了，说谁能先叫这个过路的把他的袍子脱下来，就算是他的本领大。";
const JA =
  "ある時、北風と太陽が、どちらが強いかで言い争っていました。そこへ、暖かいコートを着た旅人がやって来ました。「先にコートを脱がせた方が勝ちだ」と決めました。";
const KO =
  "바람과 햇님이 서로 힘이 더 세다고 다투고 있을 때, 한 나그네가 따뜻한 외투를 입고 걸어 왔습니다. 그들은 누구든지 나그네의 외투를 먼저 벗기는 이가 힘이 더 세다고 하기로 결정했습니다.";
const AR =
  "كانت ريح الشمال تتجادل والشمس في أي منهما كانت أقوى من الأخرى، وإذ بمسافر يطلع متلفعا بعباءة سميكة. فاتفقتا على اعتبار السابق في إجبار المسافر على خلع عباءته الأقوى.";
const HE = "רוח הצפון והשמש התווכחו ביניהן מי מהן חזקה יותר. 12 מטר, OK?";

// ---- Nothing moves ----

async function expectNothingMoves(
  texts: readonly (readonly [text: string, className: string, clusters: number])[],
  { spans, tolerancePx }: { readonly spans: number; readonly tolerancePx: number },
): Promise<void> {
  for (const [text, className, clusters] of texts) {
    await render({ view: { className, width: 700, lines: 4 } });
    await say(text, 12_000);
    const nodes = await page.evaluate(() => window.talk.texts().length);
    expect(nodes).toBe((await lines()).length * spans);
    const result = await page.evaluate(
      (px) => window.talk.watch(window.talk.now() + 12_000, 110, px),
      tolerancePx,
    );
    expect(result.moved).toEqual([]);
    expect(result.shown).toBeGreaterThanOrEqual(clusters);
    // A few clusters at a time; Arabic words where there are no highlights.
    expect(result.frames).toBeGreaterThan(result.shown / 7);
    expect((await lines()).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    await page.evaluate(() => window.talk.unmount());
  }
}

test("while it is revealed, no frame moves what is shown", () =>
  expectNothingMoves(
    [
      [EN, "", 97],
      [EN, "serif", 97],
      [ZH, "", 70],
      [AR, "", 97],
    ],
    { spans: 1, tolerancePx: 0 },
  ));

test("nor where there are no highlights", async () => {
  const others = page;
  page = await site.open("subtitle.html");
  try {
    await page.addInitScript(() => Reflect.deleteProperty(CSS, "highlights"));
    await page.reload();
    await until(page, () => "talk" in window);
    // The width of a span is rounded to a 64th of a px.
    await expectNothingMoves(
      [
        [EN, "serif", 97],
        [AR, "", 97],
      ],
      { spans: 2, tolerancePx: 1 / 32 },
    );
  } finally {
    await page.close();
    page = others;
  }
});

test("growing text stays where it is, also when it has grown", async () => {
  await render({ view: { width: 700, lines: 4 } });
  const result = await page.evaluate(async (text) => {
    const { talk } = window;
    let moved = 0;
    let before = talk.shownPlaces();
    for (const word of text.split(/(?<= )/)) {
      talk.buffer.push(word);
      await talk.at(talk.now() + 16);
      const places = talk.shownPlaces();
      if (before.some(({ x, y }, i) => places[i]?.x !== x || places[i]?.y !== y)) moved++;
      before = places;
    }
    const growing = talk.element("").dataset["growing"];
    talk.buffer.flush();
    await talk.at(talk.now() + 16);
    const after = talk.shownPlaces();
    if (before.some(({ x, y }, i) => after[i]?.x !== x || after[i]?.y !== y)) moved++;
    return { moved, growing, clusters: after.length, lines: talk.lines().length };
  }, EN);
  expect(result).toMatchObject({ moved: 0, growing: "" });
  expect(result.clusters).toBeGreaterThan(97);
  expect(result.lines).toBeGreaterThan(1);
});

test("what is not spoken yet has no colour", async () => {
  await render({
    view: {
      width: 700,
      style: {
        "--voicepath-subtitle-color": "#f00",
        "--voicepath-subtitle-background": "#fff",
      } as object,
    },
  });
  /** Of the box's pixels, how many are reddish. */
  const red = async (): Promise<number> => {
    const png = await page.locator(".voicepath-subtitle-box").screenshot();
    return page.evaluate(async (base64) => {
      const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const image = await createImageBitmap(blob);
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      context?.drawImage(image, 0, 0);
      const { data } = context?.getImageData(0, 0, image.width, image.height) ?? { data: [] };
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if ((data[i] ?? 0) > 200 && (data[i + 1] ?? 0) < 120) count++;
      return count;
    }, png.toString("base64"));
  };
  await page.evaluate(() => {
    const { talk } = window;
    const cue = talk.buffer.add("MMMM WWWW", { clip: { durationMs: 1000 } });
    talk.buffer.start(cue, { atMs: 0 });
    talk.buffer.clip(cue, {
      durationMs: 1000,
      words: [
        { text: "MMMM", atMs: 500 },
        { text: "WWWW", atMs: 900 },
      ],
    });
  });
  const at = async (nowMs: number): Promise<number> => {
    await page.evaluate((nowMs) => window.talk.at(nowMs), nowMs);
    return red();
  };
  await page.evaluate(() => window.talk.frame());
  expect(await lines()).toEqual(["MMMM WWWW"]);
  expect(await at(400)).toBe(0);
  const half = await at(899);
  expect(half).toBeGreaterThan(50);
  expect(await at(1000)).toBeGreaterThan(1.5 * half);
});

// ---- What a frame costs ----

test("between pages there is no layout, no render and no change of the document", async () => {
  await render({ view: { width: 700, lines: 4 } });
  await say(EN, 12_000);
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const layouts = async (): Promise<number> => {
    const { metrics } = await client.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "LayoutCount")?.value ?? Number.NaN;
  };
  await page.evaluate(() => window.talk.settle());
  const before = await layouts();
  const seen = await page.evaluate(async () => {
    const { talk } = window;
    const { renders } = talk;
    let mutations = 0;
    const observer = new MutationObserver((records) => {
      mutations += records.length;
    });
    observer.observe(talk.element(""), {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    const visible = new Set<number>();
    for (let i = 0; i < 150; i++) {
      await talk.at(talk.now() + 60);
      visible.add(talk.buffer.visible);
    }
    observer.disconnect();
    return { renders: talk.renders - renders, mutations, steps: visible.size };
  });
  expect(await layouts()).toBe(before);
  expect(seen).toMatchObject({ renders: 0, mutations: 0 });
  expect(seen.steps).toBeGreaterThan(30);
});

test("frames are asked for only while there is something to do", async () => {
  await render({ options: { lingerMs: 1000, fadeMs: 0 } });
  const loops = (): Promise<number> => page.evaluate(() => window.talk.registry.active("frame"));
  const timers = (): Promise<number> => page.evaluate(() => window.talk.registry.stats().timers);
  await expect.poll(loops).toBe(0);
  expect(await timers()).toBe(0);
  await say("Hello.", 400);
  expect((await loops()) + (await timers())).toBe(1);
  await page.evaluate(async () => {
    const { talk } = window;
    for (talk.nowMs = 0; talk.nowMs < 500; talk.nowMs += 20) await talk.frame();
  });
  // It lingers, and a timer wakes it.
  await expect.poll(loops).toBe(0);
  expect(await timers()).toBe(1);
  await page.evaluate(() => {
    window.talk.nowMs = 2000;
  });
  await expect.poll(() => lines(), { timeout: 5000 }).toEqual([]);
  await expect.poll(loops).toBe(0);
  expect(await timers()).toBe(0);
});

// ---- In time ----

test("a chunk is on show in the next frame, an interruption takes it away in the next frame", async () => {
  await render();
  const seen = await page.evaluate(async () => {
    const { talk } = window;
    const seen: string[][] = [];
    const frame = async (): Promise<void> => {
      talk.nowMs = talk.now() + 16;
      await talk.frame();
      seen.push(talk.lines());
    };
    for (const chunk of ["Hel", "lo, ", "[jo", "y] you ", "there"]) {
      talk.buffer.push(chunk);
      await frame();
    }
    talk.subtitle?.interrupt();
    await frame();
    talk.buffer.push("Too late.");
    await frame();
    talk.buffer.begin();
    talk.buffer.push("Again");
    await frame();
    return seen;
  });
  expect(seen).toEqual([
    ["Hel"],
    ["Hello,"],
    ["Hello,"],
    ["Hello, you"],
    ["Hello, you there"],
    [],
    [],
    ["Again"],
  ]);
});

test("in real time, every frame shows what has been spoken until the one before, and nothing early", async () => {
  await render({ view: { width: 700, lines: 8 } });
  const seen = await page.evaluate(async (text) => {
    const { talk } = window;
    talk.nowMs = null;
    // The same again, asked and not drawn.
    const twin = talk.SubtitleBuffer.create(talk.session, { ...talk.buffer.style });
    const atMs = performance.now() + 50;
    for (const buffer of [talk.buffer, twin])
      buffer.start(buffer.add(text, { clip: { durationMs: 2500 } }), { atMs });
    const seen = { frames: 0, late: 0, early: 0, steps: 0 };
    let beforeMs = performance.now();
    let drawnBefore = 0;
    while (performance.now() < atMs + 2500) {
      await talk.frame();
      const nowMs = performance.now();
      const drawn = talk.shownPlaces().reduce((units, { text }) => units + text.length, 0);
      twin.tick(beforeMs);
      const least = twin.visible;
      twin.tick(nowMs);
      seen.frames++;
      // Spaces at the ends of lines are counted, but not drawn.
      if (drawn < least - talk.lines().length) seen.late++;
      if (drawn > twin.visible) seen.early++;
      if (drawn !== drawnBefore) seen.steps++;
      beforeMs = nowMs;
      drawnBefore = drawn;
    }
    twin.dispose();
    return seen;
  }, EN);
  expect(seen.early).toBe(0);
  // A machine that is busy may wake it too late now and then.
  expect(seen.late).toBeLessThanOrEqual(2);
  expect(seen.steps).toBeGreaterThan(20);
});

test("its phases, as the style sheet sees them", async () => {
  await render({ options: { lingerMs: 1000, fadeMs: 400 } });
  const style = (nowMs: number): Promise<string[]> =>
    page.evaluate(async (nowMs) => {
      const { talk } = window;
      await talk.at(nowMs);
      const { visibility, transitionProperty, transitionDuration } = getComputedStyle(
        talk.element("-box"),
      );
      const phase = talk.element("").dataset["phase"] ?? "";
      return [phase, visibility, transitionProperty, transitionDuration];
    }, nowMs);
  expect((await style(0)).slice(0, 2)).toEqual(["empty", "hidden"]);
  await say("Hello there.", 1000);
  expect((await style(500)).slice(0, 2)).toEqual(["showing", "visible"]);
  expect((await style(1500)).slice(0, 2)).toEqual(["lingering", "visible"]);
  expect(await style(2100)).toEqual(["fading", "visible", "opacity", "0.4s"]);
  expect((await style(3000)).slice(0, 2)).toEqual(["empty", "hidden"]);
});

// ---- The box ----

test("text never overflows, whatever the width, the font and the script", {
  timeout: 60_000,
}, async () => {
  const wide = await page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    if (context) context.font = '20px "WenQuanYi Micro Hei"';
    return ["国", "の", "한"].map((text) => context?.measureText(text).width);
  });
  expect(wide, "fonts-wqy-microhei is installed").toEqual([20, 20, expect.closeTo(18, -1)]);
  const misfits: string[] = [];
  let linesSeen = 0;
  for (const className of ["", "serif", "spaced"]) {
    await render({ view: { className, lines: 3 }, options: { instant: true } });
    for (const text of [EN, ZH, JA, KO, AR, HE]) {
      const result = await page.evaluate(async (text) => {
        const { talk } = window;
        const misfits: string[] = [];
        let count = 0;
        const cue = talk.buffer.add(text, { clip: { durationMs: 8000 }, translation: text });
        talk.buffer.start(cue, { atMs: talk.now() });
        const from = talk.now();
        // From here on in a frame, before its layout: what it lays out is looked at in the next one.
        await talk.frame();
        for (let width = 180; width < 900; width += 41) {
          talk.element("").style.width = `${width}px`;
          await talk.at(from + (width - 180) * 11);
          misfits.push(...talk.misfits(), ...talk.misfits("-translation"));
          count += talk.lines().length + talk.lines("-translation").length;
        }
        await talk.at(from + 20_000);
        return { misfits, count };
      }, text);
      misfits.push(...result.misfits);
      linesSeen += result.count;
    }
    await page.evaluate(() => window.talk.unmount());
  }
  expect(misfits).toEqual([]);
  expect(linesSeen).toBeGreaterThan(1000);
});

test("a wider box has longer lines: by its props, by CSS, by hand", async () => {
  const options = { balance: false };
  await render({ options, view: { width: 300 } });
  await say(EN, 60_000);
  const firstLine = async (): Promise<number> => (await lines())[0]?.length ?? 0;
  const narrow = await firstLine();
  await render({ options, view: { width: 600 } });
  const wide = await firstLine();
  expect(wide).toBeGreaterThan(1.5 * narrow);
  await page.evaluate(async () => {
    window.talk.element("").style.width = "900px";
    await window.talk.frame();
    await window.talk.frame();
  });
  expect(await firstLine()).toBeGreaterThan(wide);
  const style = await page.addStyleTag({
    content: ".voicepath-subtitle { --voicepath-subtitle-font: 40px 'DejaVu Sans' }",
  });
  await page.evaluate(() => window.talk.settle());
  expect(await firstLine()).toBeLessThan(wide);
  expect(await page.evaluate(() => window.talk.misfits())).toEqual([]);
  await style.evaluate((element) => (element as HTMLElement).remove());
  await render({ options, view: { width: 600, resizable: true } });
  const resize = await page.evaluate(() => getComputedStyle(window.talk.element("")).resize);
  expect(resize).toBe("horizontal");
});

test("no frame is painted with lines that do not fit", async () => {
  await render({ view: { width: 800 } });
  await say(EN, 60_000);
  const misfits = await page.evaluate(async () => {
    const { talk } = window;
    const misfits: string[] = [];
    // Told after the component's own, and before anything is painted.
    const observer = new ResizeObserver(() => {
      misfits.push(...talk.misfits());
    });
    observer.observe(talk.element(""));
    for (let width = 800; width > 200; width -= 50) {
      talk.element("").style.width = `${width}px`;
      await talk.frame();
    }
    observer.disconnect();
    return misfits;
  });
  expect(misfits).toEqual([]);
});

test("lines is a prop, and a wrong one is a named error", async () => {
  await render({ view: { width: 300, lines: 1 } });
  await say(EN, 60_000);
  expect(await lines()).toHaveLength(1);
  await render({ view: { width: 300, lines: 3 } });
  expect(await lines()).toHaveLength(3);
  await render({ view: { width: 300, lines: 99 } });
  const failed = await page.evaluate(() => document.getElementById("failed")?.textContent);
  expect(failed).toBe("lines is 99; it must be a number, 1 to 8");
  expect(await active()).toBe(0);
});

// ---- For everybody ----

test("right to left, and two languages", async () => {
  await render({ view: { width: 500, lang: "ar", translationLang: "en" } });
  await say(AR, 10_000, EN);
  const seen = await page.evaluate(async () => {
    const { talk } = window;
    await talk.at(3000);
    const block = talk.element("-text");
    const translation = talk.element("-translation");
    const [first, second] = talk.shownPlaces();
    return {
      rtl: [block.matches(":dir(rtl)"), translation.matches(":dir(rtl)")],
      lang: [block.lang, translation.lang],
      leftwards: (first?.x ?? 0) > (second?.x ?? 0),
      smaller: Number.parseFloat(getComputedStyle(translation).fontSize),
      below: translation.offsetTop >= block.offsetTop + block.offsetHeight,
      lines: talk.lines("-translation").length,
    };
  });
  expect(seen).toEqual({
    rtl: [true, false],
    lang: ["ar", "en"],
    leftwards: true,
    smaller: 15,
    below: true,
    lines: 2,
  });
});

test("reduced motion: at once, without fading", async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await render();
  await say("Hello there.", 10_000);
  const hidden = (): Promise<number> =>
    page.evaluate(() => window.talk.hiddenRanges().filter(({ collapsed }) => !collapsed).length);
  expect(await page.evaluate(() => window.talk.buffer.visible)).toBeLessThan(5);
  expect(await hidden()).toBe(0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await expect.poll(hidden).toBe(1);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(hidden).toBe(0);
  await page.emulateMedia({ reducedMotion: null });
});

test("a screen reader is told every cue once, whole", async () => {
  const told = (announce: boolean): Promise<string[]> =>
    page.evaluate(async (announce) => {
      const { talk } = window;
      talk.nowMs = 0;
      await talk.render({ view: { announce, width: 300, lines: 1 } });
      const told: string[] = [];
      const observer = new MutationObserver((records) => {
        for (const { addedNodes } of records)
          for (const { textContent } of addedNodes) told.push(textContent ?? "");
      });
      observer.observe(talk.element("-live"), {
        childList: true,
        characterData: true,
        subtree: true,
      });
      const { buffer } = talk;
      const say = async (text: string): Promise<void> => {
        const cue = buffer.add(text, { clip: { durationMs: 1000 } });
        buffer.start(cue, { atMs: talk.now() });
        await talk.watch(talk.now() + 1100, 100);
      };
      await say("One two three four five six seven eight nine ten eleven.");
      await say("Yes.");
      await say("Yes.");
      for (const piece of ["It gro", "ws and ", "grows."]) {
        buffer.push(piece);
        await talk.watch(talk.now() + 50, 50);
      }
      buffer.flush();
      await talk.watch(talk.now() + 3000, 100);
      buffer.add("Never.", { clip: true });
      buffer.interrupt(talk.now());
      await talk.watch(talk.now() + 50, 50);
      observer.disconnect();
      const live = talk.element("-live");
      if (live.textContent !== "") told.push(`left: ${live.textContent}`);
      talk.unmount();
      return told;
    }, announce);
  expect(await told(true)).toEqual([
    "One two three four five six seven eight nine ten eleven.",
    "Yes.",
    "Yes.",
    "It grows and grows.",
  ]);
  expect(await told(false)).toEqual([]);
  await render();
  const roles = await page.evaluate(() => [
    window.talk.element("-box").getAttribute("aria-hidden"),
    window.talk.element("-live").getAttribute("aria-live"),
  ]);
  expect(roles).toEqual(["true", "polite"]);
});

// ---- What is left ----

test("mounted and unmounted 20 times in StrictMode, nothing is left", async () => {
  const left = (): Promise<unknown> =>
    page.evaluate(() => [
      window.talk.registry.active(),
      window.talk.session.usedBytes,
      CSS.highlights.size,
      document.adoptedStyleSheets.length,
    ]);
  const open = (): Promise<unknown> =>
    page.evaluate(() => [
      window.talk.registry.active("frame") <= 1,
      CSS.highlights.size,
      window.talk.hiddenRanges().length,
      document.adoptedStyleSheets.length,
    ]);
  await render();
  await page.evaluate(() => window.talk.unmount());
  const before = await left();
  expect(before).toEqual([0, expect.any(Number), 0, 0]);
  for (let i = 0; i < 20; i++) {
    await render({ views: 2 });
    // Two boxes with two languages each.
    expect(await open()).toEqual([i >= 0, 1, 4, 1]);
    if (i % 3 === 0) await say("Hello there.", 1000);
    if (i % 3 === 1) await page.evaluate(() => void window.talk.buffer.push("Hello"));
    await page.evaluate(() => window.talk.unmount());
    expect(await left()).toEqual(before);
  }
  // Hidden by Activity too.
  await render();
  await say("Hello there.", 1000);
  await render({ mode: "hidden" });
  expect(await left()).toEqual(before);
  expect(await lines()).toEqual([]);
  await render({ mode: "visible" });
  expect(await page.evaluate(() => window.talk.element("").dataset["phase"])).toBe("empty");
  await say("Back.", 1000);
  expect(await lines()).toEqual(["Back."]);
});

test("useSubtitle: the functions stay the same, and work at any time", async () => {
  await page.evaluate(() => {
    window.talk.strict = false;
  });
  await render({ early: "Too early." });
  expect(await page.evaluate(() => window.talk.events)).toEqual(["early 0"]);
  const result = await page.evaluate(async () => {
    const { talk } = window;
    const first = talk.subtitle;
    if (!first) throw new Error("there is none");
    await talk.render({ options: { lines: 1, now: talk.now } });
    const second = talk.subtitle;
    const same = (Object.keys(first) as (keyof typeof first)[]).filter(
      (name) => first[name] !== second?.[name],
    );
    const cue = first.add("One.", { clip: { durationMs: 100 } });
    const started = [first.start(cue), first.start(99), first.start(0), first.finish(cue)];
    const lines = first.buffer?.style.lines;
    const heard = first.interrupt().heard;
    talk.unmount();
    const after = [first.add("Late."), first.begin(), first.start(cue), first.heard()];
    return { same, started, lines, heard, after, cues: first.interrupt().cues };
  });
  expect(result).toEqual({
    same: [],
    started: [true, false, false, true],
    lines: 1,
    heard: "One.",
    after: [0, 0, false, ""],
    cues: [],
  });
});

test("useSubtitle: the latest onTag is called, and wrong options are named", async () => {
  const tags = await page.evaluate(async () => {
    const { talk } = window;
    const tags: string[] = [];
    for (const label of ["old", "new"])
      await talk.render({ options: { onTag: ({ text }) => void tags.push(`${label} ${text}`) } });
    talk.buffer.add("[joy]Hello.");
    await talk.watch(100, 50);
    return tags;
  });
  expect(tags).toEqual(["new joy"]);
  await render({ options: { cues: -1 } });
  // What is made already is not made anew.
  expect(await page.evaluate(() => window.talk.buffer.size.cues)).toBe(256);
  await page.evaluate(() => window.talk.unmount());
  await render({ options: { cues: -1 } });
  const failed = await page.evaluate(() => document.getElementById("failed")?.textContent);
  expect(failed).toMatch(/^cues is -1; it must be /);
  expect(await active()).toBe(0);
});

test("a buffer that is disposed of is shown no more, and breaks nothing", async () => {
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await render();
  await say("Hello there.", 60_000);
  await page.evaluate(async () => {
    const { talk } = window;
    talk.buffer.dispose();
    await talk.settle();
    talk.unmount();
  });
  expect(errors).toEqual([]);
  expect(await active()).toBe(0);
});
