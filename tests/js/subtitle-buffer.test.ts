/** The class around vp_subtitle, whose rules tests/c checks. */
import { readFileSync } from "node:fs";
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import {
  VP_CUE_UNITS_MAX,
  VP_CUE_UNITS_MIN,
  VP_CUES_MAX,
  VP_CUES_MIN,
  VP_LINES_MAX,
  VP_TEXT_UNITS_MAX,
  VP_TEXT_UNITS_MIN,
  VP_VOLUMES_MAX,
  VP_WIDTHS_MAX,
  VP_WIDTHS_MIN,
  VP_WORDS_MAX,
} from "../../js-glue/src/abi.gen.js";
import { SubtitleBuffer, type SubtitleEvents } from "../../js-glue/src/subtitle/subtitle-buffer.js";
import type { SubtitleClip } from "../../js-glue/src/subtitle/subtitle-clip.js";
import type { SubtitleOptions } from "../../js-glue/src/subtitle/subtitle-options.js";
import { SessionModule } from "../../js-glue/src/wasm.js";

const wasm = await WebAssembly.compile(readFileSync("dist/assets/session.wasm"));
const session = new SessionModule(wasm);
const code = (code: string) => expect.objectContaining({ name: "VoicepathError", code });
const wrong = (option: string) =>
  expect.objectContaining({ name: "VoicepathError", code: "OPTION", option });

/** Every character is as wide as it is high, so a line has widthPx / 10 of them. */
const open = (options: SubtitleOptions = {}): SubtitleBuffer =>
  SubtitleBuffer.create(session, {
    widthPx: 300,
    emPx: 10,
    measure: () => 10,
    balance: false,
    ...options,
  });
const texts = (subtitle: SubtitleBuffer): string[] | undefined =>
  subtitle.page?.lines.map(({ text }) => text);

// ---- Options ----

const NUMBERS: readonly [keyof SubtitleOptions, min: number, max: number, other: object][] = [
  ["textUnits", VP_TEXT_UNITS_MIN, VP_TEXT_UNITS_MAX, { cueUnits: VP_CUE_UNITS_MIN }],
  ["cues", VP_CUES_MIN, VP_CUES_MAX, {}],
  ["cueUnits", VP_CUE_UNITS_MIN, VP_CUE_UNITS_MAX, {}],
  ["clipSlices", 0, VP_VOLUMES_MAX, {}],
  ["clipWords", 0, VP_WORDS_MAX, {}],
  ["clusterWidths", VP_WIDTHS_MIN, VP_WIDTHS_MAX, {}],
  ["widthPx", 1, 100_000, {}],
  ["emPx", 1, 10_000, {}],
  ["lines", 1, VP_LINES_MAX, {}],
  ["readingSpeed", 0.1, 10, {}],
  ["minMs", 0, 86_400_000, {}],
  ["maxMs", 0, 86_400_000, {}],
  ["lingerMs", 0, 86_400_000, {}],
  ["fadeMs", 0, 86_400_000, {}],
];

test.each(NUMBERS)("%s: %d to %d, and C takes both", (option, min, max, other) => {
  const bytes = session.usedBytes;
  for (const value of [min, max])
    SubtitleBuffer.create(session, { ...other, [option]: value }).dispose();
  for (const value of [min - 0.01, max + 1, Number.NaN, "2", null, {}])
    expect(() => SubtitleBuffer.create(session, { ...other, [option]: value }), `${value}`).toThrow(
      wrong(option),
    );
  expect(session.usedBytes).toBe(bytes);
});

test("other options, and those that depend on each other", () => {
  const refused: readonly [string, object][] = [
    ["clusterWidths", { clusterWidths: 1000 }],
    ["cueUnits", { textUnits: 1100, cueUnits: 276 }],
    ["minMs", { minMs: 2, maxMs: 1 }],
    ["balance", { balance: 1 }],
    ["instant", { instant: "yes" }],
    ["measure", { measure: 12 }],
    ["tags", { tags: "hide" }],
    ["tags.think", { tags: { think: "listen" } }],
    ["lines", { lines: 1.5 }],
  ];
  for (const [option, options] of refused)
    expect(() => SubtitleBuffer.create(session, options), option).toThrow(wrong(option));
  using large = SubtitleBuffer.create(session, { cueUnits: 4096, minMs: 9000 });
  expect(large.size.textUnits).toBeGreaterThanOrEqual(4 * 4096);
  expect(large.style.maxMs).toBe(9000);
  using small = SubtitleBuffer.create(session, { textUnits: 1100, maxMs: 100 });
  expect(small.size.cueUnits).toBe(275);
  expect(small.style.minMs).toBe(100);
  expect(SubtitleBuffer.create(session).style.tags).toEqual({
    bracket: "event",
    think: "hide",
    paren: "show",
    star: "show",
  });
});

test("what is said of the options is what C says", () => {
  const source = readFileSync("js-glue/src/subtitle/subtitle-options.ts", "utf8");
  using subtitle = SubtitleBuffer.create(session);
  const said = (option: string): string =>
    new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*readonly ${option}\\?`).exec(source)?.[1] ?? "";
  const settings: Record<string, unknown> = { ...subtitle.size, ...subtitle.style };
  for (const [option, value] of Object.entries(settings))
    if (option !== "tags") expect(said(option), option).toMatch(RegExp(`default ${value}\\b`, "i"));
  for (const [option, min, max] of NUMBERS) {
    const word = (value: number): string =>
      value === 86_400_000
        ? "a day"
        : option === "maxMs"
          ? "`minMs`"
          : `${value}`.replace(/^0\./, ".");
    expect(said(option), option).toContain(`${word(min)} to ${word(max)}`);
  }
});

// ---- Text to lines ----

test("text becomes lines, and the same page is the same object", () => {
  using subtitle = open();
  const cue = subtitle.add("The quick brown fox jumps over the lazy dog and is gone.", {
    clip: { durationMs: 1000 },
  });
  subtitle.start(cue, { atMs: 0 });
  subtitle.tick(0);
  expect(texts(subtitle)).toEqual(["The quick brown fox jumps over", "the lazy dog and is gone."]);
  expect(subtitle.page?.lines.map(({ from }) => from)).toEqual([0, 31]);
  const { page, visible, revision } = subtitle;
  subtitle.tick(500);
  expect(subtitle.revision).not.toBe(revision);
  expect(subtitle.visible).toBeGreaterThan(visible);
  expect(subtitle.page).toBe(page);
  subtitle.tick(1000);
  expect(subtitle.visible).toBe(56);
  expect(subtitle).toMatchObject({ phase: "lingering", cue, translationPage: null });
  subtitle.tick(1000 + 1500);
  expect(subtitle.phase).toBe("fading");
  subtitle.tick(1000 + 1500 + 250);
  expect(subtitle).toMatchObject({ phase: "empty", cue: 0, page: null });
  expect(subtitle.dueMs).toBe(Number.POSITIVE_INFINITY);
});

test("every cluster is measured once, with its language", () => {
  const measured: string[] = [];
  const measure = (cluster: string, language: string): number => {
    measured.push(`${cluster} ${language}`);
    return 10;
  };
  using subtitle = SubtitleBuffer.create(session, { measure });
  subtitle.add("e\u0301e👨‍👩‍👧e 국👨‍👩‍👧", { translation: "ß" });
  const all = ["e\u0301", "e", "👨‍👩‍👧", " ", "국"].map((cluster) => `${cluster} text`);
  expect(measured.sort()).toEqual([...all, "ß translation"].sort());
  measured.length = 0;
  subtitle.push("e국");
  expect(measured).toEqual([]);
  subtitle.restyle({ measure });
  expect(measured.sort()).toEqual([...all, "ß translation"].sort());
});

test("a measure that fails counts as an em, and breaks nothing", () => {
  const uncaught: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => uncaught.push(error));
  const answers = [Number.NaN, -1, Number.POSITIVE_INFINITY, undefined, "wide"];
  using subtitle = open({
    measure: () => {
      if (answers.length > 0) return answers.pop() as number;
      throw new Error("no canvas");
    },
  });
  subtitle.add("abcdef");
  subtitle.tick(0);
  expect(texts(subtitle)).toEqual(["abcdef"]);
  subtitle.restyle({ widthPx: 25, lines: 3 });
  subtitle.tick(0);
  expect(texts(subtitle)).toEqual(["ab", "cd", "ef"]);
  vi.unstubAllGlobals();
  expect(uncaught).toEqual([new Error("no canvas")]);
});

test("more clusters than widths are remembered", () => {
  const text = Array.from({ length: 500 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join("");
  let measured = 0;
  using subtitle = open({
    clusterWidths: 16,
    measure: () => {
      measured++;
      return 10;
    },
  });
  subtitle.add(text);
  subtitle.tick(0);
  expect(measured).toBeLessThan(10_000);
  expect(texts(subtitle)).toEqual([text.slice(0, 30), text.slice(30, 60)]);
});

test("a stream cut anywhere is the same as the whole", () => {
  const text = "「やめて！」と彼女は言った。 It costs 3.14 € 👩‍🚀. [sad] Are you, e\u0301h, sure?";
  const whole = open();
  whole.push(text);
  whole.flush();
  const expected = whole.cues().map(({ text, spaceBefore }) => [text, spaceBefore]);
  expect(expected.map(([text]) => text).join("")).not.toContain("sad");
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      using subtitle = open();
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      let complete = 0;
      places.forEach((to, i) => {
        complete += subtitle.push(text.slice(places[i - 1] ?? 0, to));
      });
      complete += subtitle.flush();
      const cues = subtitle.cues().map(({ text, spaceBefore }) => [text, spaceBefore]);
      expect(cues).toEqual(expected);
      expect(complete).toBe(cues.length);
    }),
    { numRuns: 200 },
  );
  whole.dispose();
});

test("growing text says so", () => {
  using subtitle = open();
  subtitle.push("Hello, I am ");
  subtitle.tick(0);
  expect(subtitle.page).toMatchObject({ growing: true });
  expect(texts(subtitle)).toEqual(["Hello, I am"]);
  subtitle.push("here");
  subtitle.tick(10);
  expect(texts(subtitle)).toEqual(["Hello, I am here"]);
  expect(subtitle.flush()).toBe(1);
  subtitle.tick(20);
  expect(subtitle.page).toMatchObject({ growing: false });
});

// ---- Sound, and what was heard ----

test("what was heard, to the cluster, with the spaces that were lost", () => {
  using subtitle = open();
  const clip = { durationMs: 1000 };
  const cues = ["I met Mr. Smith.", "He smiled.", "你好。", "再见。"].map((text) =>
    subtitle.add(text, { clip }),
  );
  expect(cues).toEqual([1, 2, 3, 4]);
  cues.forEach((cue, i) => {
    subtitle.start(cue, { atMs: 1000 * i });
    subtitle.tick(1000 * i);
  });
  expect(subtitle.heard(4000)).toBe("I met Mr. Smith. He smiled.你好。再见。");
});

test("an interruption knows what was heard, and takes no more text", () => {
  using subtitle = open();
  const first = subtitle.add("One two.", { id: "a", clip: { durationMs: 500 } });
  const words = ["Three", "four", "five"].map((text, i) => ({ text, atMs: 1000 * i }));
  const second = subtitle.add("Three four five.", { clip: { durationMs: 3000, words } });
  const third = subtitle.add("Never.", { clip: true });
  subtitle.start(first, { atMs: 0 });
  subtitle.start(second, { atMs: 500 });
  subtitle.tick(600);
  // 600 ms before "five" begins.
  const { heard, cues } = subtitle.interrupt(500 + 1400);
  expect(heard).toMatch(/^One two\. Three f(our ?)?$|^One two\. Three fo?u?r?$/);
  expect(cues.map(({ cue, id, state }) => [cue, id, state])).toEqual([
    [first, "a", "ended"],
    [second, null, "dropped"],
    [third, null, "dropped"],
  ]);
  expect(subtitle).toMatchObject({ phase: "empty", page: null, accepting: false });
  expect(cues[1]).toMatchObject({ startMs: 500, endMs: 1900 });
  expect(subtitle.add("Late.", { clip: true })).toBe(0);
  expect(subtitle.push("Late. Later.")).toBe(0);
  expect(() => subtitle.start(third, { atMs: 2000 })).toThrow(code("VP_E_CUE"));
  expect(() => subtitle.translate(third, "nie")).toThrow(code("VP_E_CUE"));
  expect(subtitle.begin()).toBe(2);
  expect(subtitle.add("Again.", { clip: true })).toBeGreaterThan(third);
  expect(subtitle.heard(2000)).toBe("");
});

/** Three words in equal thirds, by what is said of the clip. */
const thirds = (clip: SubtitleClip): string[] => {
  using subtitle = open();
  const cue = subtitle.add("Aaaa bbbb cccc", { clip });
  subtitle.start(cue, { atMs: 0 });
  return [0.5, 1.5, 2.5].map((third) =>
    subtitle
      .heard(third * 1000)
      .trim()
      .slice(0, 14),
  );
};

test("words are found in the text, one after the other; the others are skipped", () => {
  const words = [
    { text: "Aaaa", atMs: 0 },
    { text: "dddd", atMs: 100 },
    { text: " bbbb ", atMs: 1000 },
    { text: "", atMs: 1100 },
    { text: "aaaa", atMs: 1200 },
    { text: "cccc", atMs: 2000 },
  ];
  const heard = thirds({ durationMs: 3000, words });
  expect(heard[0]).toMatch(/^Aa{0,3}$/);
  expect(heard[1]).toMatch(/^Aaaa b{1,4}$/);
  expect(heard[2]).toMatch(/^Aaaa bbbb c{1,4}$/);
});

test("more volumes than there is room for are taken several at a time", () => {
  // A second of silence in the middle of three: nothing is spoken there.
  const volumes = Array.from({ length: 300 }, (_, i) => (i >= 100 && i < 200 ? 0 : 0.8));
  const spoken = (clipSlices: number): number => {
    using subtitle = open({ clipSlices });
    const cue = subtitle.add("Aaaa bbbb cccc dddd eeee ffff.", { clip: { volumes, sliceMs: 10 } });
    expect(subtitle.get(cue)?.durationMs).toBe(3000);
    subtitle.start(cue, { atMs: 0 });
    const before = subtitle.heard(1100).length;
    return subtitle.heard(1950).length - before;
  };
  expect(spoken(3000)).toBe(0);
  expect(spoken(150)).toBe(0);
  // Without volumes it would go on.
  expect(spoken(0)).toBeGreaterThan(0);
});

test("wrong clips are named, and change nothing", () => {
  using subtitle = open();
  const refused: readonly [string, unknown][] = [
    ["clip", null],
    ["clip", 3],
    ["durationMs", { durationMs: -1 }],
    ["durationMs", { durationMs: Number.NaN }],
    ["durationMs", { durationMs: 86_400_001 }],
    ["sliceMs", { sliceMs: 0 }],
    ["volumes", { volumes: 5 }],
    ["volumes", { volumes: "loud" }],
    ["volumes", { volumes: [1, "2"] }],
    ["volumes", { volumes: BigInt64Array.of(1n) }],
    ["words", { words: {} }],
    ["words[0].text", { words: [null] }],
    ["words[1].atMs", { words: [{ text: "a", atMs: 1 }, { text: "b" }] }],
  ];
  const cue = subtitle.add("Hello.", { clip: true });
  for (const [option, clip] of refused) {
    expect(() => subtitle.add("Other.", { clip: clip as SubtitleClip })).toThrow(wrong(option));
    expect(() => subtitle.clip(cue, clip as SubtitleClip)).toThrow(wrong(option));
  }
  expect(() => subtitle.start(cue, { atMs: "0" as never })).toThrow(wrong("atMs"));
  expect(() => subtitle.start(cue, { atMs: Number.NaN })).toThrow(code("VP_E_TIME"));
  expect(() => subtitle.start(7, { atMs: 1 })).toThrow(code("VP_E_CUE"));
  expect(() => subtitle.start(1.5, { atMs: 1 })).toThrow(wrong("cue"));
  expect(() => subtitle.finish(cue, 5)).toThrow(code("VP_E_CUE"));
  expect(() => subtitle.interrupt(-1)).toThrow(code("VP_E_TIME"));
  expect(() => subtitle.heard(Number.POSITIVE_INFINITY)).toThrow(code("VP_E_TIME"));
  expect(subtitle.cues()).toMatchObject([{ state: "waiting", text: "Hello." }]);
});

test("wrong texts and ids", () => {
  using subtitle = open({ cueUnits: 256 });
  expect(() => subtitle.push(5 as never)).toThrow(wrong("text"));
  expect(() => subtitle.push("a", { clip: 1 as never })).toThrow(wrong("clip"));
  expect(() => subtitle.add("x".repeat(257))).toThrow(wrong("text.length"));
  expect(() => subtitle.add("x", { translation: "x".repeat(257) })).toThrow(
    wrong("translation.length"),
  );
  for (const id of ["", "a\nb", "a --> b", 5]) {
    expect(() => subtitle.add("x", { id: id as string })).toThrow(wrong("id"));
  }
  subtitle.add("First.", { id: "first" });
  expect(() => subtitle.add("Second.", { id: "first" })).toThrow(wrong("id"));
  expect(subtitle.cues().map(({ text }) => text)).toEqual(["First."]);
});

// ---- Events ----

test("tags are told when what stands before them was spoken; listeners may do anything", () => {
  using subtitle = open({ tags: { star: "event" } });
  const seen: SubtitleEvents["tag"][] = [];
  subtitle.on("tag", (tag) => seen.push(tag));
  let changes = 0;
  subtitle.on("change", (revision) => {
    changes++;
    expect(revision).toBe(subtitle.revision);
  });
  const cue = subtitle.add("[joy] Hello *waves* there.", { clip: { durationMs: 1000 } });
  subtitle.tick(0);
  expect(seen).toEqual([]);
  subtitle.start(cue, { atMs: 100 });
  subtitle.tick(100);
  expect(seen).toEqual([{ kind: "bracket", text: "joy", cue, at: 0 }]);
  subtitle.tick(1100);
  expect(seen.slice(1)).toEqual([{ kind: "star", text: "waves", cue, at: 6 }]);
  expect(subtitle.cues()[0]?.text).toBe("Hello there.");
  const before = changes;
  subtitle.tick(1100);
  expect(changes).toBe(before);

  const other = open();
  other.add("[one][two]Text.");
  const told: string[] = [];
  other.on("tag", ({ text }) => {
    told.push(text);
    other.dispose();
  });
  other.tick(0);
  expect(told).toEqual(["one"]);
});

test("input is told by everything that may change when to tick, and by no tick", () => {
  using subtitle = open();
  let inputs = 0;
  subtitle.on("input", () => inputs++);
  const expectInput = (action: () => unknown): void => {
    const before = inputs;
    action();
    expect(inputs, `${action}`).toBeGreaterThan(before);
  };
  expectInput(() => subtitle.begin());
  expectInput(() => subtitle.push("Hello"));
  expectInput(() => subtitle.flush());
  expectInput(() => subtitle.add("There", { clip: true }));
  expectInput(() => subtitle.translate(2, "Da"));
  expectInput(() => subtitle.clip(2, { durationMs: 100 }));
  expectInput(() => subtitle.start(2, { atMs: 0 }));
  expectInput(() => subtitle.restyle({ lines: 3 }));
  inputs = 0;
  subtitle.tick(50);
  expect(inputs).toBe(0);
  expectInput(() => subtitle.finish(2, 60));
  expectInput(() => subtitle.interrupt(70));
});

test("what others restyle is seen by who only ticks", () => {
  using subtitle = open();
  subtitle.add("The quick brown fox jumps over the lazy dog.");
  const revision = subtitle.tick(0);
  const page = subtitle.page;
  subtitle.restyle({ widthPx: 150, lines: 3 });
  void subtitle.page;
  expect(subtitle.tick(1)).not.toBe(revision);
  expect(subtitle.page).not.toBe(page);
  expect(texts(subtitle)).toEqual(["The quick brown", "fox jumps over", "the lazy dog."]);
});

// ---- Memory ----

test("the oldest cues make room; ids go with them", () => {
  using subtitle = open({ cues: 32, textUnits: 1024, cueUnits: 256 });
  for (let i = 0; i < 500; i++) {
    const cue = subtitle.add(`Sentence ${i}.`, { id: `${i}`, clip: { durationMs: 10 } });
    expect(cue).toBe(i + 1);
    subtitle.start(cue, { atMs: 10 * i });
    subtitle.tick(10 * i + 10);
  }
  const cues = subtitle.cues();
  expect(cues.length).toBeGreaterThan(4);
  expect(cues.length).toBeLessThanOrEqual(32);
  for (const { cue, id, text } of cues) {
    expect(id).toBe(`${cue - 1}`);
    expect(text).toBe(`Sentence ${cue - 1}.`);
  }
  expect(subtitle.get(1)).toBe(null);
  expect(subtitle.get(500)).toEqual(cues.at(-1));
  // An id is free again when its cue is gone.
  expect(subtitle.add("New.", { id: "0" })).toBe(501);
});

test("memory that grows under it is read where it is now", () => {
  const session = new SessionModule(wasm);
  using subtitle = SubtitleBuffer.create(session, { measure: () => 10, widthPx: 300, emPx: 10 });
  const cue = subtitle.add("Hello there.", { clip: { durationMs: 100 }, translation: "Da." });
  subtitle.start(cue, { atMs: 0 });
  subtitle.tick(100);
  const before = session.memoryBytes;
  const buffers = Array.from({ length: 8 }, () => SubtitleBuffer.create(session));
  expect(session.memoryBytes).toBeGreaterThan(before);
  expect(texts(subtitle)).toEqual(["Hello there."]);
  expect(subtitle.cues()).toMatchObject([{ text: "Hello there.", translation: "Da." }]);
  const next = subtitle.add("And on.", {
    clip: { volumes: [1, 1], words: [{ text: "on", atMs: 1 }] },
  });
  subtitle.start(next, { atMs: 200 });
  subtitle.tick(300);
  expect(texts(subtitle)).toEqual(["And on."]);
  for (const buffer of buffers) buffer.dispose();
});

test("a megabyte is cut into cues; more than is kept must be shown before more comes", () => {
  const megabyte = "x".repeat(2 ** 20);
  using subtitle = open({ textUnits: 2 ** 20, cueUnits: 4096 });
  let shown = 0;
  for (let from = 0; from < megabyte.length; from += 2 ** 18) {
    shown += subtitle.push(megabyte.slice(from, from + 2 ** 18));
    // It is read until nothing of it waits.
    while (subtitle.dueMs < Number.POSITIVE_INFINITY && subtitle.phase !== "lingering")
      subtitle.tick(subtitle.dueMs);
  }
  expect(shown + subtitle.flush()).toBe(subtitle.cues().at(-1)?.cue);
  for (const { text } of subtitle.cues()) expect(text).toMatch(/^x{1,4096}$/);
  using small = open();
  expect(() => small.push(megabyte)).toThrow(code("VP_E_CAPACITY"));
  expect(
    small
      .cues()
      .map(({ text }) => text)
      .join(""),
  ).toMatch(/^x{10000,16384}$/);
});

test("disposed of, everything says so and nothing stays", () => {
  const bytes = session.usedBytes;
  const subtitle = open();
  subtitle.add("Hello.");
  subtitle.dispose();
  subtitle.dispose();
  expect(session.usedBytes).toBe(bytes);
  expect(subtitle.disposed).toBe(true);
  const uses: (() => unknown)[] = [
    () => subtitle.begin(),
    () => subtitle.push("a"),
    () => subtitle.push(""),
    () => subtitle.flush(),
    () => subtitle.add("a"),
    () => subtitle.translate(1, "a"),
    () => subtitle.clip(1, {}),
    () => subtitle.start(1, { atMs: 0 }),
    () => subtitle.finish(1, 0),
    () => subtitle.tick(0),
    () => subtitle.heard(0),
    () => subtitle.interrupt(0),
    () => subtitle.dueMs,
    () => subtitle.phase,
    () => subtitle.turn,
    () => subtitle.accepting,
    () => subtitle.cue,
    () => subtitle.page,
    () => subtitle.translationPage,
    () => subtitle.visible,
    () => subtitle.translationVisible,
    () => subtitle.get(1),
    () => subtitle.cues(),
    () => subtitle.toWebVTT(),
    () => subtitle.toSRT(),
    () => subtitle.snapshot(0),
    () => subtitle.restyle({}),
  ];
  for (const use of uses) expect(use, `${use}`).toThrow(code("DISPOSED"));
});

test("a tick makes no garbage, whether something changes or not", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  using subtitle = open({ cueUnits: 4096, lines: 8, widthPx: 10_000 });
  const cue = subtitle.add("你".repeat(4000), { clip: { durationMs: 4000 * 100 } });
  subtitle.start(cue, { atMs: 0 });
  // Whole numbers, for V8 puts others into objects when they are passed on.
  let seen = 0;
  let changes = 0;
  const bytesOf = (fromMs: number, toMs: number, stepMs: number): number => {
    collect();
    const before = getHeapStatistics().used_heap_size;
    for (let nowMs = fromMs; nowMs < toMs; nowMs += stepMs) {
      const { revision } = subtitle;
      if (subtitle.tick(nowMs) !== revision) changes++;
      seen += subtitle.visible + subtitle.translationVisible + (subtitle.page?.serial ?? 0);
    }
    return (getHeapStatistics().used_heap_size - before) / ((toMs - fromMs) / stepMs);
  };
  // What the compiler itself takes comes and goes, so the least of several counts.
  const least = (from: number, stepMs: number): number =>
    Math.min(
      ...[0, 1, 2, 3].map((i) => bytesOf(from + 20_000 * i, from + 20_000 * (i + 1), stepMs)),
    );
  bytesOf(0, 20_000, 1);
  bytesOf(20_000, 220_000, 100);
  expect(least(220_000, 1)).toBeLessThan(1);
  changes = 0;
  // 200 frames, and about 700 bytes for the measurement.
  expect(least(300_000, 100)).toBeLessThan(5);
  expect(changes).toBeGreaterThan(790);
  expect(seen).toBeGreaterThan(0);
});

// ---- Anything ----

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc.string({ maxLength: 80 }),
  // Halves of surrogate pairs, zeros, marks, brackets.
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0xffff }),
        fc.constantFrom(0xd83d, 0xde00, 0, 0x200d, 0x301, 0x5b, 0x5d, 0x2a, 0x28, 0x3c, 0x3002),
      ),
      { maxLength: 60 },
    )
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom("<think>", "</think>", "[a", "]", "Mr. Smith. ", "。」", "!!!", "a".repeat(300)),
);
const anyNumber = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, -0, 1e300, 0.5, 2 ** 53, 2 ** 32),
  fc.double(),
  fc.integer({ min: 0, max: 20_000 }),
);
const anyCue = fc.oneof(fc.integer({ min: 0, max: 30 }), anyNumber);
const anything = fc.anything();
const anyClip = fc.oneof(
  fc.constantFrom({}, { durationMs: 1000 }),
  fc.record(
    {
      durationMs: anyNumber,
      sliceMs: anyNumber,
      volumes: fc.oneof(fc.array(anyNumber, { maxLength: 40 }), anything),
      words: fc.oneof(
        fc.array(fc.record({ text: anyText, atMs: anyNumber }), { maxLength: 5 }),
        anything,
      ),
    },
    { requiredKeys: [] },
  ),
  anything,
);

type Step = (subtitle: SubtitleBuffer) => unknown;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>((it) => it.begin()),
  fc.tuple(fc.oneof(anyText, anything), fc.oneof(fc.boolean(), anything)).map<Step>(
    ([text, clip]) =>
      (it) =>
        it.push(text as string, { clip: clip as boolean }),
  ),
  fc.constant<Step>((it) => it.flush()),
  fc
    .tuple(fc.oneof(anyText, anything), fc.option(anyText), fc.oneof(fc.boolean(), anyClip))
    .map<Step>(
      ([text, translation, clip]) =>
        (it) =>
          it.add(text as string, {
            translation: translation ?? undefined,
            clip: clip as SubtitleClip,
          }),
    ),
  fc.tuple(anyCue, anyText).map<Step>(
    ([cue, text]) =>
      (it) =>
        it.translate(cue, text),
  ),
  fc.tuple(anyCue, anyClip).map<Step>(
    ([cue, clip]) =>
      (it) =>
        it.clip(cue, clip as SubtitleClip),
  ),
  fc.tuple(anyCue, anyNumber, fc.option(fc.constantFrom({ durationMs: 500 }))).map<Step>(
    ([cue, atMs, clip]) =>
      (it) =>
        it.start(cue, { ...clip, atMs }),
  ),
  fc.tuple(anyCue, anyNumber).map<Step>(
    ([cue, atMs]) =>
      (it) =>
        it.finish(cue, atMs),
  ),
  anyNumber.map<Step>((nowMs) => (it) => it.tick(nowMs)),
  anyNumber.map<Step>((nowMs) => (it) => it.heard(nowMs)),
  anyNumber.map<Step>((nowMs) => (it) => it.interrupt(nowMs)),
  anyNumber.map<Step>((nowMs) => (it) => it.snapshot(nowMs)),
  fc
    .record({ widthPx: anyNumber, lines: anyNumber, minMs: anyNumber }, { requiredKeys: [] })
    .map<Step>((style) => (it) => it.restyle(style)),
);

/** What must be true at any time. */
function check(subtitle: SubtitleBuffer): void {
  const cues = subtitle.cues();
  cues.forEach(({ cue, text, heardUnits, turn }, i) => {
    if (i > 0) expect(cue).toBe((cues[i - 1]?.cue ?? 0) + 1);
    expect(heardUnits).toBeLessThanOrEqual(text.length);
    expect(turn).toBeLessThanOrEqual(subtitle.turn);
    // No half of a surrogate pair.
    expect(text).not.toMatch(/\p{Cs}|\0/u);
  });
  const { page, cue } = subtitle;
  if (!page) return;
  const shown = cues.find((other) => other.cue === cue);
  expect(subtitle.phase).not.toBe("empty");
  for (const { text } of page.lines) expect(shown?.text).toContain(text);
  expect(subtitle.visible).toBeLessThanOrEqual(shown?.text.length ?? 0);
}

test("whatever it is told, it does it or names what is wrong", () => {
  const bytes = session.usedBytes;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      using subtitle = open({ cueUnits: 256, textUnits: 1024, cues: 24, clusterWidths: 64 });
      for (const step of steps) {
        try {
          step(subtitle);
        } catch (error) {
          expect(error).toMatchObject({ name: "VoicepathError" });
          const { code } = error as { code: string };
          expect(code).toMatch(/^(OPTION|VP_E_(CUE|TIME|CAPACITY|DURATION))$/);
        }
        subtitle.tick(subtitle.dueMs === Number.POSITIVE_INFINITY ? 0 : subtitle.dueMs);
        check(subtitle);
      }
    }),
    { numRuns: 400 },
  );
  expect(session.usedBytes).toBe(bytes);
});
