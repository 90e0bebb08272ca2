/** Everything a monitor knows, as plain JSON: for a file, or for {@link reportText}. */
import type { Diagnosis } from "./diagnosis.js";
import type { PageFacts } from "./page-facts.js";
import type { SeriesStats } from "./series.js";
import type { Turn } from "./turns.js";
import type { Verdict } from "./verdict.js";

export interface MonitorReport {
  readonly version: 1;
  readonly timeISO: string;
  /** The same time by the registry's clock, which all other times are of. */
  readonly nowMs: number;
  /** Since the monitor began. */
  readonly durationMs: number;
  readonly periodMs: number;
  readonly page: PageFacts;
  readonly diagnosis: Diagnosis;
  readonly series: readonly (SeriesStats & Verdict)[];
  /** The oldest first. */
  readonly turns: readonly Turn[];
}
