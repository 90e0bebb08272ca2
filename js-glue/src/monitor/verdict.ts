/** Whether a series rises: what `vp_trend` says, in units of time. */
import {
  VP_TREND_POINTS_MAX,
  VP_VERDICT_FLUCTUATING,
  VP_VERDICT_INSUFFICIENT,
  VP_VERDICT_RISING,
  VP_VERDICT_STEP,
  vp_trend,
} from "../abi.gen.js";
import { checkStatus, optionError, requireNumber } from "../errors.js";
import { type Heap, readField } from "../handle.js";
import type { SessionModule } from "../wasm.js";
import type { Unit } from "./series.js";

/**
 * `rising`: it goes up, by more than chance would make of noise; `step`: it went up once and stayed;
 * `fluctuating`: neither, so also constant or falling; `insufficient`: too few points to tell.
 */
export type TrendVerdict = "rising" | "step" | "fluctuating" | "insufficient";

/** Of numbers at even distances. */
export interface Trend {
  readonly verdict: TrendVerdict;
  /** Theil and Sen's, a point. */
  readonly slope: number;
  /** From the first point to the last; of a step, how high it is. */
  readonly rise: number;
  /** Mann and Kendall's: that chance alone makes such a rise. */
  readonly p: number;
  readonly n: number;
  /** Of neighbours, with the trend taken out. */
  readonly autocorrelation: number;
  /** The first point after the step; null without one. */
  readonly stepAt: number | null;
}

/** Of a series: the same, by time. */
export interface Verdict extends Omit<Trend, "slope" | "stepAt"> {
  readonly name: string;
  readonly unit: Unit;
  readonly slope: number;
  /** What `slope` is for: a minute, or a value where each value is a point. */
  readonly per: "minute" | "value";
  /** That the points cover; null where each value is a point. */
  readonly windowMs: number | null;
  /** When, by the registry's clock; null without a step, or where each value is a point. */
  readonly stepAtMs: number | null;
}

const VERDICTS: Readonly<Record<number, TrendVerdict>> = {
  [VP_VERDICT_INSUFFICIENT]: "insufficient",
  [VP_VERDICT_FLUCTUATING]: "fluctuating",
  [VP_VERDICT_STEP]: "step",
  [VP_VERDICT_RISING]: "rising",
};

/** @internal Reads a vp_trend. */
export function readTrend(heap: Heap, at: number): Trend {
  const read = (field: keyof typeof vp_trend.fields): number =>
    readField(heap, at, vp_trend, field);
  const stepAt = read("step_at");
  return {
    verdict: VERDICTS[read("verdict")] ?? "insufficient",
    slope: read("slope"),
    rise: read("rise"),
    p: read("p"),
    n: read("points"),
    autocorrelation: read("autocorrelation"),
    stepAt: stepAt === 0 ? null : stepAt,
  };
}

export interface TrendOptions {
  /** A rise below this is none. Default 0. */
  readonly tolerance?: number;
}

/**
 * The verdict on numbers that were measured elsewhere, at even distances.
 *
 * ```ts
 * trendOf(session, openSockets, { tolerance: 1 }).verdict; // "rising"
 * ```
 *
 * @param values - at most 1024
 * @throws VoicepathError OPTION, VP_E_VALUE
 */
export function trendOf(
  session: SessionModule,
  values: ArrayLike<number>,
  { tolerance = 0 }: TrendOptions = {},
): Trend {
  if (!(values?.length <= VP_TREND_POINTS_MAX))
    throw optionError("values", values, `numbers, at most ${VP_TREND_POINTS_MAX}`);
  requireNumber("tolerance", tolerance, 0, Number.MAX_SAFE_INTEGER);
  const { exports, heap } = session;
  const input = heap.allocate<"double">(values.length * Float64Array.BYTES_PER_ELEMENT);
  const output = heap.allocate<"vp_trend">(vp_trend.size);
  try {
    heap.f64.set(values, input >> 3);
    checkStatus(exports.vp_trend_of(input, values.length, tolerance, output));
    return readTrend(heap, output);
  } finally {
    heap.free(output);
    heap.free(input);
  }
}
