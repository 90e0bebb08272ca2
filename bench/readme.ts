/** The measured table and the pictures in the project's README, which nobody writes by hand. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatFigure, formatRatio, formatSpread, ratioTo } from "./figures.js";
import type { Results } from "./page/benchmark/results.js";
import { PEER, type Row, VOICEPATH } from "./page/suites/suite.js";

const BEGIN = "<!-- figures: npm start -- --headless --readme -->";
const END = "<!-- /figures -->";
const PICTURES = ["demo.png", "page-dark.png"];

function figure(row: Row | undefined): string {
  if (!row) return "";
  const spread = formatSpread(row);
  return `${formatFigure(row.median)} ${row.unit}${spread === "–" ? "" : ` (${spread})`}`;
}

/** Every case of ours beside the peer's, median and p5 … p95. */
export function markdownTable({ rows }: Results): string {
  const lines = rows
    .filter(({ contender }) => contender === VOICEPATH)
    .map((ours) => {
      const peer = rows.find((row) => row.case === ours.case && row.contender === PEER);
      const ratio = formatRatio(ratioTo(peer, ours));
      return `| ${ours.suite}/${ours.case} | ${figure(ours)} | ${figure(peer)} | ${ratio} |`;
    });
  return ["| case | voicepath | vad-web 0.0.31, v5 | ratio |", "|---|---|---|---|", ...lines].join(
    "\n",
  );
}

/** Returns the paths written. */
export function updateReadme(root: string, pictures: string, results: Results): string[] {
  const path = join(root, "README.md");
  const [before, rest] = readFileSync(path, "utf8").split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`README.md has no ${BEGIN} … ${END}`);
  const { engine, machine, commit } = results;
  const body = `${markdownTable(results)}\n\nMedian (p5 … p95), ${engine}, ${machine}, commit ${commit}.`;
  writeFileSync(path, `${before}${BEGIN}\n\n${body}\n\n${END}${after}`);
  const folder = join(root, "docs");
  mkdirSync(folder, { recursive: true });
  const copied = PICTURES.map((name) => {
    const to = join(folder, name);
    copyFileSync(join(pictures, name), to);
    return to;
  });
  return [path, ...copied];
}
