/** All counters at one moment. */
import { COUNTERS, type Counter } from "./counters.js";
import type { Look } from "./probe.js";
import type { ServerLog } from "./server-log.js";
import type { Metrics, Tab } from "./tab.js";

/** By counter; null where nothing is known. */
export interface Reading {
  /** The cycle it was taken after, from 1 on. */
  readonly cycle: number;
  readonly values: ReadonlyMap<string, number | null>;
}

const BYTES_A_KB = 1000;

/** Of a page that settles: what is open at both looks. What the collector ends, ends between them. */
export async function lookTwice(tab: Tab): Promise<readonly Look[]> {
  const first = await tab.evaluate<Look>("voicepathProbe.look(true)");
  await tab.collectGarbage();
  return [first, await tab.evaluate<Look>("voicepathProbe.look(false)")];
}

export interface Sources {
  readonly looks: readonly Look[];
  readonly metrics: Metrics;
  readonly log: ServerLog | undefined;
  /** Of the cycles since the reading before. */
  readonly responsesMs: readonly number[];
}

export function readCounters(cycle: number, sources: Sources): Reading {
  const values = COUNTERS.map((counter) => [counter.name, valueIn(counter, sources)] as const);
  return { cycle, values: new Map(values) };
}

function valueIn({ source, unit }: Counter, sources: Sources): number | null {
  const { looks, metrics, log, responsesMs } = sources;
  const least = (count: (look: Look) => number | null): number =>
    Math.min(...looks.map(count).filter((value) => value !== null));
  switch (source.from) {
    case "guard":
      return least(({ guard }) => guard[source.places] ?? 0);
    case "page":
      return least((look) => look[source.look]);
    case "metrics": {
      const value = metrics.get(source.metric);
      if (value === undefined) return null;
      return unit === "kB" ? value / BYTES_A_KB : value;
    }
    case "cycle":
      return median(responsesMs);
    case "log": {
      const statistics = log?.latest();
      if (!statistics) return null;
      const { total, active, finished } = statistics;
      // Many backends count all tasks ever begun: those that have ended are no leak.
      return source.count === "active" ? active : total - (finished ?? 0);
    }
  }
}

function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}
