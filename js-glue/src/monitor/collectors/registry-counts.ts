/** What is open in the registry; with `instrument`, also what nobody owns. */
import { optionError } from "../../errors.js";
import type { Kind } from "../../registry/sites.js";
import type { Collector, CollectorContext } from "../collector.js";
import type { Series } from "../series.js";

export interface RegistryCountsOptions {
  /** Kinds that have a series of their own, once there was one: `registry/socket`. */
  readonly kinds?: readonly Kind[];
}

const KINDS: readonly Kind[] = [
  "audioContext",
  "frame",
  "glContext",
  "interval",
  "listener",
  "mediaStream",
  "objectURL",
  "observer",
  "scope",
  "socket",
  "task",
  "timeout",
  "timer",
  "worker",
];

export class RegistryCounts implements Collector {
  readonly name = "registry";
  readonly #kinds: readonly Kind[];

  /** @throws VoicepathError OPTION */
  constructor({ kinds = KINDS }: RegistryCountsOptions = {}) {
    if (!Array.isArray(kinds) || !kinds.every((kind) => typeof kind === "string"))
      throw optionError("kinds", kinds, "a list of kinds");
    this.#kinds = kinds;
  }

  start({ scope, series, onPeriod }: CollectorContext): void {
    const { registry } = scope;
    const level = (name: string): Series =>
      series(`registry/${name}`, { unit: "count", point: "last" });
    const open = level("open");
    const timers = level("timers");
    const late = level("late");
    const wasm = series("wasm/bytes", { unit: "bytes", point: "last" });
    const ofKind = new Map<Kind, Series>();
    const stats = registry.stats();
    onPeriod(() => {
      registry.stats(stats);
      open.record(registry.active());
      timers.record(stats.timers);
      late.record(stats.late);
      wasm.record(registry.session.memoryBytes);
      for (const kind of this.#kinds) {
        const counters = stats.kinds[kind];
        if (!counters?.opened) continue;
        let counted = ofKind.get(kind);
        if (!counted) {
          counted = level(kind);
          ofKind.set(kind, counted);
        }
        counted.record(registry.active(kind));
      }
    });
  }
}
