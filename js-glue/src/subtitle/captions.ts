/**
 * Cues as caption files: WebVTT (https://www.w3.org/TR/webvtt1/) and SubRip, which has no standard.
 *
 * Both count from the start of the first cue, both end a cue with an empty line, so texts may have none.
 * Of a cue that was interrupted the caption has what was heard, and no translation of the rest.
 */
import type { SubtitleCue } from "./subtitle-cue.js";

interface Caption {
  readonly id: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
}

/** Without empty lines, and without spaces around the others. */
function oneLineEach(text: string): string {
  return text.trim().replace(/\s*[\r\n]\s*/g, "\n");
}

/** The cues that have a start and an end, counted from the start of the first. */
function captions(cues: readonly SubtitleCue[]): Caption[] {
  const timed: Caption[] = [];
  let zeroMs: number | undefined;
  let lastMs = 0;
  for (const { id, text, translation, heardUnits, state, startMs, endMs } of cues) {
    if (startMs === null || endMs === null) continue;
    const cut = state === "dropped" && heardUnits < text.length;
    const original = oneLineEach(cut ? text.slice(0, heardUnits) : text);
    if (original === "") continue;
    zeroMs ??= startMs;
    // WebVTT wants no cue to start before the one above it, and every cue to take time.
    const from = Math.max(Math.round(startMs - zeroMs), lastMs);
    const to = Math.max(Math.round(endMs - zeroMs), from + 1);
    lastMs = from;
    const lines = cut ? [original] : [original, oneLineEach(translation)];
    timed.push({ id, startMs: from, endMs: to, lines: lines.filter(Boolean) });
  }
  return timed;
}

/** hh:mm:ss.ttt; hours have two digits or more. */
function timestamp(ms: number, point: "." | ","): string {
  const digits = (value: number, count: number): string => `${value}`.padStart(count, "0");
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hms = [Math.floor(minutes / 60), minutes % 60, seconds % 60];
  return `${hms.map((value) => digits(value, 2)).join(":")}${point}${digits(ms % 1000, 3)}`;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

export function toWebVTT(cues: readonly SubtitleCue[]): string {
  const blocks = captions(cues).map(({ id, startMs, endMs, lines }) => {
    const times = `${timestamp(startMs, ".")} --> ${timestamp(endMs, ".")}`;
    const text = lines.join("\n").replace(/[&<>]/g, (mark) => ESCAPES[mark] ?? mark);
    return `${id === null ? "" : `${id}\n`}${times}\n${text}\n`;
  });
  return ["WEBVTT\n", ...blocks].join("\n");
}

export function toSRT(cues: readonly SubtitleCue[]): string {
  return captions(cues)
    .map(({ startMs, endMs, lines }, i) => {
      const times = `${timestamp(startMs, ",")} --> ${timestamp(endMs, ",")}`;
      return `${i + 1}\n${times}\n${lines.join("\n")}\n`;
    })
    .join("\n");
}
