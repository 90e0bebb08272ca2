/** What is measured over time, whether it gets worse, and why it is slow. */
import { VP_RECENT_POINTS } from "../abi.gen.js";
import { Emitter } from "../emitter.js";
import { optionError, requireFunction, requireNumber } from "../errors.js";
import type { Registry } from "../registry/registry.js";
import { disposedError } from "../registry/resource.js";
import type { Scope } from "../registry/scope.js";
import type { Collector, CollectorContext } from "./collector.js";
import type { Diagnosis, SignalSeries } from "./diagnosis.js";
import { pageCollectors } from "./page-collectors.js";
import { pageFacts } from "./page-facts.js";
import type { MonitorReport } from "./report.js";
import { type Series, type SeriesOptions, type SeriesStats, UNITS, type Unit } from "./series.js";
import { POINTS, SeriesTable, SIGNALS } from "./series-table.js";
import { checkTaskStatistics, type TaskStatistics } from "./task-statistics.js";
import { Turns } from "./turns.js";
import type { Verdict } from "./verdict.js";

export interface MonitorOptions {
  /** Ends the monitor with it. Default: the registry's root. */
  readonly parent?: Scope;
  /** How often points are made and causes looked for, 10 to 3600000. Default 1000 ms. */
  readonly periodMs?: number;
  /** What is measured. Default {@link pageCollectors}: all that the browser has. */
  readonly collectors?: readonly Collector[];
}

export interface MonitorEvents {
  /** A period is over, its points are made. */
  period: { readonly nowMs: number };
  /** The symptoms or the causes are others than before. */
  diagnosis: Diagnosis;
}

const PERIOD_MS = 1000;
const MINUTE_MS = 60_000;

/** A number that C gives; NaN stands for none. */
const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

class TableSeries implements Series {
  readonly #table: SeriesTable;
  readonly id: number;
  readonly name: string;
  readonly options: SeriesOptions;
  note = "";

  constructor(table: SeriesTable, name: string, options: SeriesOptions) {
    this.#table = table;
    this.name = name;
    this.options = options;
    this.id = table.add(options);
  }

  get unit(): Unit {
    return this.options.unit;
  }

  record(value: number): void {
    this.#table.record(this.id, value);
  }
}

function checkSeries(name: string, { unit, point, signal, tolerance = 0 }: SeriesOptions): void {
  if (typeof name !== "string" || name === "") throw optionError("name", name, "a word");
  if (!UNITS.includes(unit)) throw optionError("unit", unit, UNITS.join(", "));
  if (!Object.hasOwn(POINTS, point))
    throw optionError("point", point, Object.keys(POINTS).join(", "));
  if (signal !== undefined && !Object.hasOwn(SIGNALS, signal))
    throw optionError("signal", signal, Object.keys(SIGNALS).join(", "));
  requireNumber("tolerance", tolerance, 0, Number.MAX_SAFE_INTEGER);
}

/**
 * Measures a page for as long as it lives, for less than a thousandth of a core and without garbage in
 * its frames, and says in words what a person would otherwise guess.
 *
 * ```ts
 * const monitor = Monitor.create(registry);
 * monitor.on("diagnosis", ({ causes }) => console.warn(causes[0]?.cause)); // "collector"
 * monitor.verdict("heap/used").verdict; // "rising"
 * ```
 */
export class Monitor extends Emitter<MonitorEvents> {
  readonly #scope: Scope;
  readonly #table: SeriesTable;
  readonly #byName = new Map<string, TableSeries>();
  /** By number of the signal. */
  readonly #bySignal = new Map<number, SignalSeries>();
  readonly #collectors = new Map<string, Scope>();
  readonly #beforePoints = new Set<(nowMs: number) => void>();
  readonly #find = (signal: number): SignalSeries | undefined => this.#bySignal.get(signal);
  readonly #startedMs: number;
  #tickedMs: number;
  #diagnosisKey = 0;
  readonly periodMs: number;
  /** How long the turns of the conversation take; the application tells. */
  readonly turns: Turns;

  private constructor(registry: Registry, options: MonitorOptions) {
    super();
    const { parent = registry.root, periodMs = PERIOD_MS, collectors } = options;
    this.periodMs = requireNumber("periodMs", periodMs, 10, 3_600_000);
    this.#scope = parent.scope("monitor");
    this.#startedMs = registry.clock.now();
    this.#tickedMs = this.#startedMs;
    try {
      this.#table = new SeriesTable(registry.session, periodMs, this.#startedMs);
      this.#scope.defer(() => this.#table.dispose());
      this.#scope.interval(() => this.#endPeriod(), periodMs);
      this.turns = new Turns(registry.clock, this.#contextIn(this.#scope));
      for (const collector of collectors ?? pageCollectors()) this.collect(collector);
    } catch (error) {
      this.#scope[Symbol.dispose]();
      throw error;
    }
  }

  /** @throws VoicepathError OPTION, DISPOSED, VP_E_MEMORY */
  static create(registry: Registry, options: MonitorOptions = {}): Monitor {
    return new Monitor(registry, options);
  }

  // ---- What is measured ----

  /**
   * Adds a collector.
   *
   * @returns what removes it: all it opened ends, all it wrapped is put back; its series stay
   * @throws VoicepathError OPTION when there is one of this name, DISPOSED
   */
  collect(collector: Collector): () => void {
    const { name } = collector;
    if (this.#collectors.has(name))
      throw optionError("collector.name", name, "another: there is one of this name");
    const scope = this.#scope.scope(name);
    this.#collectors.set(name, scope);
    scope.defer(() => this.#collectors.delete(name));
    try {
      collector.start(this.#contextIn(scope));
    } catch (error) {
      scope[Symbol.dispose]();
      throw error;
    }
    return () => {
      if (!scope.disposed) scope[Symbol.dispose]();
    };
  }

  /**
   * A series of the application's own; asked again, the same.
   *
   * @param name - "group/what": the panel shows groups together
   * @throws VoicepathError OPTION, VP_E_CAPACITY beyond 256 series, VP_E_SERIES when another has its
   *   signal, DISPOSED
   */
  series(name: string, options: SeriesOptions): Series {
    checkSeries(name, options);
    const { unit, point, signal } = options;
    const known = this.#byName.get(name);
    if (known) {
      if (known.unit === unit && known.options.point === point && known.options.signal === signal)
        return known;
      throw optionError("name", name, "another: there is a series of this name and other options");
    }
    const series = new TableSeries(this.#table, name, options);
    this.#byName.set(name, series);
    if (signal !== undefined) this.#bySignal.set(SIGNALS[signal], { signal, series });
    return series;
  }

  /**
   * What the backend says of its tasks: see {@link parseTaskStatistics}.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  recordServer(statistics: TaskStatistics): void {
    for (const [name, count] of Object.entries(checkTaskStatistics(statistics)))
      if (count !== null)
        this.series(`server/${name}`, { unit: "count", point: "last", tolerance: 0.5 }).record(
          count,
        );
  }

  // ---- What is known ----

  /** Of all series, in the order they were made. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** @throws VoicepathError OPTION when there is no such series, DISPOSED */
  stats(name: string): SeriesStats {
    const { id, unit, options } = this.#named(name);
    const stat = (field: "last" | "min" | "max" | "mean" | "ewma" | "p50" | "p95") =>
      known(this.#table.stat(id, field));
    return {
      name,
      unit,
      point: options.point,
      count: this.#table.stat(id, "count"),
      last: stat("last"),
      min: stat("min"),
      max: stat("max"),
      mean: stat("mean"),
      ewma: stat("ewma"),
      p50: stat("p50"),
      p95: stat("p95"),
    };
  }

  /**
   * The points of the last 64 periods, or of as many as there are, the oldest first; NaN where a period
   * has none.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  recent(name: string, into = new Float64Array(VP_RECENT_POINTS)): Float64Array {
    return this.#table.recent(this.#named(name).id, into);
  }

  /**
   * Up to 64 points over the whole life, the oldest first, each for as long as all others.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  life(name: string): Float64Array {
    return this.#table.life(this.#named(name).id);
  }

  /** Whether it rises over the whole life. @throws VoicepathError OPTION, DISPOSED */
  verdict(name: string): Verdict {
    const { id, unit, options } = this.#named(name);
    const { slope, stepAt, ...trend } = this.#table.trend(id);
    const merged = this.#table.stat(id, "life_merged");
    const same = { name, unit, ...trend };
    if (options.point === "each")
      return { ...same, slope: slope / merged, per: "value", windowMs: null, stepAtMs: null };
    const pointMs = this.periodMs * merged;
    return {
      ...same,
      slope: (slope * MINUTE_MS) / pointMs,
      per: "minute",
      windowMs: pointMs * trend.n,
      stepAtMs: stepAt === null ? null : this.#tickedMs - pointMs * (trend.n - stepAt),
    };
  }

  /** @throws VoicepathError DISPOSED */
  verdicts(): Verdict[] {
    return this.names.map((name) => this.verdict(name));
  }

  /** Why it is slow, if it is, from the last seconds. @throws VoicepathError DISPOSED */
  diagnose(): Diagnosis {
    return this.#table.diagnosis(this.#find);
  }

  /** Everything, as plain JSON. @throws VoicepathError DISPOSED */
  report(): MonitorReport {
    const nowMs = this.#scope.registry.clock.now();
    return {
      version: 1,
      timeISO: new Date().toISOString(),
      nowMs,
      durationMs: nowMs - this.#startedMs,
      periodMs: this.periodMs,
      page: pageFacts(),
      diagnosis: this.diagnose(),
      series: this.names.map((name) => ({ ...this.stats(name), ...this.verdict(name) })),
      turns: [...this.turns.past],
    };
  }

  // ---- Its end ----

  get disposed(): boolean {
    return this.#scope.disposed;
  }

  /** Ends all collectors and gives the memory back. Harmless when repeated. */
  dispose(): void {
    if (!this.#scope.disposed) this.#scope[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  // ---- Inside ----

  #named(name: string): TableSeries {
    if (this.disposed) throw disposedError("the monitor");
    const series = this.#byName.get(name);
    if (!series) throw optionError("name", name, "the name of a series");
    return series;
  }

  #contextIn(scope: Scope): CollectorContext {
    return {
      scope,
      periodMs: this.periodMs,
      series: (name, options) => this.series(name, options),
      onPeriod: (callback) => {
        requireFunction("callback", callback);
        this.#beforePoints.add(callback);
        scope.defer(() => this.#beforePoints.delete(callback));
      },
    };
  }

  #endPeriod(): void {
    const nowMs = this.#scope.registry.clock.now();
    for (const callback of this.#beforePoints) callback(nowMs);
    this.#table.tick(nowMs);
    this.#tickedMs = nowMs;
    if (this.has("period")) this.emit("period", { nowMs });
    if (this.disposed || !this.has("diagnosis")) return;
    const key = this.#table.diagnosisKey();
    if (key === this.#diagnosisKey) return;
    this.#diagnosisKey = key;
    this.emit("diagnosis", this.diagnose());
  }
}
