import type { Clip, Language } from "../../../tests/js/reveal-timing";
import { openSubtitle } from "../../peers/voicepath";
import { quantile } from "./rounds";
import { type Row, type RunContext, type Suite, VOICEPATH } from "./suite";

const FRAME_MS = 1000 / 60;
const AT_ONCE = "whole sentence at 0";
const AT_AN_EVEN_RATE = "characters ÷ duration";

/** The first frame at or after a time. */
const frameAt = (ms: number): number => Math.ceil(ms / FRAME_MS) * FRAME_MS;

/** When each word's first character is on show, from the clip's start. */
type ShowWords = (clip: Clip) => readonly number[];

interface Method {
  readonly name: string;
  open(): Promise<{ readonly show: ShowWords; close(): void }>;
}

/** The buffer as an application uses it, with a tick for each frame. */
const ours: Method = {
  name: VOICEPATH,
  async open() {
    // A page for each sentence: how many pages there are does not change when words come.
    const buffer = await openSubtitle({ widthPx: 100_000, lines: 8 });
    let startMs = 0;
    return {
      show({ text, durationMs, sliceMs, volumes, words }) {
        startMs += 1e6;
        buffer.begin();
        const cue = buffer.add(text, { clip: { durationMs, sliceMs, volumes } });
        if (buffer.get(cue)?.text !== text) throw new Error(`${text} is shown otherwise`);
        buffer.start(cue, { atMs: startMs });
        const shown: number[] = [];
        for (let frame = 0; shown.length < words.length; frame++) {
          const ms = frame * FRAME_MS;
          if (ms > durationMs + 1000) throw new Error(`${text} is not shown whole`);
          buffer.tick(startMs + ms);
          while (buffer.visible > (words[shown.length]?.unit ?? Number.POSITIVE_INFINITY))
            shown.push(ms);
        }
        return shown;
      },
      close: () => buffer.dispose(),
    };
  },
};

const byRule = (name: string, show: ShowWords): Method => ({
  name,
  open: async () => ({ show, close() {} }),
});

const METHODS: readonly Method[] = [
  ours,
  byRule(AT_AN_EVEN_RATE, ({ words, text, durationMs }) =>
    words.map(({ unit }) => frameAt((unit / text.length) * durationMs)),
  ),
  byRule(AT_ONCE, ({ words }) => words.map(() => 0)),
];

let clips: Promise<readonly Clip[]> | undefined;

/** Spoken by espeak-ng, none of which the weights were fitted to. */
function loadClips(): Promise<readonly Clip[]> {
  clips ??= fetch("/subtitle/spoken.json").then((response) => response.json());
  return clips;
}

/** How many ms from the voice each word is, sorted. */
async function errors(method: Method, spoken: readonly Clip[]): Promise<number[]> {
  const { show, close } = await method.open();
  try {
    return spoken
      .flatMap((clip) => {
        const shown = show(clip);
        return clip.words.map(({ atMs }, i) => Math.abs((shown[i] ?? Number.NaN) - atMs));
      })
      .sort((a, b) => a - b);
  } finally {
    close();
  }
}

async function measure(
  suite: Suite,
  unit: string,
  figure: (sorted: readonly number[]) => number,
  language: Language | null,
  { progress }: RunContext,
): Promise<Row[]> {
  const all = await loadClips();
  const spoken = all.filter((clip) => language === null || clip.language === language);
  const rows: Row[] = [];
  for (const method of METHODS) {
    const sorted = await errors(method, spoken);
    const { suite: name, case: caseName, peer } = suite;
    const figures = { median: figure(sorted), p5: null, p95: null, rounds: 1 };
    rows.push({ suite: name, case: caseName, peer, contender: method.name, unit, ...figures });
    await progress(rows.length, METHODS.length);
  }
  return rows;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const p95 = (sorted: readonly number[]): number => quantile(sorted, 0.95);

const LANGUAGES = [
  ["en", "English"],
  ["zh", "Chinese"],
  ["ja", "Japanese"],
  [null, "three languages"],
] as const;

const WHAT =
  "Sentences spoken by three voices of espeak-ng, which tells when each word begins; every other " +
  "sentence, none of which the weights were fitted to. The buffer is given the text, the duration " +
  "and the loudness of each 20 ms, and ticks 60 times a second.";

export const subtitleTiming: readonly Suite[] = LANGUAGES.flatMap(([language, name]) => {
  const suffix = language ?? "all";
  return [
    {
      suite: "subtitle",
      case: `timing-${suffix}`,
      peer: AT_ONCE,
      title: `How far a word is from the voice, ${name}`,
      about: `${WHAT} The mean of how many ms a word’s first character comes too early or too late.`,
      run(context: RunContext) {
        return measure(this, "ms (mean)", mean, language, context);
      },
    },
    {
      suite: "subtitle",
      case: `timing-p95-${suffix}`,
      peer: AT_ONCE,
      title: `And at worst, ${name}`,
      about: "95 of 100 words are no further from the voice.",
      run(context: RunContext) {
        return measure(this, "ms (p95)", p95, language, context);
      },
    },
  ];
});
