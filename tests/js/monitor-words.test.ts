/** What the monitor finds, in words: both languages say everything, and a report is one that can be pasted. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Diagnosis,
  type Evidence,
  type Language,
  type MonitorReport,
  reportText,
  type SeriesStats,
  type Unit,
  type Verdict,
} from "../../dist/monitor/index.js";
import { Quantities } from "../../dist/monitor/quantities.js";
import { Words } from "../../dist/monitor/words.js";

const LANGUAGES: readonly Language[] = ["en", "zh"];
const HAN = /\p{Script=Han}/u;

const en = Words.in("en");
const zh = Words.in("zh");

/** The names in the sources of what makes series. */
function seriesNames(): string[] {
  const folder = "js-glue/src/monitor";
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const sources = files
    .filter((file) => file.endsWith(".ts") && !file.startsWith("words"))
    .map((file) => readFileSync(join(folder, file), "utf8"));
  const names = sources.flatMap((source) =>
    [...source.matchAll(/\bseries\(\s*"([a-z-]+\/[a-z-]+)"/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)];
}

test("every series of the collectors has a name in both languages", () => {
  const names = seriesNames();
  expect(names.length).toBeGreaterThan(15);
  for (const name of [...names, "turn/transcription", "turn/first-audio", "turn/total"]) {
    expect(en.phrases.series, name).toHaveProperty([name]);
    expect(zh.phrases.series, name).toHaveProperty([name]);
  }
  expect(Object.keys(zh.phrases.series)).toEqual(Object.keys(en.phrases.series));
});

test("English has no Chinese in it, and Chinese says everything in Chinese", () => {
  const same = new Set(["p50", "p95", "JSON", "Worker"]);
  const texts = (phrases: Words["phrases"]): string[] =>
    Object.entries(phrases).flatMap(([key, value]) =>
      key === "locale" || typeof value === "function"
        ? []
        : typeof value === "string"
          ? [value]
          : Object.values(value as Record<string, string>),
    );
  const english = texts(en.phrases);
  const chinese = texts(zh.phrases);
  expect(chinese.length).toBe(english.length);
  for (const text of english) expect(text).not.toMatch(HAN);
  for (const text of chinese) if (!same.has(text)) expect(text).toMatch(HAN);
  // Two causes that sound alike would be one.
  for (const { phrases } of [en, zh])
    for (const table of [phrases.causes, phrases.symptoms, phrases.signals])
      expect(new Set(Object.values(table)).size).toBe(Object.keys(table).length);
});

test.each<[Unit, number | null, string, string]>([
  ["ms", 0.4567, "0.46 ms", "0.46毫秒"],
  ["ms", 350, "350 ms", "350毫秒"],
  ["ms", 999.9, "1 sec", "1秒"],
  ["ms", 4321, "4.32 sec", "4.32秒"],
  ["ms", 600_000, "10 min", "10分钟"],
  ["ms", 9_000_000, "2.5 hr", "2.5小时"],
  ["bytes", 1_234_567, "1.23 MB", "1.23 MB"],
  ["bytes", 48_000, "48 kB", "48 kB"],
  ["bytes", -2e9, "-2 GB", "-2 GB"],
  ["share", 0.624, "62.4%", "62.4%"],
  ["count", 12_345, "12,345", "12,345"],
  ["count", 6.54321, "6.54", "6.54"],
  ["perFrame", 1, "1", "1"],
  ["count", null, "–", "–"],
  ["ms", Number.NaN, "–", "–"],
])("%s %d is %s and %s", (unit, value, english, chinese) => {
  expect(en.quantities.of(unit, value)).toBe(english);
  expect(zh.quantities.of(unit, value).replaceAll(" ", " ")).toBe(chinese);
});

test("any number has words, and they are near it", () => {
  const units: Unit[] = ["ms", "bytes", "count", "perFrame", "perMinute", "share"];
  const sizes: Record<string, number> = {
    ...{ ms: 1, sec: 1e3, min: 6e4, hr: 3.6e6 },
    ...{ byte: 1, kB: 1e3, MB: 1e6, GB: 1e9, "%": 0.01 },
  };
  const quantities = new Quantities("en");
  fc.assert(
    fc.property(
      fc.constantFrom(...units),
      fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      (unit, value) => {
        const text = quantities.of(unit, value);
        const found = /^(-?[\d,.]+)\s?([a-zA-Z%]*)$/.exec(text);
        expect(found, text).not.toBeNull();
        const read = Number(found?.[1]?.replaceAll(",", "")) * (sizes[found?.[2] ?? ""] ?? 1);
        // Three digits; hundredths at the least.
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(6e-3, Math.abs(value) * 6e-3));
      },
    ),
    { seed: 7 },
  );
});

const VERDICT: Verdict = {
  name: "shop/latency",
  unit: "bytes",
  verdict: "rising",
  per: "minute",
  slope: 1.2e6,
  rise: 12e6,
  p: 0.003,
  n: 40,
  windowMs: 600_000,
  autocorrelation: 0.1,
  stepAtMs: null,
};
const at = new Date(2026, 10, 22, 14, 3, 20);

test.each<[Partial<Verdict>, string, string]>([
  [
    {},
    "rises by 1.2 MB a minute, p = 0.003, 40 points over 10 min",
    "每分钟上升 1.2 MB，p = 0.003，10分钟内 40 个点",
  ],
  [
    { per: "value", unit: "ms", slope: 40, windowMs: null, n: 12, p: 1e-9 },
    "rises by 40 ms a value, p < 0.001, 12 values",
    "每次上升 40毫秒，p < 0.001，12 个值",
  ],
  [
    { name: "turn/total", per: "value", unit: "ms", slope: 40, windowMs: null, n: 12 },
    "rises by 40 ms a turn, p = 0.003, 12 values",
    "每轮上升 40毫秒，p = 0.003，12 个值",
  ],
  [
    { verdict: "step", unit: "count", rise: 12, stepAtMs: 5 },
    "one step of +12 at 14:03:20, p = 0.003, 40 points over 10 min",
    "14:03:20 一次性上升 12，p = 0.003，10分钟内 40 个点",
  ],
  [
    { verdict: "fluctuating", p: 0.42 },
    "stays level, p = 0.42, 40 points over 10 min",
    "保持平稳，p = 0.42，10分钟内 40 个点",
  ],
  [{ verdict: "insufficient", n: 3 }, "too few points yet (3)", "数据点太少（3 个）"],
])("verdict %#", (change, english, chinese) => {
  const verdict = { ...VERDICT, ...change };
  expect(en.verdictSentence(verdict, () => at)).toBe(english);
  expect(zh.verdictSentence(verdict, () => at)).toBe(chinese);
});

const PAUSES: Evidence = {
  signal: "collectionMs",
  series: "heap/collection-time",
  unit: "ms",
  value: 212,
  baseline: 3.2,
  limit: 50,
  against: false,
  note: "",
};
const AGAINST: Evidence = {
  ...PAUSES,
  signal: "longScriptMs",
  series: "long-frames/script",
  value: 60,
  baseline: null,
  limit: 100,
  against: true,
  note: "draw (app.js)",
};
const COLLECTOR: Diagnosis = {
  symptoms: ["jank"],
  causes: [{ cause: "collector", score: 0.914, evidence: [AGAINST, PAUSES] }],
  unknown: false,
};

test.each<[string, Diagnosis, string, string]>([
  ["none", { symptoms: [], causes: [], unknown: false }, "Nothing is slow", "一切流畅"],
  [
    "unknown",
    { symptoms: ["jank", "network"], causes: [], unknown: true },
    "Something is slow (frames late and connection troubled) and the cause is not known",
    "有卡顿（掉帧和连接异常），原因不明",
  ],
  [
    "known",
    COLLECTOR,
    "The browser is collecting garbage. Pauses with garbage collection: 212 ms a second (before 3.2 ms a second, limit 50 ms a second)",
    "浏览器正在回收垃圾。含垃圾回收的停顿：每秒 212毫秒（之前 每秒 3.2毫秒，界限 每秒 50毫秒）",
  ],
])("diagnosis: %s", (_, diagnosis, english, chinese) => {
  expect(en.diagnosis(diagnosis)).toBe(english);
  expect(zh.diagnosis(diagnosis)).toBe(chinese);
});

test("evidence: against, with its note; what is no number is a word", () => {
  expect(en.evidenceSentence(AGAINST)).toBe(
    "Against it: Script in long frames: 60 ms a second (limit 100 ms a second, draw (app.js))",
  );
  const hidden: Evidence = { ...PAUSES, signal: "hidden", unit: "share", value: 1 };
  expect(en.evidenceSentence(hidden)).toBe("Page hidden: yes");
  const pressure: Evidence = { ...PAUSES, signal: "pressure", unit: "count", value: 3, limit: 2 };
  expect(zh.evidenceSentence({ ...pressure, baseline: 0 })).toBe(
    "处理器压力：危急（之前 正常，界限 严重）",
  );
});

test("an unknown language is named", () => {
  for (const language of ["fr", "toString", undefined])
    expect(() => Words.in(language as Language)).toThrow(
      expect.objectContaining({ code: "OPTION", option: "language" }),
    );
});

// ---- The text of a report ----

const stats = (name: string, unit: Unit, values: Partial<SeriesStats> = {}): SeriesStats => ({
  ...{
    name,
    unit,
    point: "last",
    count: 9,
    last: 3,
    min: 1,
    max: 7,
    mean: 3,
    ewma: 3,
    p50: 2,
    p95: 6,
  },
  ...values,
});
const NONE = { count: 0, last: null, min: null, max: null, mean: null, ewma: null };

function report(change: Partial<MonitorReport> = {}): MonitorReport {
  return {
    version: 1,
    timeISO: "2026-11-22T14:03:20.000Z",
    nowMs: 700_000,
    durationMs: 640_000,
    periodMs: 1000,
    page: {
      userAgent: "Mozilla/5.0 (X11) Chrome/156",
      hardwareConcurrency: 8,
      deviceMemory: 4,
      visibility: "visible",
      crossOriginIsolated: true,
    },
    diagnosis: COLLECTOR,
    series: [
      { ...VERDICT, ...stats("heap/used", "bytes", { last: 24e6, p50: 20e6, p95: 23e6 }) },
      { ...VERDICT, ...stats("a|b\nc/d", "count"), verdict: "fluctuating" },
      { ...VERDICT, ...stats("frames/gap", "ms", { last: 0, min: 0, max: 0 }) },
      // Each was one, but not as many came in each period.
      {
        ...{ ...VERDICT, verdict: "fluctuating" },
        ...stats("heap/collections", "count", { last: 1, min: 1, max: 1, p50: 1, p95: 1 }),
        point: "sum",
      },
      { ...VERDICT, ...stats("tabs/open", "count", { ...NONE, p50: null, p95: null }) },
    ],
    turns: [
      { speechEndMs: 600_000, transcriptionMs: 420, firstAudioMs: 1500, totalMs: 4200 },
      { speechEndMs: 650_000, transcriptionMs: 420, firstAudioMs: null, totalMs: null },
    ],
    ...change,
  };
}

/** Cells of the lines of Markdown's tables. */
const cells = (line: string): string[] => line.split(/(?<!\\)\|/).slice(1, -1);

test("a report says what the numbers say", () => {
  const lines = reportText(report(), "en").split("\n");
  expect(lines[0]).toBe("### voicepath monitor report");
  expect(lines).toContain(
    "- Browser: Mozilla/5.0 (X11) Chrome/156, 8 cores, 4 GB, Page: visible, cross-origin isolated",
  );
  expect(lines).toContain("**The browser is collecting garbage**");
  expect(lines).toContain("- The browser is collecting garbage. Frames late · 91% sure");
  expect(lines).toContain(
    "| Heap in use `heap/used` | 24 MB | 20 MB | 23 MB | rises by 1.2 MB a minute, p = 0.003, 40 points over 10 min |",
  );
  expect(lines).toContain("- Never changed: Longest frame gap (0 ms)");
  expect(lines.join()).toContain("| Garbage collections `heap/collections` | 1 | 1 | 1 |");
  expect(lines).toContain("- No value yet: Tabs of the application");
  expect(lines.filter((line) => line.endsWith("| 420 ms | 1.5 sec | 4.2 sec |"))).toHaveLength(1);
  expect(lines.filter((line) => line.endsWith("| 420 ms | – | – |"))).toHaveLength(1);
  expect(reportText(report(), "zh")).toContain("**浏览器正在回收垃圾**");
});

test("what JSON brings back is the same report", () => {
  for (const language of LANGUAGES)
    expect(reportText(JSON.parse(JSON.stringify(report())), language)).toBe(
      reportText(report(), language),
    );
});

const EMPTY = report({
  page: {
    userAgent: null,
    hardwareConcurrency: null,
    deviceMemory: null,
    visibility: null,
    crossOriginIsolated: null,
  },
  diagnosis: { symptoms: [], causes: [], unknown: false },
  series: [],
  turns: [],
});
const FULL = report({
  diagnosis: {
    ...COLLECTOR,
    symptoms: ["jank", "lag", "waiting", "network"],
    causes: (Object.keys(en.phrases.causes) as (keyof typeof en.phrases.causes)[]).map((cause) => ({
      cause,
      score: 0.5,
      evidence: Array.from({ length: 8 }, () => AGAINST),
    })),
  },
  series: Array.from({ length: 256 }, (_, i) => ({
    ...VERDICT,
    ...stats(`shop/${i}`, "count", i % 5 === 0 ? { min: 0, max: 0 } : {}),
    verdict: i === 251 ? "rising" : "fluctuating",
  })),
  turns: Array.from({ length: 100 }, (_, i) => ({
    speechEndMs: i * 1000,
    transcriptionMs: 1,
    firstAudioMs: 2,
    totalMs: 3,
  })),
});

test.each([
  ["usual", report()],
  ["empty", EMPTY],
  ["full", FULL],
])("at most 80 lines of Markdown whose tables are whole: %s", (_, given) => {
  for (const language of LANGUAGES) {
    const text = reportText(given, language);
    const lines = text.split("\n");
    expect(lines.length).toBeLessThanOrEqual(80);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    const rows = lines.filter((line) => line.startsWith("|"));
    const widths = rows.map((line) => cells(line).length);
    for (const width of widths) expect([4, 5]).toContain(width);
    expect(new Set(widths).size).toBe(given === EMPTY ? 0 : 2);
  }
});

test("what gets worse is in the table, whatever is left out", () => {
  expect(reportText(FULL, "en")).toContain("`shop/251`");
});
