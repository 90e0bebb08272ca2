/**
 * Pauses: the time by which frames and timers come later than they usually do, counted once when both
 * do. A pause belongs to a collection of garbage when the collection was noticed during it or just
 * after; the platform does not say how long one takes.
 */
import type { Collector, CollectorContext } from "../collector.js";
import type { Series } from "../series.js";

/** A collection is noticed in a task of its own, which comes soon after it. */
const NOTICED_WITHIN_MS = 50;
const REMEMBERED = 8;

interface Pause {
  fromMs: number;
  toMs: number;
  /** Belongs to a collection. */
  collected: boolean;
}

export class Pauses implements Collector {
  readonly name = "pauses";
  #time: Series | undefined;
  #collectionTime: Series | undefined;
  /** The last ones, in no order. */
  readonly #pauses: Pause[] = Array.from({ length: REMEMBERED }, () => ({
    fromMs: Number.NaN,
    toMs: Number.NaN,
    collected: true,
  }));
  #at = 0;
  #collectionMs = Number.NEGATIVE_INFINITY;
  /** Until when time has been counted. */
  #countedMs = Number.NEGATIVE_INFINITY;

  start({ scope, series }: CollectorContext): void {
    this.#time = series("pauses/time", { unit: "ms", point: "sum", signal: "pauseMs" });
    if (typeof FinalizationRegistry === "function")
      this.#collectionTime = series("heap/collection-time", {
        unit: "ms",
        point: "sum",
        signal: "collectionMs",
      });
    scope.defer(() => {
      this.#time = undefined;
      this.#collectionTime = undefined;
    });
  }

  /** Nothing happened in this time that should have. */
  pause(fromMs: number, toMs: number): void {
    const pause = this.#pauses[this.#at];
    const startMs = Math.max(fromMs, this.#countedMs);
    if (!this.#time || !pause || startMs >= toMs) return;
    this.#countedMs = toMs;
    this.#time.record(toMs - startMs);
    this.#at = (this.#at + 1) % REMEMBERED;
    pause.fromMs = startMs;
    pause.toMs = toMs;
    pause.collected = false;
    this.#attribute(pause);
  }

  /** A collection of garbage was noticed. */
  collection(nowMs: number): void {
    this.#collectionMs = nowMs;
    for (const pause of this.#pauses) this.#attribute(pause);
  }

  #attribute(pause: Pause): void {
    const { fromMs, toMs, collected } = pause;
    const together = this.#collectionMs >= fromMs && this.#collectionMs <= toMs + NOTICED_WITHIN_MS;
    if (collected || !together) return;
    pause.collected = true;
    this.#collectionTime?.record(toMs - fromMs);
  }
}
