/** Numbers with their units, as a language writes them. */
import type { Unit } from "./series.js";

/** A unit that Intl knows, from so much of it on, and how many of the series' it is. */
type Step = readonly [from: number, unit: string, size: number];

const TIMES: readonly Step[] = [
  [7_200_000, "hour", 3_600_000],
  [120_000, "minute", 60_000],
  [1000, "second", 1000],
  [0, "millisecond", 1],
];
const BYTES: readonly Step[] = [
  [1e9, "gigabyte", 1e9],
  [1e6, "megabyte", 1e6],
  [1000, "kilobyte", 1e3],
  [0, "byte", 1],
];

/** Below this, what is written is 0. */
const SMALLEST_P = 0.001;

/** Three digits say it, and two after the point. */
function rounded(value: number): number {
  return Math.abs(value) < 1 ? Math.round(value * 100) / 100 : Number(value.toPrecision(3));
}

export class Quantities {
  readonly #locale: string;
  /** Making one takes longer than using it a hundred times. */
  readonly #formats = new Map<string, Intl.NumberFormat>();
  readonly #time: Intl.DateTimeFormat;
  readonly #list: Intl.ListFormat;

  constructor(locale: string) {
    this.#locale = locale;
    this.#time = new Intl.DateTimeFormat(locale, { timeStyle: "medium", hourCycle: "h23" });
    this.#list = new Intl.ListFormat(locale, { type: "conjunction" });
  }

  /** "1.2 MB", "350 ms", "62%"; of what is counted, the number alone. A dash when there is none. */
  of(unit: Unit, value: number | null): string {
    if (value === null || !Number.isFinite(value)) return "–";
    switch (unit) {
      case "ms":
        return this.#stepped(TIMES, value);
      case "bytes":
        return this.#stepped(BYTES, value);
      case "share":
        return this.#format(rounded(100 * value) / 100, {
          style: "percent",
          maximumFractionDigits: 1,
        });
      default:
        return this.number(value);
    }
  }

  duration(ms: number): string {
    return this.of("ms", ms < 1000 ? ms : Math.round(ms / 1000) * 1000);
  }

  number(value: number): string {
    const exact = Number.isInteger(value) && Math.abs(value) < 1e6;
    return this.#format(exact ? value : rounded(value), { maximumFractionDigits: 2 });
  }

  /** A probability with its sign: "= 0.03", "< 0.001". */
  probability(p: number): string {
    const shown = (value: number): string =>
      this.#format(value, { maximumSignificantDigits: value < 0.1 ? 1 : 2 });
    return p < SMALLEST_P ? `< ${shown(SMALLEST_P)}` : `= ${shown(p)}`;
  }

  /** The time of day. */
  time(date: Date): string {
    return this.#time.format(date);
  }

  list(items: readonly string[]): string {
    return this.#list.format(items);
  }

  #stepped(steps: readonly Step[], value: number): string {
    const size = Math.abs(rounded(value));
    const step = steps.find(([from]) => size >= from);
    if (!step) return this.number(value);
    const [, unit, one] = step;
    return this.#format(rounded(value / one), { style: "unit", unit, unitDisplay: "short" });
  }

  #format(value: number, options: Intl.NumberFormatOptions): string {
    const key = JSON.stringify(options);
    let format = this.#formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(this.#locale, options);
      this.#formats.set(key, format);
    }
    return format.format(value);
  }
}
