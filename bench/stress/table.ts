/** The report in a terminal: the cycles, as the reports' table has them, and the verdicts. */
import { alignedTable, type Cells } from "../tables.js";
import type { CounterReport, StressReport } from "./report.js";
import { growthText, pText, slopeText, title, valueText } from "./wording.js";

/** Of the cycles' table, which leaves out its middle. */
const ROWS_MAX = 24;
const GAP = "…";

/** The first and the last rows, with a gap between. */
function shorten(rows: readonly Cells[]): readonly Cells[] {
  if (rows.length <= ROWS_MAX) return rows;
  const half = ROWS_MAX / 2;
  const gap = (rows[0] ?? []).map(() => GAP);
  return [...rows.slice(0, half), gap, ...rows.slice(-half)];
}

function cyclesTable({ readings, counters }: StressReport): string {
  const changing = counters.filter(({ constant }) => !constant);
  const rows = readings.map((cycle, i) => [
    String(cycle),
    ...changing.map(({ values, unit }) => valueText(values[i] ?? null, unit)),
  ]);
  return alignedTable([["cycle", ...changing.map(title)], ...shorten(rows)]);
}

function verdictRow(counter: CounterReport): Cells {
  const { unit, first, last, slope, p, n, verdict } = counter;
  return [
    title(counter),
    valueText(first, unit),
    valueText(last, unit),
    slopeText(slope),
    pText(p),
    String(n),
    verdict,
  ];
}

function verdictsTable({ counters }: StressReport): string {
  const head = ["counter", "first", "last", "a cycle", "p", "n", "verdict"];
  return alignedTable([head, ...counters.filter(({ constant }) => !constant).map(verdictRow)]);
}

function constants({ counters }: StressReport): string {
  const same = counters.filter(({ constant }) => constant);
  const some = same.filter(({ first }) => first !== 0);
  const none = same.filter(({ first }) => first === 0);
  return [
    `constant: ${some.map(({ name, unit, first }) => `${name} ${valueText(first, unit)}`).join(", ") || "none"}`,
    `always 0: ${none.map(({ name }) => name).join(", ") || "none"}`,
  ].join("\n");
}

function conclusion({ rising, growth, counters }: StressReport): string {
  const steps = counters.filter(({ verdict }) => verdict === "step").map(({ name }) => name);
  const lines = [rising.length === 0 ? "Nothing rises." : `Rising: ${rising.join(", ")}.`];
  if (steps.length > 0) lines.push(`Rose once and stayed: ${steps.join(", ")}.`);
  return [...lines, ...growth.map((place) => `  ${growthText(place)}`)].join("\n");
}

export function reportTable(report: StressReport): string {
  const { scenario, cycles, url, way, readings, durationMs, blankSlope, notes } = report;
  return [
    `${scenario}: ${cycles} cycles of ${url} ${way}, ${readings.length} readings, ` +
      `${(durationMs / 1000).toFixed(0)} s; a blank page's heap: ${slopeText(blankSlope)} kB a cycle`,
    cyclesTable(report),
    verdictsTable(report),
    constants(report),
    ...notes.map((note) => `Note: ${note}.`),
    conclusion(report),
  ].join("\n\n");
}
