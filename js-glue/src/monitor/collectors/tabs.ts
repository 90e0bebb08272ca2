/**
 * How many tabs of the origin run a monitor. Each holds a Web Lock, shared with the others, and counts
 * those who do; where there are no locks, as on pages that are not secure, the tabs answer each other
 * on a BroadcastChannel.
 */
import { requireInteger } from "../../errors.js";
import { owned } from "../../registry/ownership.js";
import type { Collector, CollectorContext } from "../collector.js";
import { everyPeriods } from "./every-periods.js";
import { TabCensus } from "./tab-census.js";
import { TabMark } from "./tab-mark.js";

export interface TabsOptions {
  /** Periods between two counts, 1 to 3600. Default 5. */
  readonly everyPeriods?: number;
}

/** Of the lock, and of the channel. */
const NAME = "voicepath-tab";

export class Tabs implements Collector {
  readonly name = "tabs";
  readonly #everyPeriods: number;

  /** @throws VoicepathError OPTION */
  constructor({ everyPeriods = 5 }: TabsOptions = {}) {
    this.#everyPeriods = requireInteger("everyPeriods", everyPeriods, 1, 3600);
  }

  start({ scope, series, onPeriod }: CollectorContext): void {
    const { page, platform } = scope.registry;
    const { document, locks } = platform;
    if (!document) return;
    if (!locks && typeof BroadcastChannel !== "function") return;
    const tabs = series("tabs/open", { unit: "count", point: "last", signal: "tabs" });
    const present = locks ? new TabMark(locks, NAME) : new TabCensus(NAME);
    present.enter();
    scope.defer(() => present.leave());
    // In the back/forward cache a page may have neither a lock nor a channel.
    scope.defer(
      page.watch((event) => {
        if (event === "pagehide" || event === "freeze") present.leave();
        if (event === "pageshow" || event === "resume") present.enter();
      }),
    );
    const count = (): void => {
      owned(() => present.count()).then(
        (open) => {
          if (!scope.disposed && open > 0) tabs.record(open);
        },
        () => {}, // a page that is about to go may not ask
      );
    };
    onPeriod(everyPeriods(this.#everyPeriods, count));
  }
}
