/**
 * Speech that arrives while it plays: blocks of any length at the clip's rate in, quanta of the
 * context's rate out. This is the whole of the audio thread's work, without an audio thread; the
 * processor in worklet/ only carries it.
 *
 * Data goes one way: ring (clip rate) → resampler → resampled block → quantum. All memory is taken in
 * the constructor, and play() makes no garbage.
 */
import { VoicepathError } from "../errors.js";
import { Resampler, type ResamplerMode } from "../resampler.js";
import type { AudioModule } from "../wasm.js";
import { SampleRing } from "./sample-ring.js";

/** "waiting": for enough to start with. "drained": all of an ended stream has been heard. */
export type PlayerState = "waiting" | "playing" | "drained";

export interface StreamPlayerOptions {
  /** Of what is written. */
  readonly clipRateHz: number;
  /** Of what is played. */
  readonly rateHz: number;
  readonly channels: number;
  readonly mode: ResamplerMode;
  readonly adjustable: boolean;
  /** What a writer may count on. */
  readonly bufferFrames: number;
  /** Clip frames to wait for before playing starts, at first and after an underrun. */
  readonly prebufferFrames: number;
}

/** Clip frames resampled at a time. */
const BLOCK_FRAMES = 128;
/** A quantum of the Web Audio API. */
const QUANTUM_FRAMES = 128;
/**
 * Room beyond what a writer may count on. A writer that follows the clock from another thread can be
 * a little ahead of what was really heard.
 */
const SLACK_SECONDS = 0.1;

export class StreamPlayer {
  readonly #ring: SampleRing;
  readonly #resampler: Resampler<Float32Array[]>;
  readonly #clipRateHz: number;
  readonly #rateHz: number;
  /** Frames in the ring that start it; enough for a quantum at least. */
  readonly #startFrames: number;
  /** What the resampler gave and no quantum took yet: from #resampledAt to #resampledEnd. */
  readonly #resampled: Float32Array[];
  #resampledAt = 0;
  #resampledEnd = 0;
  #state: PlayerState = "waiting";
  #ended = false;
  /** Clip frames heard up to the last trim, and frames played since. */
  #heardBefore = 0;
  #played = 0;
  #trim = 0;
  /** Clip frames written since the stream began: none is heard that was not. */
  #written = 0;

  /** @throws VoicepathError OPTION, VP_E_* */
  constructor(audio: AudioModule, options: StreamPlayerOptions) {
    const { clipRateHz, rateHz, channels, mode, adjustable } = options;
    this.#clipRateHz = clipRateHz;
    this.#rateHz = rateHz;
    this.#resampler = Resampler.create(audio, {
      inputRateHz: clipRateHz,
      outputRateHz: rateHz,
      mode,
      channels,
      adjustable,
    });
    const quantum = Math.ceil((QUANTUM_FRAMES * clipRateHz) / rateHz) + 1;
    this.#startFrames = Math.max(
      options.prebufferFrames,
      Math.ceil(this.#resampler.latencySamples) + quantum,
    );
    const slack = this.#startFrames + Math.ceil(SLACK_SECONDS * clipRateHz);
    this.#ring = new SampleRing(channels, options.bufferFrames + slack, BLOCK_FRAMES);
    const room = Math.ceil((BLOCK_FRAMES * rateHz) / clipRateHz) + 1;
    this.#resampled = Array.from({ length: channels }, () => new Float32Array(room));
  }

  get state(): PlayerState {
    return this.#state;
  }

  /** Clip seconds a second while playing; 1 but for the trim. */
  get speed(): number {
    return 1 / (1 + this.#trim);
  }

  /** Clip frames heard since the stream began. */
  get heardFrames(): number {
    if (this.#state === "drained") return this.#written;
    const since = (this.#played * this.speed * this.#clipRateHz) / this.#rateHz;
    return Math.min(this.#heardBefore + since, this.#written);
  }

  get heardSeconds(): number {
    return this.heardFrames / this.#clipRateHz;
  }

  /**
   * Appends to the stream. After one that was played to its end, this begins the next.
   *
   * @throws VoicepathError QUEUE_FULL, VP_E_FLUSHED; nothing is changed then
   */
  write(block: readonly Float32Array[], frames: number): void {
    if (this.#state === "drained") this.clear();
    if (this.#ended) throw new VoicepathError("VP_E_FLUSHED", "the stream was ended");
    if (!this.#ring.write(block, frames))
      throw new VoicepathError("QUEUE_FULL", `${frames} frames do not fit the buffer`);
    this.#written += frames;
  }

  /** Nothing more will be written: what there is will be played to its last sample. */
  end(): void {
    this.#ended = true;
  }

  /** Forgets everything, also that the stream was ended. */
  clear(): void {
    this.#ring.clear();
    this.#resampler.reset();
    this.#resampledAt = 0;
    this.#resampledEnd = 0;
    this.#state = "waiting";
    this.#ended = false;
    this.#heardBefore = 0;
    this.#played = 0;
    this.#written = 0;
  }

  /** Plays slower (above 0) or faster by this ratio from now on. */
  trim(ratio: number): void {
    this.#resampler.trim(ratio);
    this.#heardBefore = this.heardFrames;
    this.#played = 0;
    this.#trim = ratio;
  }

  /**
   * Fills one quantum, with silence where there is no speech.
   *
   * @returns how many frames, from the first on, are speech
   */
  play(quantum: readonly Float32Array[]): number {
    const frames = quantum[0]?.length ?? 0;
    if (this.#state === "waiting" && (this.#ended || this.#ring.frames >= this.#startFrames))
      this.#state = "playing";
    let filled = 0;
    if (this.#state === "playing") {
      while (filled < frames && (this.#resampledAt < this.#resampledEnd || this.#resample()))
        filled += this.#copy(quantum, filled, frames);
      this.#played += filled;
      if (filled < frames) this.#state = this.#ended ? "drained" : "waiting";
    }
    for (let channel = 0; channel < quantum.length; channel++) quantum[channel]?.fill(0, filled);
    return filled;
  }

  dispose(): void {
    this.#resampler.dispose();
  }

  /** Refills #resampled; false when the ring has nothing more to give now. */
  #resample(): boolean {
    for (;;) {
      const waiting = this.#ring.frames;
      if (waiting === 0 && this.#ended) {
        this.#resampledEnd = this.#resampler.flushInto(this.#resampled);
      } else {
        this.#resampledEnd = this.#resampler.processInto(this.#ring.front(), this.#resampled);
        this.#ring.drop(this.#resampler.consumed);
      }
      this.#resampledAt = 0;
      if (this.#resampledEnd > 0) return true;
      if (waiting === 0) return false;
    }
  }

  /** Copies resampled frames into the quantum from `at` on, by hand because a view is an object. */
  #copy(quantum: readonly Float32Array[], at: number, end: number): number {
    const frames = Math.min(end - at, this.#resampledEnd - this.#resampledAt);
    for (let channel = 0; channel < quantum.length; channel++) {
      const from = this.#resampled[channel];
      const to = quantum[channel];
      if (!from || !to) continue;
      for (let i = 0; i < frames; i++) to[at + i] = from[this.#resampledAt + i] ?? 0;
    }
    this.#resampledAt += frames;
    return frames;
  }
}
