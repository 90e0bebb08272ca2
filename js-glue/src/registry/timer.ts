/** Timers of a scope; all of them run on one of the platform's. */
import { VP_DELAY_MAX_MS } from "../abi.gen.js";
import { reportUncaught } from "../emitter.js";
import { optionError, requireNumber } from "../errors.js";
import type { Registry } from "./registry.js";
import { Resource, type ResourceOptions } from "./resource.js";
import type { Site } from "./sites.js";

export interface TimerOptions extends ResourceOptions {
  /** It may fire up to this much later, together with others: fewer wake-ups. Default 0. */
  readonly slackMs?: number;
}

/** What happens when it has fired. */
export type Repeat = "closes" | "repeats" | "stops";

/** @throws VoicepathError OPTION */
export function requireDelay(delayMs: number, repeat: Repeat): number {
  const min = repeat === "repeats" ? 1 : 0;
  if (delayMs >= min && delayMs <= VP_DELAY_MAX_MS) return Math.ceil(delayMs);
  throw optionError("delayMs", delayMs, `a number, ${min} to ${VP_DELAY_MAX_MS}`);
}

export class Timer extends Resource {
  readonly #callback: () => void;
  readonly #repeat: Repeat;
  readonly #slackMs: number;

  /** @internal */
  constructor(
    registry: Registry,
    site: Site,
    callback: () => void,
    repeat: Repeat,
    slackMs: number,
  ) {
    super(registry, site);
    this.#callback = callback;
    this.#repeat = repeat;
    this.#slackMs = slackMs;
  }

  /**
   * Starts it, or starts it over: it fires not before `delayMs` have passed, and an interval every
   * `delayMs` from then on. Times are counted in whole ms.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  start(delayMs: number): void {
    this.requireOpen();
    const delay = requireDelay(delayMs, this.#repeat);
    const period = this.#repeat === "repeats" ? delay : 0;
    this.registry.startTimer(this, delay, period, this.#slackMs);
  }

  /** Stops it, until it is started again. */
  stop(): void {
    if (this.phase === "open") this.registry.stopTimer(this);
  }

  /** @internal */
  override fired(): void {
    if (this.#repeat === "closes") this.registry.close(this);
    try {
      this.#callback();
    } catch (error) {
      reportUncaught(error);
    }
  }

  // Nothing of the platform's hangs on it, so it ends with its slot.
  override finish(): undefined {
    this.registry.close(this);
  }

  protected override end(): void {}
}

/** @throws VoicepathError OPTION */
export function requireSlack({ slackMs }: TimerOptions): number {
  if (slackMs === undefined) return 0;
  return Math.floor(requireNumber("slackMs", slackMs, 0, VP_DELAY_MAX_MS));
}
