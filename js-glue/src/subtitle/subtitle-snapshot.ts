/** What a SubtitleBuffer knows, as plain JSON; and the check of what claims to be that. */
import { optionError, requireBoolean, requireInteger, requireNumber } from "../errors.js";
import type { CueState, SubtitleCue } from "./subtitle-cue.js";

/** A cue without its serial, which is given anew; times are counted from the snapshot's. */
export type SnapshotCue = Omit<SubtitleCue, "cue">;

export interface SubtitleSnapshot {
  readonly version: 1;
  /** The number of the turn; 0 before the first. */
  readonly turn: number;
  /** Whether text of this turn is still taken. */
  readonly accepting: boolean;
  /** Oldest first: those that are past, then those that wait. */
  readonly cues: readonly SnapshotCue[];
}

const VERSION = 1;
const TIME_MAX_MS = 2 ** 53;
const TURN_MAX = 2 ** 31 - 1;

const PAST: readonly unknown[] = ["ended", "dropped"] satisfies CueState[];
const COMING: readonly unknown[] = ["waiting", "growing"] satisfies CueState[];

/** Whether the cue is over, and not still to be shown. */
export function isPast({ state }: { readonly state: CueState }): boolean {
  return PAST.includes(state);
}

/**
 * @param nowMs - of the cues' clock
 * @param cues - with what was heard until now
 */
export function takeSnapshot(
  turn: number,
  accepting: boolean,
  nowMs: number,
  cues: readonly SubtitleCue[],
): SubtitleSnapshot {
  // A thousandth of a ms is left of the times, so that they survive being counted from elsewhere.
  const fromNow = (ms: number | null): number | null =>
    ms === null ? null : Math.round((ms - nowMs) * 1000) / 1000;
  const snapshots = cues
    .filter(({ state }) => state !== "joined")
    .map(({ cue: _cue, ...rest }): SnapshotCue => {
      if (COMING.includes(rest.state))
        return { ...rest, heardUnits: 0, startMs: null, endMs: null };
      if (rest.state !== "playing")
        return { ...rest, startMs: fromNow(rest.startMs), endMs: fromNow(rest.endMs) };
      // Its sound ends with the page: what was heard until now is what was heard of it.
      const state = rest.heardUnits < rest.text.length ? "dropped" : "ended";
      return { ...rest, state, startMs: fromNow(rest.startMs), endMs: 0 };
    });
  return { version: VERSION, turn, accepting, cues: snapshots };
}

/** The same cue with its times on another clock. */
export function onClock(cue: SnapshotCue, serial: number, nowMs: number): SubtitleCue {
  const later = (ms: number | null): number | null => (ms === null ? null : ms + nowMs);
  return { ...cue, cue: serial, startMs: later(cue.startMs), endMs: later(cue.endMs) };
}

// ---- The check ----

function requireObject(option: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw optionError(option, value, "an object");
}

function requireString(option: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw optionError(option, value, "a string");
}

function requireTime(option: string, value: unknown): number | null {
  return value === null ? null : requireNumber(option, value, -TIME_MAX_MS, TIME_MAX_MS);
}

/**
 * An id as WebVTT takes it.
 *
 * @throws VoicepathError OPTION
 */
export function requireId(option: string, value: unknown): string {
  if (typeof value === "string" && value !== "" && !/[\r\n]|-->/.test(value)) return value;
  throw optionError(option, value, "a line of text without -->");
}

function checkedCue(path: string, value: unknown, snapshotTurn: number): SnapshotCue {
  const cue = requireObject(path, value);
  const at = (field: keyof SnapshotCue): string => `${path}.${field}`;
  const state = cue["state"] as CueState;
  if (!PAST.includes(state) && !COMING.includes(state))
    throw optionError(at("state"), state, [...PAST, ...COMING].join(" or "));
  const text = requireString(at("text"), cue["text"]);
  const turn = requireInteger(at("turn"), cue["turn"], 1, snapshotTurn);
  if (COMING.includes(state) && turn !== snapshotTurn)
    throw optionError(at("turn"), turn, `the turn of the snapshot, ${snapshotTurn}`);
  return {
    id: cue["id"] === null ? null : requireId(at("id"), cue["id"]),
    turn,
    state,
    text,
    translation: requireString(at("translation"), cue["translation"]),
    heardUnits: requireInteger(at("heardUnits"), cue["heardUnits"], 0, text.length),
    spaceBefore: requireBoolean(at("spaceBefore"), cue["spaceBefore"]),
    clip: requireBoolean(at("clip"), cue["clip"]),
    startMs: requireTime(at("startMs"), cue["startMs"]),
    endMs: requireTime(at("endMs"), cue["endMs"]),
    durationMs: requireNumber(at("durationMs"), cue["durationMs"], 0, TIME_MAX_MS),
  };
}

/**
 * A snapshot in which every field is what it should be.
 *
 * @throws VoicepathError OPTION, naming the field: `snapshot.cues[3].text`
 */
export function checkedSnapshot(value: unknown): SubtitleSnapshot {
  const snapshot = requireObject("snapshot", value);
  if (snapshot["version"] !== VERSION)
    throw optionError("snapshot.version", snapshot["version"], `${VERSION}`);
  const turn = requireInteger("snapshot.turn", snapshot["turn"], 0, TURN_MAX);
  const accepting = requireBoolean("snapshot.accepting", snapshot["accepting"]);
  const { cues: list } = snapshot;
  if (!Array.isArray(list)) throw optionError("snapshot.cues", list, "an array");
  const cues = list.map((cue: unknown, i) => checkedCue(`snapshot.cues[${i}]`, cue, turn));
  const ids = new Set<string>();
  cues.forEach(({ state, turn, id }, i) => {
    const path = `snapshot.cues[${i}]`;
    const before = cues[i - 1];
    if (before && turn < before.turn)
      throw optionError(`${path}.turn`, turn, `at least ${before.turn}, the turn before`);
    if (before && !isPast(before) && (before.state === "growing" || PAST.includes(state)))
      throw optionError(`${path}.state`, state, `possible after one that is ${before.state}`);
    if (COMING.includes(state) && !accepting)
      throw optionError(`${path}.state`, state, "past, when no text is taken");
    if (id === null) return;
    if (ids.has(id)) throw optionError(`${path}.id`, id, "an id that no cue before has");
    ids.add(id);
  });
  return { version: VERSION, turn, accepting, cues };
}
