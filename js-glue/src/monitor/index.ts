/**
 * voicepath/monitor: what is slow, why, and whether it gets worse, measured in the page.
 *
 * @packageDocumentation
 */
export type { Collector, CollectorContext } from "./collector.js";
export { AudioUnderruns } from "./collectors/audio.js";
export { Frames } from "./collectors/frames.js";
export { GLUse } from "./collectors/gl.js";
export { Heap, type HeapOptions } from "./collectors/heap.js";
export { LongFrames } from "./collectors/long-frames.js";
export { LoopLag, type LoopLagOptions } from "./collectors/loop-lag.js";
export { Pauses } from "./collectors/pauses.js";
export { MachinePressure } from "./collectors/pressure.js";
export { RegistryCounts, type RegistryCountsOptions } from "./collectors/registry-counts.js";
export { Sockets } from "./collectors/sockets.js";
export { StorageUse, type StorageUseOptions } from "./collectors/storage.js";
export { Tabs, type TabsOptions } from "./collectors/tabs.js";
export type { Cause, CauseName, Diagnosis, Evidence, Symptom } from "./diagnosis.js";
export { Monitor, type MonitorEvents, type MonitorOptions } from "./monitor.js";
export { pageCollectors } from "./page-collectors.js";
export type { PageFacts } from "./page-facts.js";
export type { MonitorReport } from "./report.js";
export { reportText } from "./report-text.js";
export type { Series, SeriesOptions, SeriesPoint, SeriesStats, Signal, Unit } from "./series.js";
export { parseTaskStatistics, type TaskStatistics } from "./task-statistics.js";
export type { Turn, Turns } from "./turns.js";
export {
  type Trend,
  type TrendOptions,
  type TrendVerdict,
  trendOf,
  type Verdict,
} from "./verdict.js";
export type { Language } from "./words.js";
