/** What is known of a cue's sound, checked and brought into the form that C takes. */
import { optionError, requireNumber } from "../errors.js";

export interface SpokenWord {
  readonly text: string;
  /** When it begins, from the clip's start. */
  readonly atMs: number;
}

/** The more is known, the better the text keeps in step: words, then volumes, then the duration. */
export interface SubtitleClip {
  /** 0 to a day; 0, the default, when only `volumes` tell it. */
  readonly durationMs?: number | undefined;
  /**
   * Loudness of one slice after the other, 0 to 1 of the loudest. More than `clipSlices` are taken
   * several at a time.
   */
  readonly volumes?: ArrayLike<number> | undefined;
  /** Of one slice, above 0, at most a day. Default 20 ms. */
  readonly sliceMs?: number | undefined;
  /**
   * In the order in which they are spoken. Each is looked for in the cue's text after the one before;
   * what is not found is skipped, and so is what `clipWords` has no room for.
   */
  readonly words?: readonly SpokenWord[] | undefined;
}

const DAY_MS = 86_400_000;
const DEFAULT_SLICE_MS = 20;
const SLICE_MIN_MS = 0.1;

export interface CheckedClip {
  readonly durationMs: number;
  readonly volumes: ArrayLike<number>;
  readonly sliceMs: number;
  readonly words: readonly SpokenWord[];
}

function areNumbers(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return value.every((volume) => typeof volume === "number");
  return (
    ArrayBuffer.isView(value) &&
    "length" in value &&
    typeof value.length === "number" &&
    !(value instanceof BigInt64Array || value instanceof BigUint64Array)
  );
}

/** @throws VoicepathError OPTION */
export function checkedClip(clip: SubtitleClip): CheckedClip {
  if (typeof clip !== "object" || clip === null)
    throw optionError("clip", clip, "an object with durationMs, volumes or words");
  const { durationMs = 0, volumes = [], sliceMs = DEFAULT_SLICE_MS, words = [] } = clip;
  requireNumber("durationMs", durationMs, 0, DAY_MS);
  requireNumber("sliceMs", sliceMs, SLICE_MIN_MS, DAY_MS);
  if (!areNumbers(volumes)) throw optionError("volumes", volumes, "an array of numbers");
  if (!Array.isArray(words)) throw optionError("words", words, "an array of { text, atMs }");
  words.forEach((word: Partial<SpokenWord> | null | undefined, i) => {
    if (typeof word?.text !== "string")
      throw optionError(`words[${i}].text`, word?.text, "a string");
    requireNumber(`words[${i}].atMs`, word.atMs, 0, DAY_MS);
  });
  return { durationMs, volumes, sliceMs, words };
}

/**
 * At most `capacity` slices. Where several become one it is as loud as the loudest: a pause is silent
 * throughout. The last one may stand for less than the others.
 */
export function mergedVolumes(volumes: ArrayLike<number>, capacity: number): ArrayLike<number> {
  if (volumes.length <= capacity || capacity === 0) return capacity === 0 ? [] : volumes;
  const each = Math.ceil(volumes.length / capacity);
  const merged = new Float32Array(Math.ceil(volumes.length / each));
  for (let i = 0; i < volumes.length; i++) {
    const slice = Math.floor(i / each);
    merged[slice] = Math.max(merged[slice] ?? 0, volumes[i] ?? 0);
  }
  return merged;
}

/** A word's place in the text. */
export interface FoundWord {
  readonly unit: number;
  readonly atMs: number;
}

/** Where the words begin in the text. */
export function findWords(
  text: string,
  words: readonly SpokenWord[],
  capacity: number,
): FoundWord[] {
  const found: FoundWord[] = [];
  let from = 0;
  for (const { text: spoken, atMs } of words) {
    const word = spoken.trim();
    const unit = word === "" ? -1 : text.indexOf(word, from);
    if (unit < 0) continue;
    if (found.length === capacity) break;
    found.push({ unit, atMs });
    from = unit + word.length;
  }
  return found;
}
