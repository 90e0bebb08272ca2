/** How busy the machine is, by the Compute Pressure API: https://www.w3.org/TR/compute-pressure/ */
import type { Collector, CollectorContext } from "../collector.js";

type PressureState = "nominal" | "fair" | "serious" | "critical";

interface Observer {
  observe(source: "cpu", options: { sampleInterval: number }): Promise<void>;
  disconnect(): void;
}

type ObserverClass = new (
  callback: (records: readonly { readonly state: PressureState }[]) => void,
) => Observer;

const LEVELS: Readonly<Record<PressureState, number>> = {
  nominal: 0,
  fair: 1,
  serious: 2,
  critical: 3,
};
const SAMPLE_MS = 1000;

export class MachinePressure implements Collector {
  readonly name = "pressure";

  start({ scope, series, onPeriod }: CollectorContext): void {
    const { PressureObserver } = globalThis as { readonly PressureObserver?: ObserverClass };
    if (!PressureObserver) return;
    const pressure = series("machine/pressure", {
      unit: "count",
      point: "max",
      signal: "pressure",
    });
    let level: number | undefined;
    // It tells of changes only.
    onPeriod(() => {
      if (level !== undefined) pressure.record(level);
    });
    const observer = new PressureObserver((records) => {
      if (scope.disposed) return;
      for (const { state } of records) {
        level = LEVELS[state];
        pressure.record(level);
      }
    });
    scope.defer(() => observer.disconnect(), { kind: "observer" });
    observer.observe("cpu", { sampleInterval: SAMPLE_MS }).catch(() => {}); // not here, or not allowed
  }
}
