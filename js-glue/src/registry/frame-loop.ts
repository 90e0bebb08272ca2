/** A callback before every frame that is drawn; all of a registry share one of the platform's. */
import { reportUncaught } from "../emitter.js";
import type { Registry } from "./registry.js";
import { Resource } from "./resource.js";
import type { Site } from "./sites.js";

/** Given the frame's time in ms; `false` ends the loop. */
export type FrameCallback = (timeMs: number) => unknown;

export class FrameLoop extends Resource {
  readonly #callback: FrameCallback;

  /** @internal */
  constructor(registry: Registry, site: Site, callback: FrameCallback) {
    super(registry, site);
    this.#callback = callback;
  }

  /** @internal */
  frame(timeMs: number): void {
    let more: unknown;
    try {
      more = this.#callback(timeMs);
    } catch (error) {
      reportUncaught(error);
    }
    if (more === false && this.phase === "open") this.dispose();
  }

  protected override end(): void {
    this.registry.frames.remove(this);
  }
}
