/** The JavaScript end of vp_monitor: one block of memory, filled by calls and read where it lies. */
import {
  type Pointer,
  VP_INBOX_ENTRIES,
  VP_LIFE_POINTS,
  VP_POINT_EACH,
  VP_POINT_LAST,
  VP_POINT_MAX,
  VP_POINT_MEAN,
  VP_POINT_SUM,
  VP_RECENT_POINTS,
  VP_SERIES_MAX,
  VP_SIGNAL_COLLECTION_MS,
  VP_SIGNAL_COLLECTIONS,
  VP_SIGNAL_DRAWS,
  VP_SIGNAL_FIRST_AUDIO_MS,
  VP_SIGNAL_FRAME_CALLBACKS,
  VP_SIGNAL_FRAME_GAP_MS,
  VP_SIGNAL_FRAME_SCRIPT_MS,
  VP_SIGNAL_GL_OBJECTS,
  VP_SIGNAL_HEAP_BYTES,
  VP_SIGNAL_HIDDEN,
  VP_SIGNAL_LONG_OTHER_MS,
  VP_SIGNAL_LONG_RENDER_MS,
  VP_SIGNAL_LONG_SCRIPT_MS,
  VP_SIGNAL_LOOP_LAG_MS,
  VP_SIGNAL_NONE,
  VP_SIGNAL_PAUSE_MS,
  VP_SIGNAL_PRESSURE,
  VP_SIGNAL_ROUND_TRIP_MS,
  VP_SIGNAL_SOCKET_OPENS,
  VP_SIGNAL_SOCKET_UPTIME_MS,
  VP_SIGNAL_TABS,
  VP_SIGNAL_THROTTLED,
  vp_diagnosis,
  vp_inbox_entry,
  vp_monitor_config,
  vp_monitor_views,
  vp_series_config,
  vp_series_stats,
  vp_trend,
} from "../abi.gen.js";
import { checkStatus, VoicepathError } from "../errors.js";
import { Handle, readField, writeStruct } from "../handle.js";
import type { SessionModule } from "../wasm.js";
import { type Diagnosis, diagnosisKey, readDiagnosis, type SignalSeries } from "./diagnosis.js";
import type { SeriesOptions, SeriesPoint, Signal } from "./series.js";
import { readTrend, type Trend } from "./verdict.js";

export const POINTS: Readonly<Record<SeriesPoint, number>> = {
  last: VP_POINT_LAST,
  mean: VP_POINT_MEAN,
  max: VP_POINT_MAX,
  sum: VP_POINT_SUM,
  each: VP_POINT_EACH,
};

export const SIGNALS: Readonly<Record<Signal, number>> = {
  frameGapMs: VP_SIGNAL_FRAME_GAP_MS,
  frameCallbacks: VP_SIGNAL_FRAME_CALLBACKS,
  frameScriptMs: VP_SIGNAL_FRAME_SCRIPT_MS,
  longScriptMs: VP_SIGNAL_LONG_SCRIPT_MS,
  longOtherMs: VP_SIGNAL_LONG_OTHER_MS,
  longRenderMs: VP_SIGNAL_LONG_RENDER_MS,
  loopLagMs: VP_SIGNAL_LOOP_LAG_MS,
  throttled: VP_SIGNAL_THROTTLED,
  hidden: VP_SIGNAL_HIDDEN,
  collections: VP_SIGNAL_COLLECTIONS,
  collectionMs: VP_SIGNAL_COLLECTION_MS,
  pauseMs: VP_SIGNAL_PAUSE_MS,
  heapBytes: VP_SIGNAL_HEAP_BYTES,
  glObjects: VP_SIGNAL_GL_OBJECTS,
  draws: VP_SIGNAL_DRAWS,
  roundTripMs: VP_SIGNAL_ROUND_TRIP_MS,
  socketOpens: VP_SIGNAL_SOCKET_OPENS,
  socketUptimeMs: VP_SIGNAL_SOCKET_UPTIME_MS,
  firstAudioMs: VP_SIGNAL_FIRST_AUDIO_MS,
  tabs: VP_SIGNAL_TABS,
  pressure: VP_SIGNAL_PRESSURE,
};

/** VP_VALUE_MAX, which is no integer of the ABI's. */
const VALUE_MAX = 2 ** 53;

type StatsField = keyof typeof vp_series_stats.fields;

export class SeriesTable {
  readonly #session: SessionModule;
  readonly #handle: Handle<"vp_monitor">;
  /** Where C writes a trend, and where series are configured. */
  readonly #trend: Pointer<"vp_trend">;
  readonly #diagnosis: Pointer<"vp_diagnosis">;
  readonly #config: Pointer<"vp_series_config">;
  readonly #stats: number;
  readonly #recent: number;
  readonly #life: number;
  readonly #inbox: number;
  /** Entries of the inbox that wait. */
  #waiting = 0;
  /** Whose points the recent ring has. */
  #periods = 0;

  /** @throws VoicepathError VP_E_MEMORY */
  constructor(session: SessionModule, periodMs: number, nowMs: number) {
    const { exports, heap } = session;
    const blocks: number[] = [];
    const allocate = <Of extends string>(bytes: number): Pointer<Of> => {
      const block = heap.allocate<Of>(bytes);
      blocks.push(block);
      return block;
    };
    try {
      const config = allocate<"vp_monitor_config">(vp_monitor_config.size);
      const shape = { period_ms: periodMs, series: VP_SERIES_MAX, reserved: 0 };
      writeStruct(heap, config, vp_monitor_config, shape);
      const size = checkStatus(exports.vp_monitor_size(config));
      const pointer = allocate<"vp_monitor">(size);
      checkStatus(exports.vp_monitor_init(pointer, size, config, nowMs));
      const views = allocate<"vp_monitor_views">(vp_monitor_views.size);
      checkStatus(exports.vp_monitor_view(pointer, views));
      this.#stats = readField(heap, views, vp_monitor_views, "stats");
      this.#recent = readField(heap, views, vp_monitor_views, "recent");
      this.#life = readField(heap, views, vp_monitor_views, "life");
      this.#inbox = readField(heap, views, vp_monitor_views, "inbox");
      this.#trend = allocate(vp_trend.size);
      this.#diagnosis = allocate(vp_diagnosis.size);
      this.#config = allocate(vp_series_config.size);
      this.#handle = new Handle(heap, "Monitor", pointer, blocks);
    } catch (error) {
      for (const block of blocks) heap.free(block);
      throw error;
    }
    this.#session = session;
  }

  /** @throws VoicepathError VP_E_CAPACITY, VP_E_SERIES when its signal is taken, DISPOSED */
  add({ point, signal, tolerance = 0 }: SeriesOptions): number {
    const { exports, heap } = this.#session;
    const { pointer } = this.#handle;
    writeStruct(heap, this.#config, vp_series_config, {
      tolerance,
      point: POINTS[point],
      signal: signal === undefined ? VP_SIGNAL_NONE : SIGNALS[signal],
    });
    return checkStatus(exports.vp_monitor_add(pointer, this.#config));
  }

  /**
   * No call and no garbage: it waits in the inbox until somebody asks, or the period ends.
   *
   * @throws VoicepathError VP_E_VALUE, DISPOSED
   */
  record(series: number, value: number): void {
    if (!(value >= -VALUE_MAX && value <= VALUE_MAX))
      throw new VoicepathError("VP_E_VALUE", `${value} is not a number within ±2^53`);
    if (this.#waiting === VP_INBOX_ENTRIES || this.#handle.disposed) this.#take();
    const { f64, u32 } = this.#session.heap;
    const entry = this.#inbox + this.#waiting * vp_inbox_entry.size;
    f64[(entry + vp_inbox_entry.fields.value.offset) >> 3] = value;
    u32[(entry + vp_inbox_entry.fields.series.offset) >> 2] = series;
    this.#waiting++;
  }

  /** Ends a period. @throws VoicepathError VP_E_TIME, DISPOSED */
  tick(nowMs: number): void {
    this.#take();
    this.#periods = checkStatus(this.#session.exports.vp_monitor_tick(this.#handle.pointer, nowMs));
  }

  /** A number of vp_series_stats; NaN for none. @throws VoicepathError DISPOSED */
  stat(series: number, field: StatsField): number {
    const at = this.#stats + series * vp_series_stats.size;
    this.#take();
    return readField(this.#session.heap, at, vp_series_stats, field);
  }

  /** The oldest first; NaN for periods without a point. @throws VoicepathError DISPOSED */
  recent(series: number, into: Float64Array): Float64Array {
    this.#take();
    const { f64 } = this.#session.heap;
    const first = (this.#recent >> 3) + series * VP_RECENT_POINTS;
    const count = Math.min(this.#periods, VP_RECENT_POINTS, into.length);
    for (let i = 0; i < count; i++) {
      const period = this.#periods - count + i;
      into[i] = f64[first + (period % VP_RECENT_POINTS)] ?? Number.NaN;
    }
    return into.subarray(0, count);
  }

  /** The oldest first. @throws VoicepathError DISPOSED */
  life(series: number): Float64Array {
    const points = this.stat(series, "life_points");
    const first = (this.#life >> 3) + series * VP_LIFE_POINTS;
    return this.#session.heap.f64.slice(first, first + points);
  }

  /** @throws VoicepathError DISPOSED */
  trend(series: number): Trend {
    const { exports, heap } = this.#session;
    this.#take();
    checkStatus(exports.vp_monitor_trend(this.#handle.pointer, series, this.#trend));
    return readTrend(heap, this.#trend);
  }

  /** Another number when symptoms or causes are others; makes no garbage. */
  diagnosisKey(): number {
    this.#diagnose();
    return diagnosisKey(this.#session.heap, this.#diagnosis);
  }

  /** @throws VoicepathError DISPOSED */
  diagnosis(find: (signal: number) => SignalSeries | undefined): Diagnosis {
    this.#diagnose();
    return readDiagnosis(this.#session.heap, this.#diagnosis, find);
  }

  dispose(): void {
    this.#handle.dispose();
  }

  /** What waits in the inbox is recorded. @throws VoicepathError DISPOSED */
  #take(): void {
    const { pointer } = this.#handle;
    const count = this.#waiting;
    this.#waiting = 0;
    if (count > 0) checkStatus(this.#session.exports.vp_monitor_take(pointer, count));
  }

  #diagnose(): void {
    const { exports } = this.#session;
    checkStatus(exports.vp_monitor_diagnose(this.#handle.pointer, this.#diagnosis));
  }
}
