/**
 * A queue of frames in memory of fixed size, for the audio thread: reading makes no garbage. A reader
 * is shown the front in arrays of its own, made once for every length, since a view of the ring itself
 * would be an object per read.
 */
export class SampleRing {
  readonly capacity: number;
  readonly #planes: readonly Float32Array[];
  /** By length, 0 to the longest block: views of one staging array per channel. */
  readonly #fronts: readonly (readonly Float32Array[])[];
  #first = 0;
  #frames = 0;

  /** @param blockFrames - the most that {@link front} shows at a time */
  constructor(channels: number, capacity: number, blockFrames: number) {
    const planes = (frames: number): Float32Array[] =>
      Array.from({ length: channels }, () => new Float32Array(frames));
    this.capacity = capacity;
    this.#planes = planes(capacity);
    const staging = planes(blockFrames);
    this.#fronts = Array.from({ length: blockFrames + 1 }, (_, frames) =>
      staging.map((plane) => plane.subarray(0, frames)),
    );
  }

  /** Frames in it. */
  get frames(): number {
    return this.#frames;
  }

  /** Puts a block at the end; false, and nothing is changed, when it does not fit. */
  write(block: readonly Float32Array[], frames: number): boolean {
    if (frames > this.capacity - this.#frames) return false;
    const at = (this.#first + this.#frames) % this.capacity;
    const straight = Math.min(frames, this.capacity - at);
    for (let channel = 0; channel < this.#planes.length; channel++) {
      const samples = block[channel];
      if (!samples) continue;
      this.#planes[channel]?.set(samples.subarray(0, straight), at);
      this.#planes[channel]?.set(samples.subarray(straight, frames), 0);
    }
    this.#frames += frames;
    return true;
  }

  /** The next frames, one array per channel, until the next call. They stay in the ring. */
  front(): readonly Float32Array[] {
    const frames = Math.min(this.#frames, this.#fronts.length - 1);
    const front = this.#fronts[frames] ?? [];
    for (let channel = 0; channel < front.length; channel++) {
      const to = front[channel];
      const plane = this.#planes[channel];
      if (!to || !plane) continue;
      let at = this.#first;
      for (let i = 0; i < frames; i++) {
        to[i] = plane[at] ?? 0;
        if (++at === this.capacity) at = 0;
      }
    }
    return front;
  }

  /** Takes frames off the front; there must be as many. */
  drop(frames: number): void {
    this.#first = (this.#first + frames) % this.capacity;
    this.#frames -= frames;
  }

  clear(): void {
    this.#first = 0;
    this.#frames = 0;
  }
}
