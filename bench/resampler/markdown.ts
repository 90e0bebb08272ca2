/** Node's rows as the tables of the project's README. */
import { formatFigure, formatRatio, ratioTo } from "../figures.js";
import { isOurs, type Row } from "../page/suites/suite.js";
import { type Cells, isFirst, markdownTable } from "../tables.js";
import { LIVE_PEER, LIVE_PEERS, WHOLE_PEER } from "./peer-names.js";

const DOWN = ["48-16", "44.1-16"];
const UP = ["24-48", "16-48", "24-44.1"];
const TIMED = [...DOWN, "24-48", "24-44.1"];

/** 48-16 as 48→16. */
const arrow = (pair: string): string => pair.replace("-", "→");
const arrows = (pairs: readonly string[]): string => pairs.map(arrow).join(" / ");

type Find = (pair: string, contender: string, measure: string) => Row | undefined;

function finder(rows: readonly Row[]): Find {
  const found = new Map(rows.map((row) => [`${row.case} ${row.contender}`, row]));
  return (pair, contender, measure) => found.get(`${pair}/${measure} ${contender}`);
}

const namesOf = (rows: readonly Row[]): string[] => [
  ...new Set(rows.map(({ contender }) => contender)),
];

/** Without the scope of an npm package, where its name alone tells who it is. */
const shortName = (contender: string): string =>
  contender.replace("@libav.js/variant-default", "libav.js").replace(/^@(?!ricky0123)[^/]*\//, "");
const inBold = (contender: string): string =>
  isOurs(contender) ? `**${contender}**` : shortName(contender);

function table([header = [], ...body]: readonly Cells[]): string {
  return markdownTable(header, body, isFirst);
}

// ---- Quality

/** Of the figures of one measure; a dash where there is none. */
interface Measure {
  readonly title: string;
  readonly measure: string;
  format(value: number, row: Row): string;
}

const minus = (text: string): string => text.replace(/^-/, "−");
const inDb = (value: number): string => minus(value.toFixed(1));

const MEASURES: readonly Measure[] = [
  { title: "THD+N, dB", measure: "distortion", format: inDb },
  { title: "worst residual, dB", measure: "residual", format: inDb },
  { title: "−0.1 dB at, fN", measure: "band-lost", format: (lost) => (1 - lost).toFixed(3) },
  { title: "alias from fN, dB", measure: "alias-from-nyquist", format: inDb },
  { title: "alias from 1.09 fN, dB", measure: "alias-beyond", format: inDb },
  {
    title: "latency, ms",
    measure: "latency",
    // Who gives large blocks is sometimes late and sometimes not.
    format: (ms, { p5 }) =>
      p5 !== null && ms - p5 > 1 ? `${p5.toFixed(0)}…${ms.toFixed(0)}` : ms.toFixed(2),
  },
  { title: "length off by", measure: "length-error", format: String },
];

function qualityTable(rows: readonly Row[], pairs: readonly string[]): string {
  const find = finder(rows);
  const measures = MEASURES.filter(({ measure }) =>
    rows.some((row) => pairs.some((pair) => row.case === `${pair}/${measure}`)),
  );
  const cell = (contender: string, { measure, format }: Measure): string => {
    const cells = pairs.map((pair) => {
      const row = find(pair, contender, measure);
      return row && row.median !== null ? format(row.median, row) : "–";
    });
    return new Set(cells).size === 1 ? (cells[0] ?? "") : cells.join(" / ");
  };
  const able = namesOf(rows).filter((name) =>
    pairs.some((pair) => find(pair, name, "residual") !== undefined),
  );
  return table([
    [arrows(pairs), ...measures.map(({ title }) => title)],
    ...able.map((name) => [inBold(name), ...measures.map((measure) => cell(name, measure))]),
  ]);
}

/** Who could not be measured, and why. */
function notes(rows: readonly Row[]): string[] {
  const reasons = rows.flatMap(({ contender, note }) =>
    note ? [`${shortName(contender)}: ${note}.`] : [],
  );
  return [...new Set(reasons)];
}

const paragraphs = (parts: readonly string[]): string =>
  parts.filter((part) => part !== "").join("\n\n");

/** One table for going down, one for going up; as many figures in a cell as pairs of rates. */
export function qualityMarkdown(rows: readonly Row[]): string {
  return paragraphs([qualityTable(rows, DOWN), qualityTable(rows, UP), notes(rows).join(" ")]);
}

// ---- Speed

/** µs for a second of sound, as times real time. */
const realTime = (us: number | null): string => formatFigure(us === null ? null : 1e6 / us);

function speedCells(row: Row | undefined, peer: Row | undefined): string[] {
  if (!row || row.median === null) return ["–", ""];
  return [
    `${realTime(row.median)} (${realTime(row.p95)} … ${realTime(row.p5)})`,
    row === peer ? "1" : formatRatio(ratioTo(peer, row)),
  ];
}

function speedTable(rows: readonly Row[], measure: string, peer: string): string {
  const find = finder(rows);
  const names = namesOf(
    rows.filter((row) => row.case.endsWith(`/${measure}`) && row.median !== null),
  );
  return table([
    [`${measure}, × real time`, ...TIMED.flatMap((pair) => [arrow(pair), "ratio"])],
    ...names.map((name) => [
      inBold(name),
      ...TIMED.flatMap((pair) => speedCells(find(pair, name, measure), find(pair, peer, measure))),
    ]),
  ]);
}

/** How many times faster each mode of ours is than each of several. */
function ratioTable(rows: readonly Row[]): string {
  const find = finder(rows);
  const ours = namesOf(rows.filter((row) => row.case.endsWith("/blocks"))).filter(isOurs);
  const ratio = (pair: string, name: string, peer: string): string => {
    const row = find(pair, name, "blocks");
    return (row && formatRatio(ratioTo(find(pair, peer, "blocks"), row))) || "–";
  };
  return table([
    [arrows(TIMED), ...LIVE_PEERS.map((peer) => `vs ${shortName(peer)}`)],
    ...ours.map((name) => [
      inBold(name),
      ...LIVE_PEERS.map((peer) => TIMED.map((pair) => ratio(pair, name, peer)).join(" / ")),
    ]),
  ]);
}

/** Blocks of 128 and whole clips, each against its peer; then our modes against several. */
export function speedMarkdown(rows: readonly Row[]): string {
  return paragraphs([
    speedTable(rows, "blocks", LIVE_PEER),
    ratioTable(rows),
    speedTable(rows, "clips", WHOLE_PEER),
    notes(rows).join(" "),
  ]);
}
