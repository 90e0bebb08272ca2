/** One quantity over time. */

/** Which point a period makes of what was recorded in it: see `vp_point` in monitor.h. */
export type SeriesPoint = "last" | "mean" | "max" | "sum" | "each";

/** What a series means to the rules that find causes: see `vp_signal` in monitor.h. */
export type Signal =
  | "frameGapMs"
  | "frameCallbacks"
  | "frameScriptMs"
  | "longScriptMs"
  | "longOtherMs"
  | "longRenderMs"
  | "loopLagMs"
  | "throttled"
  | "hidden"
  | "collections"
  | "collectionMs"
  | "pauseMs"
  | "heapBytes"
  | "glObjects"
  | "draws"
  | "roundTripMs"
  | "socketOpens"
  | "socketUptimeMs"
  | "firstAudioMs"
  | "tabs"
  | "pressure";

export const UNITS = ["ms", "bytes", "count", "perFrame", "perMinute", "share"] as const;
export type Unit = (typeof UNITS)[number];

export interface SeriesOptions {
  readonly unit: Unit;
  readonly point: SeriesPoint;
  readonly signal?: Signal;
  /** A rise over the whole life below this is none. Default 0. */
  readonly tolerance?: number;
}

/** Where a collector, or the application, records. Makes no garbage. */
export interface Series {
  readonly name: string;
  readonly unit: Unit;
  /** What its worst value came from, as the name of a script: evidence quotes it. At first "". */
  note: string;
  /** @throws VoicepathError VP_E_VALUE when it is not a number within ±2^53, DISPOSED */
  record(value: number): void;
}

/** Of all values ever recorded; null where there is none yet. */
export interface SeriesStats {
  readonly name: string;
  readonly unit: Unit;
  readonly point: SeriesPoint;
  readonly count: number;
  readonly last: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Of the points of the periods, exponentially weighted: for display. */
  readonly ewma: number | null;
  /** By P²: within a few percent. */
  readonly p50: number | null;
  readonly p95: number | null;
}
