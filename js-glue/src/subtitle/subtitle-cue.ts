/** A cue, about a sentence, as the application sees it; and what was heard of several. */
import {
  VP_CUE_DROPPED,
  VP_CUE_ENDED,
  VP_CUE_GROWING,
  VP_CUE_JOINED,
  VP_CUE_PLAYING,
  VP_CUE_WAITING,
} from "../abi.gen.js";

/**
 * `growing`: the end of a stream. `dropped`: interrupted, or passed over by a later one. `joined`:
 * nothing but marks, so its text went to the cue before.
 */
export type CueState = "growing" | "waiting" | "playing" | "ended" | "dropped" | "joined";

/** By vp_cue_state. */
export const CUE_STATES: Readonly<Record<number, CueState>> = {
  [VP_CUE_GROWING]: "growing",
  [VP_CUE_WAITING]: "waiting",
  [VP_CUE_PLAYING]: "playing",
  [VP_CUE_ENDED]: "ended",
  [VP_CUE_DROPPED]: "dropped",
  [VP_CUE_JOINED]: "joined",
};

export interface SubtitleCue {
  /** Its serial; they count from 1. */
  readonly cue: number;
  /** As given with it; null when none was. */
  readonly id: string | null;
  /** The number of the turn that it is a part of. */
  readonly turn: number;
  readonly state: CueState;
  /** Without the tags that are not shown. */
  readonly text: string;
  /** Empty when there is none. */
  readonly translation: string;
  /** UTF-16 units of `text` that were spoken, to the grapheme cluster; as of the last question. */
  readonly heardUnits: number;
  /** A space belongs between the cue before and this one. */
  readonly spaceBefore: boolean;
  /** It has sound. */
  readonly clip: boolean;
  /** When it started, or will; null: not known. */
  readonly startMs: number | null;
  /** When it ended, or will; null: not known. */
  readonly endMs: number | null;
  /** Of its sound; without any, the time to read it. */
  readonly durationMs: number;
}

/** What was heard of these cues, as one text. */
export function heardText(cues: readonly SubtitleCue[]): string {
  let heard = "";
  for (const { text, heardUnits, spaceBefore } of cues) {
    if (heardUnits === 0) continue;
    heard += (spaceBefore && heard !== "" ? " " : "") + text.slice(0, heardUnits);
  }
  return heard;
}
