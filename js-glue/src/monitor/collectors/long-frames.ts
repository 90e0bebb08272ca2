/**
 * Frames that took longer than 50 ms, and what the time went to: scripts that the browser names,
 * style, layout and paint, or nothing that is named, as a collection of garbage between scripts.
 */
import type { Collector, CollectorContext } from "../collector.js";
import type { Frames } from "./frames.js";

/** A script of a long frame: https://w3c.github.io/long-animation-frames/ */
interface LongScript {
  readonly startTime: number;
  readonly duration: number;
  /** "TimerHandler:setTimeout", or an element's and its event's. */
  readonly invoker: string;
  readonly sourceURL: string;
  readonly sourceFunctionName: string;
  readonly sourceCharPosition: number;
}

interface LongFrame extends PerformanceEntry {
  /** 0 when nothing was drawn. */
  readonly styleAndLayoutStart: number;
  readonly scripts: readonly LongScript[];
}

/** For so long the worst script is remembered, unless there is a worse one. */
const REMEMBERED_MS = 60_000;
/** Before a frame is drawn the browser waits for the display; up to so long it is no loss. */
const VSYNC_MS = 1000 / 60;

/** Those of requestAnimationFrame. */
const FRAME_CALLBACK = "FrameRequestCallback";

/** "draw (https://…/app.js:1234)", or what called it. */
function placeOf({
  sourceFunctionName,
  invoker,
  sourceURL,
  sourceCharPosition,
}: LongScript): string {
  const what = sourceFunctionName || invoker;
  if (!sourceURL) return what;
  const where = sourceCharPosition < 0 ? sourceURL : `${sourceURL}:${sourceCharPosition}`;
  return what === sourceURL ? where : `${what} (${where})`;
}

export class LongFrames implements Collector {
  readonly name = "long-frames";
  readonly #frames: Frames | undefined;

  /** @param frames - knows the names of frame callbacks, which it hides from the browser */
  constructor(frames?: Frames) {
    this.#frames = frames;
  }

  start({ scope, series }: CollectorContext): void {
    if (typeof PerformanceObserver !== "function") return;
    const types = PerformanceObserver.supportedEntryTypes ?? [];
    const framed = types.includes("long-animation-frame");
    if (!framed && !types.includes("longtask")) return;
    const other = series("long-frames/other", {
      unit: "ms",
      point: "sum",
      signal: "longOtherMs",
    });
    if (!framed) {
      // A long task has no names: neither of scripts nor of anything else.
      const observer = new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) other.record(duration);
      });
      scope.observe(observer, { type: "longtask" });
      return;
    }
    const script = series("long-frames/script", {
      unit: "ms",
      point: "sum",
      signal: "longScriptMs",
    });
    const render = series("long-frames/render", {
      unit: "ms",
      point: "sum",
      signal: "longRenderMs",
    });
    let worst = { ms: 0, atMs: 0 };
    const observer = new PerformanceObserver((list) => {
      for (const frame of list.getEntries() as LongFrame[]) {
        let scriptMs = 0;
        for (const one of frame.scripts) {
          scriptMs += one.duration;
          if (one.duration < worst.ms && frame.startTime - worst.atMs < REMEMBERED_MS) continue;
          worst = { ms: one.duration, atMs: frame.startTime };
          script.note = this.#nameOf(one);
        }
        const renderMs = frame.styleAndLayoutStart
          ? frame.startTime + frame.duration - frame.styleAndLayoutStart
          : 0;
        const otherMs = frame.duration - scriptMs - renderMs - VSYNC_MS;
        script.record(scriptMs);
        render.record(renderMs);
        other.record(Math.max(0, otherMs));
      }
    });
    scope.observe(observer, { type: "long-animation-frame" });
  }

  #nameOf(script: LongScript): string {
    const { startTime, duration, invoker } = script;
    const callback =
      invoker === FRAME_CALLBACK
        ? this.#frames?.callbackAt(startTime, startTime + duration)
        : undefined;
    return callback === undefined ? placeOf(script) : `${callback || FRAME_CALLBACK} (a frame)`;
  }
}
