/**
 * How far subtitles are from the voice: word times of espeak-ng against what reveal_plan() makes of
 * text and loudness.
 *
 *   node --import tsx tests/js/reveal-timing.ts         the table, of the half that is held out
 *   node --import tsx tests/js/reveal-timing.ts --fit   weights for wasm/src/reveal.c, from the other
 *
 * Halves are of sentences, every other one of them: all voices of a sentence are in the same half.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const PROGRAMS = "build/native/tests/c";
const SENTENCES = "tests/vectors/spoken-sentences.tsv";

export const LANGUAGES = ["en", "zh", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** espeak-ng's names, and words a minute. */
const VOICES: readonly (readonly [Language, string, number])[] = [
  ["en", "en-us", 175],
  ["en", "en-gb-x-rp+f2", 150],
  ["en", "en-us+m3", 210],
  ["zh", "cmn", 175],
  ["zh", "cmn+f2", 150],
  ["zh", "cmn+m3", 200],
  ["ja", "ja", 175],
  ["ja", "ja+f2", 150],
  ["ja", "ja+m3", 200],
];
const ORDINARY_WORDS_A_MINUTE = 175;

export interface Clip {
  /** Of the sentence. */
  readonly line: number;
  readonly language: Language;
  readonly voice: string;
  readonly wordsAMinute: number;
  readonly text: string;
  readonly durationMs: number;
  readonly sliceMs: number;
  readonly volumes: readonly number[];
  readonly words: readonly { readonly unit: number; readonly atMs: number }[];
}

function run(program: string, args: readonly string[], input: string | Buffer): string[] {
  const output = execFileSync(program, args, { input, maxBuffer: 1 << 28 });
  return output.toString().trimEnd().split("\n");
}

/** Every sentence by every voice of its language. */
export function speak(program = `${PROGRAMS}/espeak_words`): Clip[] {
  const lines = run(program, VOICES.flat().map(String), readFileSync(SENTENCES));
  return lines.map((line) => JSON.parse(line));
}

export const isHeldOut = (clip: Clip): boolean => clip.line % 2 === 1;

function numbersOf(clip: Clip): string {
  const units = Array.from({ length: clip.text.length }, (_, i) => clip.text.charCodeAt(i));
  const { durationMs, sliceMs, volumes } = clip;
  return [durationMs, sliceMs, volumes.length, ...volumes, 0, units.length, ...units].join(" ");
}

function timesOf(clips: readonly Clip[], ...args: string[]): number[][] {
  const lines = run(`${PROGRAMS}/reveal_times`, args, clips.map(numbersOf).join("\n"));
  return lines.map((line) => line.split(" ").map(Number));
}

/** at_ms of each unit of each clip. */
export const plan = (clips: readonly Clip[]): number[][] => timesOf(clips);

// ---- Methods --------------------------------------------------------------------------------

type Method = (clips: readonly Clip[]) => number[][];

const perUnit =
  (time: (clip: Clip, unit: number) => number): Method =>
  (clips) =>
    clips.map((clip) => Array.from({ length: clip.text.length }, (_, unit) => time(clip, unit)));

export const METHODS = {
  "whole sentence at 0": perUnit(() => 0),
  "characters ÷ duration": perUnit((clip, unit) => (unit / clip.text.length) * clip.durationMs),
  "weights, without volumes": (clips) => plan(clips.map((clip) => ({ ...clip, volumes: [] }))),
  "weights and volumes": plan,
} satisfies Record<string, Method>;

export interface Errors {
  readonly words: number;
  readonly meanMs: number;
  readonly p95Ms: number;
}

/** Of the first unit of each word. */
export function errorsOf(clips: readonly Clip[], times: readonly (readonly number[])[]): Errors {
  const errors = clips
    .flatMap((clip, i) => clip.words.map(({ unit, atMs }) => Math.abs(at(times, i, unit) - atMs)))
    .sort((a, b) => a - b);
  return {
    words: errors.length,
    meanMs: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    p95Ms: errors[Math.ceil(errors.length * 0.95) - 1] ?? Number.NaN,
  };
}

function at(times: readonly (readonly number[])[], clip: number, unit: number): number {
  const time = times[clip]?.[unit];
  if (time === undefined) throw new Error(`no time for unit ${unit} of clip ${clip}`);
  return time;
}

// ---- Fit ------------------------------------------------------------------------------------

/** The names of a C enum's members, in order. */
function soundNames(): string[] {
  const source = readFileSync("wasm/src/reveal.c", "utf8");
  const members = /typedef enum sound \{(.*?)\} sound;/s.exec(source)?.[1] ?? "";
  const names = members.match(/SOUND_\w+/g);
  if (!names) throw new Error("wasm/src/reveal.c has no sounds");
  return names;
}

/** Silence of at least this long is a pause, and no part of a word. */
const PAUSE_MS = 80;

function silenceMs(clip: Clip, fromMs: number, toMs: number): number {
  let silence = 0;
  let run = 0;
  for (let slice = 0; slice <= clip.volumes.length; slice++) {
    const startMs = slice * clip.sliceMs;
    const quiet =
      startMs >= fromMs - clip.sliceMs / 2 && startMs < toMs && (clip.volumes[slice] ?? 1) < 0.03;
    run = quiet ? run + clip.sliceMs : 0;
    if (run >= PAUSE_MS) silence += run === PAUSE_MS ? run : clip.sliceMs;
  }
  return Math.min(silence, toMs - fromMs);
}

interface Row {
  readonly sounds: readonly number[];
  readonly ms: number;
}

/** For each word: how much of each sound it has, and how long it takes at an ordinary rate. */
function rowsOf(clips: readonly Clip[], sounds: number): Row[] {
  const times = timesOf(clips, "--sounds");
  return clips.flatMap((clip, i) => {
    const ofSound = times.slice(i * sounds, (i + 1) * sounds);
    return clip.words.map(({ unit, atMs }, k) => {
      const next = clip.words[k + 1] ?? { unit: clip.text.length, atMs: clip.durationMs };
      const spokenMs = next.atMs - atMs - silenceMs(clip, atMs, next.atMs);
      return {
        sounds: ofSound.map((_, s) => at(ofSound, s, next.unit) - at(ofSound, s, unit)),
        ms: (spokenMs * clip.wordsAMinute) / ORDINARY_WORDS_A_MINUTE,
      };
    });
  });
}

/** Least squares, by Gauss and Seidel on the normal equations, with no weight below `least`. */
function leastSquares(rows: readonly Row[], sounds: number, least: number): number[] {
  const dot = (a: number, b: (row: Row) => number): number =>
    rows.reduce((sum, row) => sum + (row.sounds[a] ?? 0) * b(row), 0);
  const names = Array.from({ length: sounds }, (_, s) => s);
  const matrix = names.map((a) => names.map((b) => dot(a, (row) => row.sounds[b] ?? 0)));
  const vector = names.map((a) => dot(a, (row) => row.ms));
  const weights = names.map(() => 0);
  for (let round = 0; round < 5000; round++)
    for (const a of names) {
      const diagonal = matrix[a]?.[a] ?? 0;
      if (diagonal === 0) continue;
      const others = names.reduce(
        (sum, b) => sum + (b === a ? 0 : (matrix[a]?.[b] ?? 0) * (weights[b] ?? 0)),
        0,
      );
      weights[a] = Math.max(least, ((vector[a] ?? 0) - others) / diagonal);
    }
  return weights;
}

function fit(): void {
  const names = soundNames();
  const rows = rowsOf(
    speak().filter((clip) => !isHeldOut(clip)),
    names.length,
  );
  const weights = leastSquares(rows, names.length, 5);
  names.forEach((name, s) => {
    const seen = rows.filter((row) => row.sounds[s]).length;
    if (seen) console.log(`    [${name}] = ${Math.round(weights[s] ?? 0)}, /* ${seen} words */`);
  });
}

// ---- Table ----------------------------------------------------------------------------------

function table(): void {
  const clips = speak().filter(isHeldOut);
  console.log("| method | language | words | mean ms | p95 ms |\n|---|---|---|---|---|");
  for (const [name, method] of Object.entries(METHODS))
    for (const language of [...LANGUAGES, "all"]) {
      const some = clips.filter((clip) => language === "all" || clip.language === language);
      const { words, meanMs, p95Ms } = errorsOf(some, method(some));
      console.log(
        `| ${name} | ${language} | ${words} | ${meanMs.toFixed(0)} | ${p95Ms.toFixed(0)} |`,
      );
    }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.argv.includes("--fit") ? fit() : table();
