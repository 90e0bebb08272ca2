/**
 * What a snapshot tells of the time before it. Cues that are past live here and not in C, because
 * nothing happens to them any more; C's cues and turns are counted on from theirs.
 */
import type { SubtitleCue } from "./subtitle-cue.js";
import type { SubtitleSize } from "./subtitle-options.js";
import { isPast, onClock, type SubtitleSnapshot } from "./subtitle-snapshot.js";

export class RestoredPast {
  readonly #cues: readonly SubtitleCue[];
  /** Turns that C does not know of. */
  readonly turns: number;
  /** Whether a space belongs before C's first cue, which knows of no cue before it. */
  readonly spaceAfter: boolean;

  private constructor(cues: readonly SubtitleCue[], turns: number, spaceAfter: boolean) {
    this.#cues = cues;
    this.turns = turns;
    this.spaceAfter = spaceAfter;
  }

  static readonly none = new RestoredPast([], 0, false);

  /** The newest cues that fit, as C would keep them. */
  static of(
    { cues, turn }: SubtitleSnapshot,
    { textUnits, cues: most }: SubtitleSize,
    nowMs: number,
  ): RestoredPast {
    const coming = cues.filter((cue) => !isPast(cue));
    let room = most - coming.length;
    let units = textUnits;
    const newestFirst = cues
      .filter(isPast)
      .reverse()
      .filter(({ text, translation }) => {
        units -= Math.max(text.length, translation.length);
        return room-- > 0 && units >= 0;
      });
    const past = newestFirst.reverse().map((cue, i) => onClock(cue, i + 1, nowMs));
    // The turn that the snapshot was taken in is C's first.
    return new RestoredPast(past, Math.max(0, turn - 1), coming[0]?.spaceBefore ?? false);
  }

  /** How many there were. */
  get length(): number {
    return this.#cues.length;
  }

  /** Those still kept when C keeps `count` cues: the oldest make room. */
  beside(count: number, { cues: most }: SubtitleSize): SubtitleCue[] {
    return this.#cues.slice(Math.max(0, this.#cues.length + count - most));
  }
}
