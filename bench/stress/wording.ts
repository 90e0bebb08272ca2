/** Numbers as people read them, for the terminal and the page alike. */
import type { CounterUnit } from "./counters.js";
import type { CounterReport, Growth } from "./report.js";

const DIGITS: Readonly<Record<CounterUnit, number>> = {
  count: 0,
  bytes: 0,
  kB: 1,
  ms: 1,
  perFrame: 1,
};

const UNITS: Readonly<Record<CounterUnit, string>> = {
  count: "",
  bytes: "bytes",
  kB: "kB",
  ms: "ms",
  perFrame: "a frame",
};

/** "JS heap, kB". */
export function title({ name, unit }: Pick<CounterReport, "name" | "unit">): string {
  return UNITS[unit] === "" ? name : `${name}, ${UNITS[unit]}`;
}

export function valueText(value: number | null, unit: CounterUnit): string {
  return value === null ? "–" : value.toFixed(DIGITS[unit]);
}

/** With a sign, and no more digits than mean something. */
export function slopeText(slope: number): string {
  if (slope === 0) return "0";
  const text = Math.abs(slope) < 0.0005 ? "0.000" : Math.abs(slope).toPrecision(3);
  return `${slope < 0 ? "−" : "+"}${Number(text)}`;
}

export function pText(p: number): string {
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

/** "+20 interval in 20 cycles at startCarousel (app.js:12:3): tick". */
export function growthText({ kind, growth, cycles, site, names }: Growth): string {
  const what = kind === "heap" ? `${(growth / 1000).toFixed(1)} kB of heap` : `${growth} ${kind}`;
  const called = names.length > 0 ? `: ${names.join(", ")}` : "";
  return `+${what} in ${cycles} cycles at ${site}${called}`;
}
