/** The measured tables and the pictures in the project's README, which nobody writes by hand. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatFigure, formatRatio, formatSpread, peerOf, ratioTo } from "./figures.js";
import type { Results } from "./page/benchmark/results.js";
import { isOurs, type Row, VOICEPATH } from "./page/suites/suite.js";

interface Table {
  readonly suite: string;
  readonly begin: string;
  readonly header: readonly string[];
  /** What stands in the line of one of our rows. */
  line(ours: Row, rows: readonly Row[]): readonly string[];
}

const END = "<!-- /figures -->";
const PICTURES = ["demo.png", "page-dark.png", "open-close.png", "subtitles.png"];

function figure(row: Row | undefined): string {
  if (!row) return "";
  if (row.median === null) return row.note ?? "–";
  const spread = formatSpread(row);
  return `${formatFigure(row.median)} ${row.unit}${spread === "–" ? "" : ` (${spread})`}`;
}

/** With who it is. */
function named(row: Row | undefined): string {
  return row ? `${row.contender}: ${formatFigure(row.median)} ${row.unit}` : "";
}

function ratio(ours: Row, rows: readonly Row[]): string {
  return formatRatio(ratioTo(peerOf(ours, rows), ours));
}

/** The best of the others, where there are more than the peer. */
function best(ours: Row, rows: readonly Row[]): Row | undefined {
  const others = rows.filter(
    ({ suite, case: name, contender, peer }) =>
      suite === ours.suite && name === ours.case && contender !== peer && !isOurs(contender),
  );
  const median = ({ median }: Row): number => median ?? Number.POSITIVE_INFINITY;
  return others.sort((a, b) => median(a) - median(b))[0];
}

/** With which way of ours it is, and who the others are. */
function besideOthers(ours: Row, rows: readonly Row[]): readonly string[] {
  const way = ours.contender.slice(VOICEPATH.length + 1);
  return [
    [`${ours.suite}/${ours.case}`, way].filter((part) => part !== "").join(", "),
    figure(ours),
    named(peerOf(ours, rows)),
    ratio(ours, rows),
    named(best(ours, rows)),
  ];
}

const TABLES: readonly Table[] = [
  {
    suite: "vad",
    begin: "<!-- figures: npm start -- --headless --readme -->",
    header: ["case", VOICEPATH, "vad-web 0.0.31, v5", "ratio"],
    line: (ours, rows) => [
      `${ours.suite}/${ours.case}`,
      figure(ours),
      figure(peerOf(ours, rows)),
      ratio(ours, rows),
    ],
  },
  {
    suite: "registry",
    begin: "<!-- figures: registry -->",
    header: ["case", VOICEPATH, "peer", "ratio", "fastest other"],
    line: besideOthers,
  },
  {
    suite: "connection",
    begin: "<!-- figures: connection -->",
    header: ["case", VOICEPATH, "reconnecting-websocket 4.4", "ratio", "partysocket 1.3"],
    line: (ours, rows) => {
      const party = rows.find((row) => row.case === ours.case && row.contender === "partysocket");
      const peer = peerOf(ours, rows);
      return [ours.case, figure(ours), figure(peer), ratio(ours, rows), figure(party)];
    },
  },
  {
    suite: "subtitle",
    begin: "<!-- figures: subtitle -->",
    header: ["case", VOICEPATH, "peer", "ratio", "best other"],
    line: besideOthers,
  },
];

/** Every row of ours beside its peer's, median and p5 … p95. */
function markdown({ header, line }: Table, rows: readonly Row[]): string {
  const lines = rows.filter(({ contender }) => isOurs(contender)).map((ours) => line(ours, rows));
  return [header, header.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function replaceBetween(text: string, begin: string, body: string): string {
  const [before, rest] = text.split(begin);
  const [, ...after] = rest?.split(END) ?? [];
  if (before === undefined || after.length === 0)
    throw new Error(`README.md has no ${begin} … ${END}`);
  return `${before}${begin}\n\n${body}\n\n${END}${after.join(END)}`;
}

/**
 * Puts in the tables of the suites that were run. Returns the paths written.
 *
 * @throws when the README has no place for one
 */
export function updateReadme(root: string, pictures: string, results: Results): string[] {
  const path = join(root, "README.md");
  const { engine, machine, commit } = results;
  const source = `Median (p5 … p95), ${engine}, ${machine}, commit ${commit}.`;
  let text = readFileSync(path, "utf8");
  for (const table of TABLES) {
    const rows = results.rows.filter(({ suite }) => suite === table.suite);
    if (rows.length === 0) continue;
    text = replaceBetween(text, table.begin, `${markdown(table, rows)}\n\n${source}`);
  }
  writeFileSync(path, text);
  const folder = join(root, "docs");
  mkdirSync(folder, { recursive: true });
  const copied = PICTURES.map((name) => {
    const to = join(folder, name);
    copyFileSync(join(pictures, name), to);
    return to;
  });
  return [path, ...copied];
}
