/** The table for the README: before, after, the ratio, and what was to be reached. */
import { formatFigure, formatRatio, formatSpread, peerOf, ratioTo } from "../figures.js";
import type { Row } from "../page/suites/suite.js";
import { markdownTable } from "../tables.js";
import type { Goal } from "./measure.js";
import { MEASURES } from "./measures/index.js";
import { AFTER } from "./twins.js";

const HEADER = ["", "before", "after", "ratio", "goal"];

function goalText(goal: Goal | undefined): string {
  if (!goal) return "";
  if ("times" in goal) return `${goal.times}×`;
  return "atMost" in goal ? `≤ ${goal.atMost}` : `${goal.exactly}`;
}

function figure(row: Row | undefined): string {
  if (!row) return "";
  if (row.median === null) return row.note ?? "–";
  const spread = formatSpread(row);
  const value = `${formatFigure(row.median)} ${row.unit}`;
  return `${value}${spread === "–" ? "" : ` (${spread})`}${row.note ? `: ${row.note}` : ""}`;
}

export function frontendMarkdown(rows: readonly Row[]): string {
  const after = rows.filter(({ contender }) => contender === AFTER);
  const lines = after.map((row) => {
    const before = peerOf(row, rows);
    const goal = MEASURES.find(({ name }) => name === row.case)?.goal;
    const ratio = goal && !("times" in goal) ? "" : formatRatio(ratioTo(before, row));
    const wanted = row.case.startsWith("growth") ? "0" : goalText(goal);
    return [row.case, figure(before), figure(row), ratio, wanted];
  });
  return markdownTable(HEADER, lines);
}
