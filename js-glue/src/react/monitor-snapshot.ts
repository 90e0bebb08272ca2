/** What the panel shows: everything the monitor knows at the end of a period. */
import { useEffect, useState } from "react";
import { VP_RECENT_POINTS } from "../abi.gen.js";
import type { Monitor } from "../monitor/monitor.js";
import type { MonitorReport } from "../monitor/report.js";
import type { SeriesStats } from "../monitor/series.js";
import type { Verdict } from "../monitor/verdict.js";
import type { Points } from "./monitor-chart.js";

export interface ShownSeries extends SeriesStats, Verdict {
  readonly points: Points;
}

export interface MonitorSnapshot {
  readonly report: MonitorReport;
  readonly series: readonly ShownSeries[];
}

/** As many as the ring has, so that all charts have the same time: what is missing is before the first. */
function aligned(recent: Float64Array, count: number): Points {
  const points = Array.from(recent, (value) => (Number.isNaN(value) ? null : value));
  return [...Array.from({ length: count - points.length }, () => null), ...points];
}

function read(monitor: Monitor): MonitorSnapshot {
  const report = monitor.report();
  const series = report.series.map((one) => ({
    ...one,
    points: aligned(monitor.recent(one.name), VP_RECENT_POINTS),
  }));
  return { report, series };
}

/** Another one after every period in which the page is visible; null without a monitor. */
export function useMonitorSnapshot(monitor: Monitor | null): MonitorSnapshot | null {
  const [snapshot, setSnapshot] = useState<MonitorSnapshot | null>(null);
  useEffect(() => {
    if (!monitor || monitor.disposed) return;
    const look = (): void => setSnapshot(read(monitor));
    look();
    const off = monitor.on("period", () => {
      if (!monitor.disposed && document.visibilityState === "visible") look();
    });
    return () => {
      off();
      setSnapshot(null);
    };
  }, [monitor]);
  return snapshot;
}
