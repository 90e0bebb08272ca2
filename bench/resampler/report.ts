/** Quality and speed as tables for the terminal, and quality as rows. */
import { formatFigure, formatRatio, ratioTo } from "../figures.js";
import type { Case, Row } from "../page/suites/suite.js";
import { alignedTable } from "../tables.js";
import type { Quality } from "./quality.js";

/** The suites of Node's rows: `resampler` is the page's. */
export const QUALITY = "resampler-quality";
export const SPEED = "resampler-speed";

const db = (value: number): string => value.toFixed(1);
/** Without the sign of a rounded zero. */
const ms = (value: number): string => value.toFixed(3).replace(/^-(0\.0+)$/, "$1");

export const QUALITY_COLUMNS = [
  "THD+N dB",
  "residual dB",
  "-0.1 dB at",
  "ripple dB",
  "DC dB",
  "alias ≥ 1.09 / ≥ 1 fN",
  "latency ms",
  "delay 1 / 3 kHz",
  "length",
  "any blocks",
];

export function qualityLine(
  name: string,
  { distortion, residual, passBand, aliases, latency, laws }: Quality,
): string[] {
  const spread =
    latency && latency.latencyMs - latency.leastMs > 1 ? `${latency.leastMs.toFixed(1)} … ` : "";
  return [
    name,
    db(distortion),
    db(residual),
    passBand.bandwidth.toFixed(4),
    passBand.ripple.toFixed(6),
    passBand.dcGain.toFixed(6),
    aliases ? `${db(aliases.beyond)} / ${db(aliases.fromNyquist)}` : "–",
    latency ? `${spread}${latency.latencyMs.toFixed(2)}` : "–",
    latency ? `${ms(latency.delayMs)} / ${ms(latency.delay3kHzMs)}` : "–",
    laws.lengthError === 0 ? "exact" : `${laws.lengthError > 0 ? "+" : ""}${laws.lengthError}`,
    laws.sameForAnyBlocks ? "same bits" : "differ",
  ];
}

export const qualityTable = (title: string, lines: readonly (readonly string[])[]): string =>
  alignedTable([[title, ...QUALITY_COLUMNS], ...lines]);

export const qualityCase = (pair: string, measure: string, peer: string): Case => ({
  suite: QUALITY,
  case: `${pair}/${measure}`,
  peer,
});

/** Of measurements that are the same every time. As in all rows, lower is better. */
export function qualityRows(
  pair: string,
  peer: string,
  contender: string,
  { distortion, residual, passBand, aliases, latency, laws }: Quality,
): Row[] {
  const row = (measure: string, unit: string, value: number, least = value): Row => ({
    ...qualityCase(pair, measure, peer),
    contender,
    unit,
    median: value,
    p5: least,
    p95: value,
    rounds: 1,
  });
  const rows = [
    row("distortion", "dB", distortion),
    row("residual", "dB", residual),
    row("band-lost", "fN", 1 - passBand.bandwidth),
    row("ripple", "dB", passBand.ripple),
    row("dc-error", "dB", Math.abs(passBand.dcGain)),
    row("length-error", "samples", Math.abs(laws.lengthError)),
    row("bits-differ", "0 or 1", laws.sameForAnyBlocks ? 0 : 1),
  ];
  if (aliases)
    rows.push(
      row("alias-from-nyquist", "dB", aliases.fromNyquist),
      row("alias-beyond", "dB", aliases.beyond),
    );
  if (latency) rows.push(row("latency", "ms", latency.latencyMs, latency.leastMs));
  return rows;
}

/** A row of µs for a second of sound, as times real time. */
const realTime = (us: number | null): string => formatFigure(us === null ? null : 1e6 / us);

export function speedTable(
  title: string,
  rows: readonly Row[],
  peerNames: readonly string[],
): string {
  const peers = rows.filter(({ contender }) => peerNames.includes(contender));
  const header = [
    title,
    "× real time",
    "p95 … p5",
    ...peers.map(({ contender }) => `vs ${contender.replace(/^@[^/]*\//, "")}`),
  ];
  const lines = rows.map((row) => [
    row.contender,
    realTime(row.median),
    `${realTime(row.p95)} … ${realTime(row.p5)}`,
    ...peers.map((peer) => (peer === row ? "1" : formatRatio(ratioTo(peer, row)))),
  ]);
  return alignedTable([header, ...lines]);
}
