/** How much the origin stores: IndexedDB, caches, service workers. */
import { requireInteger } from "../../errors.js";
import type { Collector, CollectorContext } from "../collector.js";
import { everyPeriods } from "./every-periods.js";

export interface StorageUseOptions {
  /** Periods between two estimates, 1 to 3600. Default 30. */
  readonly everyPeriods?: number;
}

/** Browsers round and pad their estimates; less than this is no rise. */
const TOLERANCE_BYTES = 1e6;

export class StorageUse implements Collector {
  readonly name = "storage";
  readonly #everyPeriods: number;

  /** @throws VoicepathError OPTION */
  constructor({ everyPeriods = 30 }: StorageUseOptions = {}) {
    this.#everyPeriods = requireInteger("everyPeriods", everyPeriods, 1, 3600);
  }

  start({ scope, series, onPeriod }: CollectorContext): void {
    const { storage } = (globalThis as Partial<typeof globalThis>).navigator ?? {};
    if (typeof storage?.estimate !== "function") return;
    const usage = series("storage/usage", {
      unit: "bytes",
      point: "last",
      tolerance: TOLERANCE_BYTES,
    });
    const estimate = (): void => {
      storage.estimate().then(
        ({ usage: bytes }) => {
          if (!scope.disposed && bytes !== undefined) usage.record(bytes);
        },
        () => {}, // not for this origin
      );
    };
    onPeriod(everyPeriods(this.#everyPeriods, estimate));
  }
}
