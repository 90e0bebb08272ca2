/**
 * How late timers ring. A hidden page's ring late on purpose: browsers let them ring on whole seconds
 * only, and after some minutes on whole minutes. That is counted apart.
 *
 * To wake a page up costs more than all that is done then, so it is done seldom; while the page draws,
 * {@link Frames} adds to the same series how late its frames begin.
 */
import { requireInteger } from "../../errors.js";
import type { Collector, CollectorContext } from "../collector.js";
import type { SeriesOptions } from "../series.js";
import type { Pauses } from "./pauses.js";
import { ASLEEP_MS, Usual } from "./usual.js";

export interface LoopLagOptions {
  /** Between two probes, 10 to 10000. Default 250 ms. */
  readonly everyMs?: number;
  /** Told when the probe comes late. */
  readonly pauses?: Pauses;
}

/** Of the series that frames share. */
export const LAG: SeriesOptions = { unit: "ms", point: "max", signal: "loopLagMs" };

const SECOND_MS = 1000;
/** Of the distance of two rings from whole seconds. */
const ALIGNED_MS = 50;

function isWholeSeconds(ms: number): boolean {
  const seconds = Math.round(ms / SECOND_MS);
  return seconds > 0 && Math.abs(ms - seconds * SECOND_MS) <= ALIGNED_MS;
}

export class LoopLag implements Collector {
  readonly name = "loop";
  readonly #everyMs: number;
  readonly #pauses: Pauses | undefined;

  /** @throws VoicepathError OPTION */
  constructor({ everyMs = 250, pauses }: LoopLagOptions = {}) {
    this.#everyMs = requireInteger("everyMs", everyMs, 10, 10_000);
    this.#pauses = pauses;
  }

  start({ scope, series, onPeriod }: CollectorContext): void {
    const { clock, page, platform } = scope.registry;
    const everyMs = this.#everyMs;
    const lag = series("loop/lag", LAG);
    const usual = new Usual(0);
    let hidden = platform.document?.visibilityState === "hidden";
    let whileHidden = (_sinceLastMs: number): void => {};
    let rangMs = 0;
    let dueMs = Number.POSITIVE_INFINITY;

    const ring = (): void => {
      const nowMs = clock.now();
      // An interval is due at equal distances and never rings early: a ring before it was thought to
      // be due shows when it really is.
      dueMs = Math.min(dueMs, nowMs);
      const lateMs = nowMs - dueMs;
      if (hidden) whileHidden(nowMs - rangMs);
      else if (lateMs < ASLEEP_MS) {
        lag.record(lateMs);
        const excessMs = usual.excess(lateMs);
        if (excessMs > 0) this.#pauses?.pause(nowMs - excessMs, nowMs);
      }
      rangMs = nowMs;
      dueMs += everyMs * (Math.floor(lateMs / everyMs) + 1);
    };
    const timer = scope.interval(ring, everyMs, { name: "loop-lag" });
    // The interval runs from the end of this task on, where the registry flushes.
    const begin = (): void => {
      rangMs = clock.now();
      dueMs = rangMs + everyMs;
    };
    clock.soon(begin);
    if (!platform.document) return;

    const level = series("page/hidden", { unit: "share", point: "last", signal: "hidden" });
    const throttled = series("loop/throttled", {
      unit: "count",
      point: "sum",
      signal: "throttled",
    });
    whileHidden = (sinceLastMs) => {
      // Where whole seconds are due anyway, they tell nothing.
      if (everyMs < SECOND_MS / 2 && isWholeSeconds(sinceLastMs)) throttled.record(1);
    };
    onPeriod(() => level.record(hidden ? 1 : 0));
    scope.defer(
      page.watch((event) => {
        if (event === "online" || event === "offline") return;
        if (event === "hidden" || event === "visible") hidden = event === "hidden";
        // What has passed since the last ring belongs to the time before.
        timer.start(everyMs);
        clock.soon(begin);
      }),
    );
  }
}
