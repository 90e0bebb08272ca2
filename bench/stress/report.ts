/** What a run found: plain JSON, which tables and plots are made of. */
import type { TrendVerdict } from "../../js-glue/src/monitor/verdict.js";
import type { CounterUnit } from "./counters.js";
import type { ScenarioName } from "./options.js";

export interface CounterReport {
  readonly name: string;
  readonly unit: CounterUnit;
  /** One for each of the report's cycles; null where nothing is known. */
  readonly values: readonly (number | null)[];
  readonly constant: boolean;
  readonly first: number | null;
  readonly last: number | null;
  /** In the unit, a cycle; of the heap, above a blank page's. */
  readonly slope: number;
  /** A rise over the whole run below this is none. */
  readonly tolerance: number;
  readonly p: number;
  readonly n: number;
  readonly verdict: TrendVerdict;
}

/** Where something grew. */
export interface Growth {
  /** What the guard counts, or "heap": bytes that were allocated there and are still in use. */
  readonly kind: string;
  readonly growth: number;
  /** Over so many cycles. */
  readonly cycles: number;
  readonly site: string;
  readonly stack: string;
  /** Addresses of sockets, types of events, callbacks of timers. */
  readonly names: readonly string[];
}

export interface StressReport {
  readonly version: 1;
  readonly timeISO: string;
  readonly url: string;
  readonly scenario: ScenarioName;
  /** "by its hooks". */
  readonly way: string;
  readonly engine: string;
  readonly cycles: number;
  /** Before those: not counted. */
  readonly warmUpCycles: number;
  readonly durationMs: number;
  /** The cycles after which there is a reading. */
  readonly readings: readonly number[];
  /** What a blank page's heap grows by with the same calls, in kB a cycle. */
  readonly blankSlope: number;
  readonly counters: readonly CounterReport[];
  /** Names of the counters that rise. */
  readonly rising: readonly string[];
  readonly growth: readonly Growth[];
  /** What else is to be known: dialogs, a log without statistics. */
  readonly notes: readonly string[];
}
