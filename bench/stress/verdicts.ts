/** Whether a counter rises: the monitor's own verdict, with the tolerance of its unit. */
import type { SessionModule } from "../../dist/index.js";
import { trendOf } from "../../dist/monitor/index.js";
import { COUNTERS, type Counter, type CounterUnit, HEAP } from "./counters.js";
import type { Reading } from "./reading.js";
import type { CounterReport } from "./report.js";

/** Above a blank page's; in short runs, code that runs for the first time weighs more. */
const HEAP_KB_A_CYCLE = 0.2;
const HEAP_KB_MIN = 20;
/** Other programs slow a page down too: to rise, it takes twice the time, and this much longer. */
const RESPONSE_MS = 20;
const RESPONSE_PART = 1;
const PAGE_BYTES = 65536;

/** Of a rise from the first reading to the last. */
function toleranceOf(unit: CounterUnit, values: readonly number[], cycles: number): number {
  switch (unit) {
    case "count":
    case "perFrame":
      return 0.5;
    case "bytes":
      return PAGE_BYTES / 2;
    case "kB":
      return Math.max(HEAP_KB_MIN, HEAP_KB_A_CYCLE * cycles);
    case "ms": {
      const sorted = [...values].sort((a, b) => a - b);
      return Math.max(RESPONSE_MS, RESPONSE_PART * (sorted[sorted.length >> 1] ?? 0));
    }
  }
}

/** @param blankSlope - of the heap of a blank page, in kB a cycle */
export function judge(
  session: SessionModule,
  readings: readonly Reading[],
  blankSlope: number,
): CounterReport[] {
  return COUNTERS.map((counter) => judgeCounter(session, counter, readings, blankSlope)).filter(
    ({ values }) => values.some((value) => value !== null),
  );
}

function judgeCounter(
  session: SessionModule,
  { name, unit }: Counter,
  readings: readonly Reading[],
  blankSlope: number,
): CounterReport {
  const values = readings.map((reading) => reading.values.get(name) ?? null);
  const known = readings.flatMap(({ cycle, values }) => {
    const value = values.get(name) ?? null;
    return value === null ? [] : [{ cycle, value }];
  });
  const [first, last] = [known[0], known.at(-1)];
  const cycles = (last?.cycle ?? 0) - (first?.cycle ?? 0);
  const own = known.map(({ cycle, value }) =>
    name === HEAP.name ? value - blankSlope * cycle : value,
  );
  const tolerance = toleranceOf(unit, own, cycles);
  const { slope, p, n, verdict } = trendOf(session, own, { tolerance });
  const cyclesAPoint = known.length > 1 ? cycles / (known.length - 1) : 1;
  return {
    name,
    unit,
    values,
    constant: known.every(({ value }) => value === first?.value),
    first: first?.value ?? null,
    last: last?.value ?? null,
    slope: slope / cyclesAPoint,
    tolerance,
    p,
    n,
    verdict,
  };
}
