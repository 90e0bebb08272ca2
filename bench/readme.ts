/** The measured tables and the pictures in the project's README, which nobody writes by hand. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatFigure, formatRatio, formatSpread, peerOf, ratioTo } from "./figures.js";
import type { Results } from "./page/benchmark/results.js";
import { isOurs, type Row, VOICEPATH } from "./page/suites/suite.js";
import { qualityMarkdown, speedMarkdown } from "./resampler/markdown.js";
import { QUALITY, SPEED } from "./resampler/report.js";
import { markdownTable } from "./tables.js";

interface Table {
  readonly suite: string;
  readonly begin: string;
  readonly header: readonly string[];
  /** What stands in the line of one of our rows. */
  line(ours: Row, rows: readonly Row[]): readonly string[];
}

const END = "<!-- /figures -->";
const PICTURES = [
  "demo.png",
  "page-dark.png",
  "open-close.png",
  "subtitles.png",
  "resampler.png",
  "ort.png",
  "monitor.png",
];

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
  {
    suite: "resampler",
    begin: "<!-- figures: resampler -->",
    header: ["case", VOICEPATH, "peer", "ratio", "best other"],
    line: besideOthers,
  },
  {
    suite: "ort",
    begin: "<!-- figures: ort -->",
    header: ["case", VOICEPATH, "peer", "ratio", "best other"],
    line: besideOthers,
  },
  {
    suite: "monitor",
    begin: "<!-- figures: monitor -->",
    header: ["case", VOICEPATH, "peer", "ratio", "best other"],
    line: besideOthers,
  },
  {
    suite: "wire",
    begin: "<!-- figures: wire -->",
    header: ["case", VOICEPATH, "peer", "ratio", "best other"],
    line: besideOthers,
  },
];

/** What Node measures, which is no row of ours beside its peer's. */
interface NodeFigures {
  readonly suite: string;
  readonly begin: string;
  markdown(rows: readonly Row[]): string;
}

const NODE_FIGURES: readonly NodeFigures[] = [
  { suite: QUALITY, begin: "<!-- figures: resampler-quality -->", markdown: qualityMarkdown },
  { suite: SPEED, begin: "<!-- figures: resampler-speed -->", markdown: speedMarkdown },
];

/** Every row of ours beside its peer's, median and p5 … p95. */
function markdown({ header, line }: Table, rows: readonly Row[]): string {
  const lines = rows.filter(({ contender }) => isOurs(contender)).map((ours) => line(ours, rows));
  return markdownTable(header, lines);
}

function replaceBetween(text: string, begin: string, body: string): string {
  const [before, rest] = text.split(begin);
  const [, ...after] = rest?.split(END) ?? [];
  if (before === undefined || after.length === 0)
    throw new Error(`README.md has no ${begin} … ${END}`);
  return `${before}${begin}\n\n${body}\n\n${END}${after.join(END)}`;
}

/** Puts figures of a command beside the benchmark into the README; returns its path. */
export function putFigures(root: string, name: string, body: string): string {
  const path = join(root, "README.md");
  writeFileSync(
    path,
    replaceBetween(readFileSync(path, "utf8"), `<!-- figures: ${name} -->`, body),
  );
  return path;
}

/**
 * Puts in the tables of the suites that were run. Returns the paths written.
 *
 * @throws when the README has no place for one
 */
export function updateReadme(root: string, pictures: string, results: Results): string[] {
  const path = join(root, "README.md");
  const { engine, node, machine, commit } = results;
  const source = (where: string): string =>
    `Median (p5 … p95), ${where}, ${machine}, commit ${commit}.`;
  let text = readFileSync(path, "utf8");
  const put = (begin: string, suite: string, body: (rows: readonly Row[]) => string): void => {
    const rows = results.rows.filter((row) => row.suite === suite);
    if (rows.length > 0) text = replaceBetween(text, begin, body(rows));
  };
  for (const table of TABLES)
    put(table.begin, table.suite, (rows) => `${markdown(table, rows)}\n\n${source(engine)}`);
  for (const figures of NODE_FIGURES)
    put(
      figures.begin,
      figures.suite,
      (rows) => `${figures.markdown(rows)}\n\n${source(`Node ${node}`)}`,
    );
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
