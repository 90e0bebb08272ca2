/** How figures read, on the page and in the terminal. */
import type { Row } from "./page/suites/suite.js";

const THOUSANDS = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** Three significant digits, all of them from a thousand on. */
export function formatFigure(value: number | null): string {
  if (value === null) return "–";
  const size = Math.abs(value);
  if (size >= 999.5) return THOUSANDS.format(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  if (size === 0) return "0";
  return value.toFixed(2);
}

export function formatSpread({ p5, p95 }: Row): string {
  if (p5 === null || p95 === null) return "–";
  return p5 === p95 ? "–" : `${formatFigure(p5)} … ${formatFigure(p95)}`;
}

/** The row that a row's ratio is taken against, if it is there. */
export function peerOf(row: Row, rows: readonly Row[]): Row | undefined {
  return rows.find(
    (other) => other.suite === row.suite && other.case === row.case && other.contender === row.peer,
  );
}

/** How many times less than the peer's median this one is; `null` when either is missing or the peer's is 0. */
export function ratioTo(peer: Row | undefined, row: Row): number | null {
  if (!peer || peer.median === null || row.median === null || peer === row) return null;
  if (peer.median <= 0) return null;
  if (row.median <= 0) return Number.POSITIVE_INFINITY;
  return peer.median / row.median;
}

export function formatRatio(ratio: number | null): string {
  if (ratio === null) return "";
  if (!Number.isFinite(ratio)) return "∞";
  return `${ratio >= 99.5 ? ratio.toFixed(0) : ratio.toPrecision(3)}×`;
}
