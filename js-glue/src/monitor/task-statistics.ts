/**
 * What a backend says of its background tasks: as a line of its log, as the reports show it, or as an
 * optional message on the socket:
 *
 *     总任务=12, 活跃=3, 已完成=9
 *     Task statistics: total=12, active=3, finished=9
 *     {"type": "task-statistics", "total": 12, "active": 3, "finished": 9}
 */
import { requireInteger } from "../errors.js";

export interface TaskStatistics {
  /** Ever begun, or known now: as the backend counts. */
  readonly total: number;
  /** Still running. */
  readonly active: number;
  readonly finished: number | null;
}

const WORDS: Readonly<Record<keyof TaskStatistics, readonly string[]>> = {
  total: ["总任务数", "总任务", "總任務", "total tasks", "total"],
  active: ["活跃任务", "活跃", "活躍", "active tasks", "active"],
  finished: ["已完成", "完成", "finished", "completed", "done"],
};

/** The number after the first of the words that stands in the line, with any mark between. */
function numberAfter(line: string, words: readonly string[]): number | null {
  for (const word of words) {
    const found = new RegExp(`${word}["']?\\s*[=:：＝]\\s*(\\d{1,15})(?![\\d.])`, "iu").exec(line);
    if (found) return Number(found[1]);
  }
  return null;
}

/** Null when it is no line of task statistics. */
export function parseTaskStatistics(line: string): TaskStatistics | null {
  const total = numberAfter(line, WORDS.total);
  const active = numberAfter(line, WORDS.active);
  if (total === null || active === null) return null;
  return { total, active, finished: numberAfter(line, WORDS.finished) };
}

/** @throws VoicepathError OPTION, naming the count that is none */
export function checkTaskStatistics(statistics: TaskStatistics): TaskStatistics {
  const { total, active, finished = null } = statistics ?? {};
  const count = (option: string, value: unknown): number =>
    requireInteger(option, value, 0, Number.MAX_SAFE_INTEGER);
  return {
    total: count("total", total),
    active: count("active", active),
    finished: finished === null ? null : count("finished", finished),
  };
}
