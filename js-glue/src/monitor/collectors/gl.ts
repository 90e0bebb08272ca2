/**
 * WebGL: draw calls a frame, and the objects that the registry knows of; with `instrument`, also those
 * that nobody owns.
 */
import { type Callable, Patches } from "../../instrument/patch.js";
import type { BuiltInKind } from "../../registry/sites.js";
import type { Collector, CollectorContext } from "../collector.js";
import type { Frames } from "./frames.js";

const KINDS: readonly BuiltInKind[] = [
  "glBuffer",
  "glFramebuffer",
  "glProgram",
  "glRenderbuffer",
  "glShader",
  "glTexture",
  "glVertexArray",
];

interface DrawCounter {
  /** In this period. */
  draws: number;
}

/**
 * Stands for a draw call. To gather the arguments would make garbage, so they are named, as the
 * natives name them.
 */
type Wrap = (native: Callable, counter: DrawCounter) => Callable;

type Native<Args extends number[]> = (this: unknown, ...args: Args) => void;

const WRAPS: Readonly<Record<string, Wrap>> = {
  drawArrays(native, counter) {
    const draw = native as Native<[number, number, number]>;
    return {
      drawArrays(this: unknown, mode: number, first: number, count: number): void {
        counter.draws++;
        draw.call(this, mode, first, count);
      },
    }.drawArrays;
  },
  drawArraysInstanced(native, counter) {
    const draw = native as Native<[number, number, number, number]>;
    return {
      drawArraysInstanced(
        this: unknown,
        mode: number,
        first: number,
        count: number,
        instances: number,
      ): void {
        counter.draws++;
        draw.call(this, mode, first, count, instances);
      },
    }.drawArraysInstanced;
  },
  drawElements(native, counter) {
    const draw = native as Native<[number, number, number, number]>;
    return {
      drawElements(this: unknown, mode: number, count: number, type: number, offset: number): void {
        counter.draws++;
        draw.call(this, mode, count, type, offset);
      },
    }.drawElements;
  },
  drawElementsInstanced(native, counter) {
    const draw = native as Native<[number, number, number, number, number]>;
    return {
      drawElementsInstanced(
        this: unknown,
        mode: number,
        count: number,
        type: number,
        offset: number,
        instances: number,
      ): void {
        counter.draws++;
        draw.call(this, mode, count, type, offset, instances);
      },
    }.drawElementsInstanced;
  },
  drawRangeElements(native, counter) {
    const draw = native as Native<[number, number, number, number, number, number]>;
    return {
      drawRangeElements(
        this: unknown,
        mode: number,
        start: number,
        end: number,
        count: number,
        type: number,
        offset: number,
      ): void {
        counter.draws++;
        draw.call(this, mode, start, end, count, type, offset);
      },
    }.drawRangeElements;
  },
};

export class GLUse implements Collector {
  readonly name = "gl";
  readonly #frames: Frames;

  /** @param frames - says how many frames there were */
  constructor(frames: Frames) {
    this.#frames = frames;
  }

  start({ scope, series, onPeriod }: CollectorContext): void {
    const { WebGLRenderingContext, WebGL2RenderingContext } = globalThis as Partial<
      typeof globalThis
    >;
    const classes = [WebGLRenderingContext, WebGL2RenderingContext].filter((found) => found);
    if (classes.length === 0) return;

    const { registry } = scope;
    const objects = series("gl/objects", { unit: "count", point: "last", signal: "glObjects" });
    onPeriod(() => {
      let count = 0;
      for (const kind of KINDS) count += registry.active(kind);
      objects.record(count);
    });

    const drawn = series("gl/draws", { unit: "perFrame", point: "mean", signal: "draws" });
    const counter: DrawCounter = { draws: 0 };
    const patches = new Patches();
    for (const contextClass of classes)
      for (const [name, wrap] of Object.entries(WRAPS))
        patches.replace(contextClass?.prototype, name, (native) => wrap(native, counter));
    scope.defer(() => patches.restore());
    let framesBefore = this.#frames.count;
    /** A page without WebGL has no draw calls, rather than none a frame. */
    let draws = false;
    onPeriod(() => {
      const frames = this.#frames.count - framesBefore;
      draws ||= counter.draws > 0;
      if (draws && frames > 0) drawn.record(counter.draws / frames);
      framesBefore += frames;
      counter.draws = 0;
    });
  }
}
