/**
 * The JavaScript heap: its size where the browser tells it, and how often garbage is collected.
 * Chromium's `performance.memory` is current and exact to the byte, as of version 156 and without
 * flags, where a site has its own process; elsewhere it may be coarse and late.
 */
import { requireInteger, requireNumber } from "../../errors.js";
import type { Collector, CollectorContext } from "../collector.js";
import { everyPeriods } from "./every-periods.js";
import type { Pauses } from "./pauses.js";
import { Sentinel } from "./sentinel.js";

export interface HeapOptions {
  /** Periods between two looks at the heap's size, which cost 0.1 ms each, 1 to 3600. Default 5. */
  readonly everyPeriods?: number;
  /**
   * How often the whole page is measured, Workers and wasm memory with it, where the page is isolated
   * from other origins; 10000 to 3600000. Default: never, because a
   * page was seen to stand still for it for a third of a second in Chromium 156.
   */
  readonly measureEveryMs?: number;
  /** Told of collections. */
  readonly pauses?: Pauses;
}

/** What browsers may have. */
type MemoryPerformance = Performance & {
  readonly memory?: { readonly usedJSHeapSize: number };
  measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
};

export class Heap implements Collector {
  readonly name = "heap";
  readonly #everyPeriods: number;
  readonly #measureEveryMs: number | undefined;
  readonly #pauses: Pauses | undefined;

  /** @throws VoicepathError OPTION */
  constructor({ everyPeriods = 5, measureEveryMs, pauses }: HeapOptions = {}) {
    this.#everyPeriods = requireInteger("everyPeriods", everyPeriods, 1, 3600);
    if (measureEveryMs !== undefined)
      requireNumber("measureEveryMs", measureEveryMs, 10_000, 3_600_000);
    this.#measureEveryMs = measureEveryMs;
    this.#pauses = pauses;
  }

  start(context: CollectorContext): void {
    this.#watchUse(context);
    this.#watchCollections(context);
    if (this.#measureEveryMs !== undefined && globalThis.crossOriginIsolated)
      measure(context, this.#measureEveryMs);
  }

  #watchUse({ series, onPeriod }: CollectorContext): void {
    if (!(performance as MemoryPerformance).memory) return;
    const used = series("heap/used", { unit: "bytes", point: "last", signal: "heapBytes" });
    const look = (): void => {
      // A new object each time: its values are those of its making.
      const { memory } = performance as MemoryPerformance;
      if (memory) used.record(memory.usedJSHeapSize);
    };
    onPeriod(everyPeriods(this.#everyPeriods, look));
  }

  #watchCollections({ scope, series }: CollectorContext): void {
    if (typeof FinalizationRegistry !== "function") return;
    const { clock } = scope.registry;
    const collections = series("heap/collections", {
      unit: "count",
      point: "sum",
      signal: "collections",
    });
    const sentinel = new Sentinel(() => {
      collections.record(1);
      this.#pauses?.collection(clock.now());
    });
    scope.defer(() => sentinel.stop());
  }
}

function measure({ scope, series }: CollectorContext, everyMs: number): void {
  const { measureUserAgentSpecificMemory } = performance as MemoryPerformance;
  if (!measureUserAgentSpecificMemory) return;
  const measured = series("heap/measured", { unit: "bytes", point: "last" });
  const next = async (): Promise<void> => {
    try {
      const { bytes } = await measureUserAgentSpecificMemory.call(performance);
      if (scope.disposed) return;
      measured.record(bytes);
    } catch {
      return; // the page's policy forbids it
    }
    timer.start(everyMs);
  };
  const timer = scope.timer(() => void next(), { name: "measure" });
  timer.start(everyMs);
}
