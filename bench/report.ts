/** Rows as tables in the terminal and as JSON in bench/results/. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { join } from "node:path";
import { formatFigure, formatRatio, formatSpread, peerOf, ratioTo } from "./figures.js";
import type { Results } from "./page/benchmark/results.js";
import type { Row } from "./page/suites/suite.js";
import { alignedTable } from "./tables.js";

function operatingSystem(): string {
  try {
    const [, name] = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8")) ?? [];
    return name ?? `${type()} ${release()}`;
  } catch {
    return `${type()} ${release()}`;
  }
}

/** Processor, cores, system. */
export function describeMachine(): string {
  return `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, ${operatingSystem()}`;
}

/** The rows of one or more cases, aligned. */
export function table(rows: readonly Row[]): string {
  const header = ["", "", "median", "p5 … p95", "unit", "ratio"];
  const lines = rows.map((row, i) => {
    const peer = peerOf(row, rows);
    const above = rows[i - 1];
    const first = above?.suite !== row.suite || above.case !== row.case;
    return [
      first ? `${row.suite}/${row.case}` : "",
      row.contender,
      formatFigure(row.median),
      row.note ?? formatSpread(row),
      row.unit,
      row === peer ? "1" : formatRatio(ratioTo(peer, row)),
    ];
  });
  return alignedTable([header, ...lines], (column) => column < 2 || column === 4);
}

/** Writes the results under their time and as latest.json; returns the first path. */
export function writeResults(folder: string, results: Results, time: Date): string {
  mkdirSync(folder, { recursive: true });
  const stamp = time
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  const path = join(folder, `${stamp}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
  copyFileSync(path, join(folder, "latest.json"));
  return path;
}
