/** The last run of each scenario in one table, for the README. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { markdownTable } from "../tables.js";
import { HEAP, RESPONSE } from "./counters.js";
import { SCENARIOS } from "./options.js";
import type { CounterReport, StressReport } from "./report.js";
import { slopeText, valueText } from "./wording.js";

function readReports(folder: string): StressReport[] {
  return SCENARIOS.map((scenario) => join(folder, scenario, "report.json"))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, "utf8")) as StressReport);
}

function line({ scenario, cycles, readings, counters }: StressReport): string[] {
  const named = (name: string): CounterReport | undefined =>
    counters.find((counter) => counter.name === name);
  const counts = counters.filter(({ unit }) => unit === "count" || unit === "bytes");
  const rising = counts.filter(({ verdict }) => verdict === "rising");
  const constant = counts.filter((counter) => counter.constant);
  const heap = named(HEAP.name);
  const response = named(RESPONSE.name);
  return [
    scenario,
    `${cycles} (${readings.length} readings)`,
    `${constant.length} of ${counts.length}`,
    rising.length === 0 ? "none" : rising.map(({ name }) => name).join(", "),
    heap ? `${slopeText(heap.slope)} kB a cycle, ${heap.verdict}` : "–",
    response
      ? `${valueText(response.first, "ms")} → ${valueText(response.last, "ms")} ms, ${response.verdict}`
      : "–",
  ];
}

/** Of the reports in a folder; another scenario's stays what it was. */
export function summaryMarkdown(folder: string): string {
  const reports = readReports(folder);
  const head = ["scenario", "cycles", "constant", "rising", "heap above a blank page", "response"];
  const table = markdownTable(head, reports.map(line));
  const source = reports[0] ? `${reports[0].engine}, slow code (no optimising compilers).` : "";
  return `${table}\n\n${source}`;
}
