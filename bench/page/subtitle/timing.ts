/** How far from the voice words come on show, by espeak-ng's word times. */
import type { SpokenWord, SubtitleBuffer } from "voicepath";
import type { Spoken } from "./speaking";

export interface Distance {
  readonly words: number;
  /** Of the distances, before or after. */
  readonly meanMs: number;
  readonly mostMs: number;
}

export interface Timing {
  readonly voicepath: Distance;
  /** The whole sentence on show when its sound starts. */
  readonly atOnce: Distance;
}

function distance(errorsMs: readonly number[]): Distance {
  const far = errorsMs.map(Math.abs);
  const sumMs = far.reduce((sum, ms) => sum + ms, 0);
  return { words: far.length, meanMs: sumMs / far.length, mostMs: Math.max(...far) };
}

/** Where each word begins in a text that may have more than what is spoken. */
function places(text: string, words: readonly SpokenWord[]): number[] {
  let from = 0;
  return words.map(({ text: word }) => {
    const unit = text.indexOf(word, from);
    if (unit >= 0) from = unit + word.length;
    return unit;
  });
}

/** Watches a buffer while a piece is spoken. */
export class WordWatch {
  readonly #buffer: SubtitleBuffer;
  readonly #spoken: Spoken;
  /** When each word came on show, as performance.now(). */
  readonly #shownMs: (number | undefined)[] = [];
  #pageStart = 0;

  constructor(buffer: SubtitleBuffer, spoken: Spoken) {
    this.#buffer = buffer;
    this.#spoken = spoken;
  }

  /** To be called when what is on show has changed. */
  look(): void {
    const { cue, piece } = this.#spoken;
    const { page, visible } = this.#buffer;
    const [line] = page?.lines ?? [];
    const text = this.#buffer.get(cue)?.text;
    if (this.#buffer.cue !== cue || !line || text === undefined) return;
    this.#pageStart = Math.max(text.indexOf(line.text, this.#pageStart) - line.from, 0);
    const shown = this.#pageStart + visible;
    const nowMs = performance.now();
    places(text, piece.words).forEach((unit, i) => {
      if (unit >= 0 && unit < shown) this.#shownMs[i] ??= nowMs;
    });
  }

  /** Of the words that have come on show; null when none has. */
  get timing(): Timing | null {
    const { atMs, piece } = this.#spoken;
    const pairs = piece.words.flatMap((word, i) => {
      const shownMs = this.#shownMs[i];
      return shownMs === undefined ? [] : [{ trueMs: word.atMs, shownMs: shownMs - atMs }];
    });
    if (pairs.length === 0) return null;
    return {
      voicepath: distance(pairs.map(({ trueMs, shownMs }) => shownMs - trueMs)),
      atOnce: distance(pairs.map(({ trueMs }) => trueMs)),
    };
  }
}
