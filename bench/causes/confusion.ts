/** What was injected against what was named. */
import { alignedTable, type Cells, markdownTable } from "../tables.js";
import type { Answer, Outcome } from "./trial.js";

export interface Row {
  readonly injected: Outcome["injected"];
  readonly trials: number;
  readonly right: number;
  /** "unknown", or nothing: not right, but no wrong answer either. */
  readonly undecided: number;
  readonly wrong: number;
  readonly named: Readonly<Partial<Record<Answer, number>>>;
  /** Until the cause was named, in the median trial of those in which it was. */
  readonly namedAfterMs: number | null;
}

const median = (values: readonly number[]): number | null =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;

export function isRight({ injected, answer, strays }: Outcome): boolean {
  return answer === injected && (injected !== "none" || strays.length === 0);
}

/** Of a clean run it is wrong to have named a cause at any time. */
export function isWrong({ injected, answer, strays }: Outcome): boolean {
  if (injected === "none") return strays.length > 0;
  return answer !== injected && answer !== "unknown" && answer !== "none";
}

export function rowOf(outcomes: readonly Outcome[]): Row {
  const named: Partial<Record<Answer, number>> = {};
  for (const { answer } of outcomes) named[answer] = (named[answer] ?? 0) + 1;
  const right = outcomes.filter(isRight).length;
  const wrong = outcomes.filter(isWrong).length;
  return {
    injected: outcomes[0]?.injected ?? "none",
    trials: outcomes.length,
    right,
    wrong,
    undecided: outcomes.length - right - wrong,
    named,
    namedAfterMs: median(outcomes.flatMap(({ namedAfterMs }) => namedAfterMs ?? [])),
  };
}

const HEADER: Cells = ["injected", "trials", "right", "unknown", "wrong", "after", "named"];

function cellsOf({ injected, trials, right, undecided, wrong, namedAfterMs, named }: Row): Cells {
  return [
    injected,
    `${trials}`,
    `${right} (${((100 * right) / trials).toFixed(0)} %)`,
    `${undecided}`,
    `${wrong}`,
    namedAfterMs === null ? "" : `${(namedAfterMs / 1000).toFixed(1)} s`,
    Object.entries(named)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
  ];
}

/** With whose figures they are. */
export function confusionMarkdown(
  rows: readonly Row[],
  { machine, commit }: { readonly machine: string; readonly commit: string },
): string {
  const table = markdownTable(HEADER, rows.map(cellsOf));
  return `${table}\n\n"After" is the median time from the injection until the cause is named. ${machine}, commit ${commit}.`;
}

export function confusionTable(rows: readonly Row[]): string {
  return alignedTable([HEADER, ...rows.map(cellsOf)], () => true);
}
