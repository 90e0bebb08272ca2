import { type Pointer, vp_resampler_config, vp_resampler_progress } from "./abi.gen.js";
import { requireRateHz } from "./detector.js";
import { checkStatus, requireSamples } from "./errors.js";
import { Handle, writeStruct } from "./handle.js";
import { joinSamples } from "./samples.js";
import type { AudioModule } from "./wasm.js";

export interface ResamplerOptions {
  /** An integer from 8000 to 192000. */
  readonly inputRateHz: number;
  /** An integer from 8000 to 192000. */
  readonly outputRateHz: number;
}

/** Samples that cross the heap at a time, each way. */
const BLOCK_SAMPLES = 4096;
const BLOCK_BYTES = BLOCK_SAMPLES * Float32Array.BYTES_PER_ELEMENT;

/**
 * Streaming sample rate conversion of one channel. Output sample k is the input at time
 * k · inputRate / outputRate: no delay to trim. N input samples give exactly
 * ceil(N · outputRate / inputRate), the last of them by {@link flush}.
 */
export class Resampler implements Disposable {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  readonly #audio: AudioModule;
  readonly #handle: Handle<"vp_resampler">;
  readonly #input: Pointer<"float">;
  readonly #output: Pointer<"float">;
  readonly #progress: Pointer<"vp_resampler_progress">;

  private constructor(audio: AudioModule, options: ResamplerOptions) {
    this.inputRateHz = requireRateHz("inputRateHz", options.inputRateHz);
    this.outputRateHz = requireRateHz("outputRateHz", options.outputRateHz);
    this.#audio = audio;
    const { exports, heap } = audio;
    this.#input = heap.allocate(2 * BLOCK_BYTES + vp_resampler_progress.size);
    this.#output = this.#input + BLOCK_BYTES;
    this.#progress = this.#output + BLOCK_BYTES;
    let pointer: Pointer<"vp_resampler"> = 0;
    try {
      // The block is still empty, so the configuration may lie in it.
      const config: number = this.#input;
      writeStruct(heap, config, vp_resampler_config, {
        input_rate_hz: this.inputRateHz,
        output_rate_hz: this.outputRateHz,
      });
      const size = checkStatus(exports.vp_resampler_size(config));
      pointer = heap.allocate(size);
      checkStatus(exports.vp_resampler_init(pointer, size, config));
      this.#handle = new Handle(heap, "Resampler", pointer, [this.#input]);
    } catch (error) {
      heap.free(pointer);
      heap.free(this.#input);
      throw error;
    }
  }

  /** @throws VoicepathError OPTION, VP_E_MEMORY */
  static create(audio: AudioModule, options: ResamplerOptions): Resampler {
    return new Resampler(audio, options);
  }

  /** Input samples that must follow an output's own time before it is given. */
  get latencySamples(): number {
    return this.#audio.exports.vp_resampler_latency_samples(this.#handle.pointer);
  }

  get latencyMs(): number {
    return (this.latencySamples * 1000) / this.inputRateHz;
  }

  get disposed(): boolean {
    return this.#handle.disposed;
  }

  /** What {@link process} for `inputSamples` more and a {@link flush} after it return together. */
  outputBound(inputSamples: number): number {
    return this.#audio.exports.vp_resampler_output_bound(this.#handle.pointer, inputSamples);
  }

  /**
   * Takes all of `input` and returns what can be given so far, in a new array.
   *
   * @throws VoicepathError VP_E_FLUSHED after {@link flush}, OPTION, DISPOSED
   */
  process(input: Float32Array): Float32Array {
    const resampler = this.#handle.pointer;
    const { exports, heap } = this.#audio;
    const out = new Float32Array(this.outputBound(requireSamples("input", input).length));
    let produced = 0;
    for (let from = 0; from < input.length; from += BLOCK_SAMPLES) {
      const count = Math.min(input.length - from, BLOCK_SAMPLES);
      heap.f32.set(input.subarray(from, from + count), this.#input >> 2);
      for (let taken = 0; taken < count; ) {
        checkStatus(
          exports.vp_resampler_process(
            resampler,
            this.#input + 4 * taken,
            count - taken,
            this.#output,
            BLOCK_SAMPLES,
            this.#progress,
          ),
        );
        taken += this.#readProgress("consumed");
        produced += this.#copyOutput(out, produced);
      }
    }
    // More may be ready than fitted the last block.
    for (let more = 1; more > 0; produced += more) {
      checkStatus(
        exports.vp_resampler_process(
          resampler,
          this.#input,
          0,
          this.#output,
          BLOCK_SAMPLES,
          this.#progress,
        ),
      );
      more = this.#copyOutput(out, produced);
    }
    return out.slice(0, produced);
  }

  /** Ends the stream and returns what was held back. Only {@link reset} makes room for more. */
  flush(): Float32Array {
    const resampler = this.#handle.pointer;
    const parts: Float32Array[] = [];
    for (;;) {
      checkStatus(
        this.#audio.exports.vp_resampler_flush(
          resampler,
          this.#output,
          BLOCK_SAMPLES,
          this.#progress,
        ),
      );
      const part = new Float32Array(this.#readProgress("produced"));
      if (part.length === 0) break;
      this.#copyOutput(part, 0);
      parts.push(part);
    }
    return joinSamples(parts);
  }

  /** Starts a new stream. */
  reset(): void {
    this.#audio.exports.vp_resampler_reset(this.#handle.pointer);
  }

  /** Gives the memory back. Harmless when repeated. */
  dispose(): void {
    this.#handle.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #readProgress(field: keyof typeof vp_resampler_progress.fields): number {
    const { offset } = vp_resampler_progress.fields[field];
    return this.#audio.heap.u32[(this.#progress + offset) >> 2] ?? 0;
  }

  #copyOutput(to: Float32Array, at: number): number {
    const { f32 } = this.#audio.heap;
    const from = this.#output >> 2;
    const count = this.#readProgress("produced");
    to.set(f32.subarray(from, from + count), at);
    return count;
  }
}
