/** What measures something and gives it to a monitor's series. */
import type { Scope } from "../registry/scope.js";
import type { Series, SeriesOptions } from "./series.js";

/** What a collector may use while it collects. */
export interface CollectorContext {
  /** Everything the collector opens is opened here, and ends when it is removed. */
  readonly scope: Scope;
  /** How long a period is, in ms. */
  readonly periodMs: number;
  /** The series of this name: made now, or by the same collector before it was removed. */
  series(name: string, options: SeriesOptions): Series;
  /** Calls back at the end of every period, before its points are made. */
  onPeriod(callback: (nowMs: number) => void): void;
}

/**
 * `start` begins to measure; what it wraps or opens is undone by the scope. Where the platform lacks
 * what is to be measured, it makes no series and does nothing.
 */
export interface Collector {
  /** "frames". A monitor has at most one collector of each name. */
  readonly name: string;
  start(context: CollectorContext): void;
}
