/** Sentences spoken by espeak-ng through tests/c/espeak_words.c, and when each word begins. */
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { utils } from "../dist/vad-web/index.js";

export interface Voice {
  /** As tests/c/espeak_words.c marks its sentences. */
  readonly language: string;
  /** espeak-ng's, with a variant: "en-us+f3". */
  readonly name: string;
  readonly wordsAMinute: number;
}

/** A line that espeak_words prints. */
export interface SpokenClip {
  readonly text: string;
  readonly durationMs: number;
  readonly sliceMs: number;
  /** Of each slice, 1 for the loudest. */
  readonly volumes: readonly number[];
  readonly words: readonly { readonly unit: number; readonly atMs: number }[];
  readonly rateHz: number;
  /** 16 bits. */
  readonly samples: readonly number[];
}

/** Compiles the program, and returns where it is. */
export function compileEspeakWords(root: string): string {
  const program = join(root, "build/bench/espeak_words");
  const source = join(root, "tests/c/espeak_words.c");
  mkdirSync(dirname(program), { recursive: true });
  // Another process may be running it: it is replaced, not overwritten.
  const fresh = `${program}.${process.pid}`;
  execFileSync("clang-19", ["-std=c11", "-O2", "-o", fresh, source, "-lespeak-ng", "-lm"]);
  renameSync(fresh, program);
  return program;
}

/** @param texts - in the notation of tests/c/espeak_words.c */
export function speak(program: string, voice: Voice, texts: readonly string[]): SpokenClip[] {
  if (texts.length === 0) return [];
  const { language, name, wordsAMinute } = voice;
  const output = execFileSync(program, ["--samples", language, name, String(wordsAMinute)], {
    input: texts.map((text) => `${language}\t${text}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Whether there is anything to speak. */
export const isSpoken = (text: string): boolean => /\p{Letter}/u.test(text);

/** A WAV file of it in base64. */
export function wavOf({ samples, rateHz }: SpokenClip): string {
  const floats = Float32Array.from(samples, (sample) => sample / 32768);
  return Buffer.from(utils.encodeWAV(floats, 1, rateHz, 1, 16)).toString("base64");
}
