/**
 * Frames, as the page itself asks for them: an idle page stays idle. Callbacks go through
 * {@link Trampolines}, which tell when they begin and end; a frame begins with the first callback that
 * is given another time than the one before.
 */
import { Patches } from "../../instrument/patch.js";
import { enterWrapper, leaveWrapper } from "../../registry/call-stack.js";
import type { Clock } from "../../registry/clock.js";
import type { Collector, CollectorContext } from "../collector.js";
import type { Series } from "../series.js";
import { LAG } from "./loop-lag.js";
import type { Pauses } from "./pauses.js";
import { type Landing, Trampolines } from "./trampolines.js";
import { ASLEEP_MS, Usual } from "./usual.js";

/** A loop that awaits its frames asks for the next one so soon after the last callback. */
const SAME_FRAME_MS = 4;
/** A callback of this length is remembered by name. */
const LONG_MS = 30;

type Request = (this: unknown, callback: FrameRequestCallback) => number;
type Cancel = (this: unknown, id: number) => void;

export class Frames implements Collector {
  readonly name = "frames";
  readonly #pauses: Pauses | undefined;
  #meter: FrameMeter | undefined;

  /** @param pauses - told when a frame comes late */
  constructor(pauses?: Pauses) {
    this.#pauses = pauses;
  }

  /** How many there have been in which the page had callbacks. */
  get count(): number {
    return this.#meter?.frames ?? 0;
  }

  /**
   * What the browser calls by the name of our trampoline.
   *
   * @returns the name of the last long callback, if it ran then
   */
  callbackAt(startMs: number, endMs: number): string | undefined {
    const meter = this.#meter;
    if (!meter || meter.longMs < startMs || meter.longMs > endMs + 1) return undefined;
    return meter.longName;
  }

  start(context: CollectorContext): void {
    if (typeof requestAnimationFrame !== "function") return;
    const { scope } = context;
    const { page, platform } = scope.registry;
    const meter = new FrameMeter(context, this.#pauses);
    this.#meter = meter;
    meter.hidden = platform.document?.visibilityState === "hidden";
    scope.defer(
      page.watch((event) => {
        if (event === "online" || event === "offline") return;
        if (event === "hidden" || event === "visible") meter.hidden = event === "hidden";
        meter.interrupt();
      }),
    );
    context.onPeriod(() => meter.endPeriod());
    scope.defer(wrapFrames(meter));
  }
}

/** Returns what undoes it. */
function wrapFrames(meter: FrameMeter): () => void {
  const patches = new Patches();
  const { trampolines } = meter;
  patches.replace(globalThis, "requestAnimationFrame", (native) => {
    const request = native as Request;
    const wrapper = {
      requestAnimationFrame(this: unknown, callback: FrameRequestCallback): number {
        if (meter.stopped || typeof callback !== "function") return request.call(this, callback);
        meter.asked();
        const trampoline = trampolines.take(callback);
        const outer = enterWrapper(wrapper);
        try {
          const id = request.call(this, trampoline.run);
          trampoline.id = id;
          return id;
        } catch (error) {
          trampolines.release(trampoline);
          throw error;
        } finally {
          leaveWrapper(outer);
        }
      },
    }.requestAnimationFrame;
    return wrapper;
  });
  patches.replace(globalThis, "cancelAnimationFrame", (native) => {
    const cancel = native as Cancel;
    return {
      cancelAnimationFrame(this: unknown, id: number): void {
        cancel.call(this, id);
        // The platform takes "5" for 5.
        trampolines.cancel(typeof id === "number" ? id : Number(id));
      },
    }.cancelAnimationFrame;
  });
  return () => {
    meter.stopped = true;
    patches.restore();
  };
}

class FrameMeter implements Landing {
  readonly trampolines = new Trampolines(this);
  readonly #clock: Clock;
  readonly #pauses: Pauses | undefined;
  readonly #lag: Series;
  readonly #gap: Series;
  readonly #callbacksPerFrame: Series;
  readonly #scriptPerFrame: Series;
  readonly #usualGap = new Usual(1000 / 60);
  hidden = false;
  stopped = false;
  /** Ever. */
  frames = 0;
  /** When the last long callback ended, and its name. */
  longMs = Number.NEGATIVE_INFINITY;
  longName = "";
  /** Nothing can be said about the time before the next frame. */
  #interrupted = true;
  /** Of the frame under way, or the last. */
  #timeMs = 0;
  /** When the first callback of the frame began, or the last one ended. */
  #leftMs = 0;
  /** In this period. */
  #periodFrames = 0;
  #callbacks = 0;
  #scriptMs = 0;

  constructor({ scope, series }: CollectorContext, pauses: Pauses | undefined) {
    this.#clock = scope.registry.clock;
    this.#pauses = pauses;
    this.#lag = series("loop/lag", LAG);
    this.#gap = series("frames/gap", { unit: "ms", point: "max", signal: "frameGapMs" });
    this.#callbacksPerFrame = series("frames/callbacks", {
      unit: "perFrame",
      point: "mean",
      signal: "frameCallbacks",
    });
    this.#scriptPerFrame = series("frames/script", {
      unit: "ms",
      point: "mean",
      signal: "frameScriptMs",
    });
  }

  /** The page asks for a frame. */
  asked(): void {
    if (this.trampolines.pending > 0 || this.#interrupted) return;
    if (this.#clock.now() - this.#leftMs > SAME_FRAME_MS) this.#interrupted = true;
  }

  /** The next gap is none: no frame was asked for, or none was drawn. */
  interrupt(): void {
    this.#interrupted = true;
  }

  enter(timeMs: number): void {
    if (timeMs !== this.#timeMs && !this.stopped) this.#begin(timeMs);
  }

  leave(callback: FrameRequestCallback): void {
    if (this.stopped) return;
    const nowMs = this.#clock.now();
    const tookMs = nowMs - this.#leftMs;
    this.#leftMs = nowMs;
    this.#callbacks++;
    this.#scriptMs += tookMs;
    if (tookMs < LONG_MS) return;
    this.longMs = nowMs;
    this.longName = callback.name;
  }

  endPeriod(): void {
    if (this.#periodFrames === 0) return;
    this.#callbacksPerFrame.record(this.#callbacks / this.#periodFrames);
    this.#scriptPerFrame.record(this.#scriptMs / this.#periodFrames);
    this.#periodFrames = 0;
    this.#callbacks = 0;
    this.#scriptMs = 0;
  }

  #begin(timeMs: number): void {
    const gapMs = timeMs - this.#timeMs;
    this.#timeMs = timeMs;
    this.frames++;
    this.#periodFrames++;
    this.#leftMs = this.#clock.now();
    const lateMs = this.#leftMs - timeMs;
    if (!this.hidden && lateMs >= 0 && lateMs < ASLEEP_MS) this.#lag.record(lateMs);
    if (this.#interrupted || this.hidden) {
      this.#interrupted = false;
      return;
    }
    if (gapMs > ASLEEP_MS || gapMs < 0) return;
    this.#gap.record(gapMs);
    const excessMs = this.#usualGap.excess(gapMs);
    if (excessMs > 0) this.#pauses?.pause(timeMs - excessMs, timeMs);
  }
}
