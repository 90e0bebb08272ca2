/** All frame loops of a registry, on one callback of the platform. */
import type { Clock } from "./clock.js";
import type { FrameLoop } from "./frame-loop.js";

export class FrameTurn {
  readonly #clock: Clock;
  readonly #loops: (FrameLoop | undefined)[] = [];
  readonly #run = (timeMs: number): void => this.#frame(timeMs);
  #request: unknown = undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(loop: FrameLoop): void {
    this.#loops.push(loop);
    this.#request ??= this.#clock.requestFrame(this.#run);
  }

  remove(loop: FrameLoop): void {
    const at = this.#loops.indexOf(loop);
    if (at < 0) return;
    this.#loops[at] = undefined;
    if (this.#request !== undefined && this.#loops.every((other) => other === undefined)) {
      this.#clock.cancelFrame(this.#request);
      this.#request = undefined;
      this.#loops.length = 0;
    }
  }

  #frame(timeMs: number): void {
    this.#request = undefined;
    // Loops that are added meanwhile wait for the next frame.
    const count = this.#loops.length;
    for (let i = 0; i < count; i++) this.#loops[i]?.frame(timeMs);
    let kept = 0;
    for (let i = 0; i < this.#loops.length; i++) {
      const loop = this.#loops[i];
      if (loop) this.#loops[kept++] = loop;
    }
    this.#loops.length = kept;
    if (kept > 0) this.#request ??= this.#clock.requestFrame(this.#run);
  }
}
