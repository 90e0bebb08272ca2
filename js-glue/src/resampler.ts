import {
  type Pointer,
  VP_CHANNELS_MAX,
  VP_FORMAT_INTERLEAVED,
  VP_FORMAT_S16,
  VP_RESAMPLER_BALANCED,
  VP_RESAMPLER_BEST,
  VP_RESAMPLER_LOW_LATENCY,
  VP_RESAMPLER_OFFLINE,
  VP_RESAMPLER_ULTRA,
  VP_TRIM_MAX_PPM,
  vp_resampler_config,
  vp_resampler_io,
} from "./abi.gen.js";
import {
  type AudioBlock,
  firstFrames,
  formatOf,
  framesFrom,
  framesOf,
  planeOf,
  silentLike,
} from "./audio-block.js";
import { requireRateHz } from "./detector.js";
import {
  checkStatus,
  optionError,
  requireBoolean,
  requireInteger,
  requireNumber,
} from "./errors.js";
import { Handle, writeStruct } from "./handle.js";
import type { AudioModule } from "./wasm.js";

const MODES = {
  balanced: VP_RESAMPLER_BALANCED,
  best: VP_RESAMPLER_BEST,
  ultra: VP_RESAMPLER_ULTRA,
  lowlatency: VP_RESAMPLER_LOW_LATENCY,
  offline: VP_RESAMPLER_OFFLINE,
} as const;

/**
 * - `balanced`: speech that is to be recognised; the cheapest, 3 ms
 * - `best`: speech and music that are to be heard, 9 ms
 * - `ultra`: nothing measurable is left, 12 ms
 * - `lowlatency`: minimum phase, 0.2 ms
 * - `offline`: whole clips by long transforms, the fastest, half a second at a time
 *
 * (Delays from 48 to 16 kHz. bench/README.md says how they are measured.)
 */
export type ResamplerMode = keyof typeof MODES;

export interface ResamplerOptions {
  /** An integer from 8000 to 192000. */
  readonly inputRateHz: number;
  /** An integer from 8000 to 192000. */
  readonly outputRateHz: number;
  /** `"balanced"` by default. */
  readonly mode?: ResamplerMode | undefined;
  /** 1 to 8; 1 by default. */
  readonly channels?: number | undefined;
  /** Whether {@link Resampler.trim} may be used; not with `offline`. `false` by default. */
  readonly adjustable?: boolean | undefined;
}

/** Frames that cross the heap at a time, each way. */
const BLOCK_FRAMES = 4096;
/** Shorter copies are a loop: views for TypedArray.set would be garbage, 375 times a second. */
const LOOP_SAMPLES = 512;

/** Where the fields of vp_resampler_io lie, in words. */
const word = ({ offset }: { readonly offset: number }): number => offset >> 2;
const INPUT = word(vp_resampler_io.fields.input);
const OUTPUT = word(vp_resampler_io.fields.output);
const INPUT_FRAMES = word(vp_resampler_io.fields.input_frames);
const OUTPUT_FRAMES = word(vp_resampler_io.fields.output_frames);
const INPUT_FORMAT = word(vp_resampler_io.fields.input_format);
const OUTPUT_FORMAT = word(vp_resampler_io.fields.output_format);
const INPUT_STRIDE = word(vp_resampler_io.fields.input_stride);
const OUTPUT_STRIDE = word(vp_resampler_io.fields.output_stride);
const CONSUMED = word(vp_resampler_io.fields.consumed);
const PRODUCED = word(vp_resampler_io.fields.produced);

interface Numbers {
  readonly length: number;
  [index: number]: number;
  set(from: ArrayLike<number>, at: number): void;
  subarray(from: number, to: number): ArrayLike<number>;
}

function copySamples(
  from: Numbers,
  fromAt: number,
  to: Numbers,
  toAt: number,
  count: number,
): void {
  if (count === from.length) to.set(from, toAt);
  else if (count > LOOP_SAMPLES) to.set(from.subarray(fromAt, fromAt + count), toAt);
  else for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i] ?? 0;
}

function modeOf(mode: unknown): number {
  const found = Object.entries(MODES).find(([name]) => name === mode);
  if (!found) throw optionError("mode", mode, `one of ${Object.keys(MODES).join(", ")}`);
  return found[1];
}

/**
 * Streaming sample rate conversion. Output frame k is the input at time k · inputRate / outputRate:
 * no delay to trim. N input frames give exactly ceil(N · outputRate / inputRate), the last of them by
 * {@link flush}, and the same bits however they are cut into blocks.
 *
 * @typeParam Block - what goes in and comes out: `Float32Array` for one channel or interleaved
 * frames, `Float32Array[]` for an array per channel, or either with `Int16Array`
 */
export class Resampler<Block extends AudioBlock = Float32Array> implements Disposable {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  readonly mode: ResamplerMode;
  readonly channels: number;
  readonly #audio: AudioModule;
  readonly #handle: Handle<"vp_resampler">;
  readonly #input: Pointer<"void">;
  readonly #output: Pointer<"void">;
  /** The vp_resampler_io, in words. */
  readonly #io: number;
  /** What the last block was like, for {@link flush}. */
  #like: AudioBlock;
  #consumed = 0;

  private constructor(audio: AudioModule, options: ResamplerOptions) {
    const { mode = "balanced", channels = 1, adjustable = false } = options;
    const config = {
      input_rate_hz: requireRateHz("inputRateHz", options.inputRateHz),
      output_rate_hz: requireRateHz("outputRateHz", options.outputRateHz),
      mode: modeOf(mode),
      channels: requireInteger("channels", channels, 1, VP_CHANNELS_MAX),
      adjustable: requireBoolean("adjustable", adjustable),
    };
    if (mode === "offline" && adjustable)
      throw optionError("adjustable", adjustable, 'false with mode "offline"');
    this.inputRateHz = config.input_rate_hz;
    this.outputRateHz = config.output_rate_hz;
    this.mode = mode;
    this.channels = channels;
    this.#like =
      channels === 1
        ? new Float32Array()
        : Array.from({ length: channels }, () => new Float32Array());
    this.#audio = audio;
    const { exports, heap } = audio;
    const blockBytes = channels * BLOCK_FRAMES * Float32Array.BYTES_PER_ELEMENT;
    this.#input = heap.allocate(2 * blockBytes + vp_resampler_io.size);
    this.#output = this.#input + blockBytes;
    this.#io = (this.#output + blockBytes) >> 2;
    let pointer: Pointer<"vp_resampler"> = 0;
    try {
      // The block is still empty, so the configuration may lie in it.
      const configAt: number = this.#input;
      writeStruct(heap, configAt, vp_resampler_config, config);
      const size = checkStatus(exports.vp_resampler_size(configAt));
      pointer = heap.allocate(size);
      checkStatus(exports.vp_resampler_init(pointer, size, configAt));
      this.#handle = new Handle(heap, "Resampler", pointer, [this.#input]);
      heap.u32[this.#io + INPUT] = this.#input;
      heap.u32[this.#io + OUTPUT] = this.#output;
      heap.u32[this.#io + INPUT_STRIDE] = BLOCK_FRAMES;
      heap.u32[this.#io + OUTPUT_STRIDE] = BLOCK_FRAMES;
    } catch (error) {
      heap.free(pointer);
      heap.free(this.#input);
      throw error;
    }
  }

  /** @throws VoicepathError OPTION, VP_E_MEMORY */
  static create<Block extends AudioBlock = Float32Array>(
    audio: AudioModule,
    options: ResamplerOptions,
  ): Resampler<Block> {
    return new Resampler<Block>(audio, options);
  }

  /** Input frames that must follow an output's own time before it is given. */
  get latencySamples(): number {
    return this.#audio.exports.vp_resampler_latency_samples(this.#handle.pointer);
  }

  get latencyMs(): number {
    return (this.latencySamples * 1000) / this.inputRateHz;
  }

  get disposed(): boolean {
    return this.#handle.disposed;
  }

  /** Input frames that the last {@link processInto} took. */
  get consumed(): number {
    return this.#consumed;
  }

  /** Frames that {@link process} for `inputFrames` more and a {@link flush} return together. */
  outputBound(inputFrames: number): number {
    return this.#audio.exports.vp_resampler_output_bound(
      this.#handle.pointer,
      requireInteger("inputFrames", inputFrames, 0, 0xffffffff),
    );
  }

  /**
   * The output rate moves to 1 + `trim` times what it was made for: a positive trim gives more frames.
   * For clocks that drift. It takes up to 512 samples at twice the lower rate, so nothing clicks; before
   * the first input it holds at once.
   *
   * @param trim - ±0.01
   * @throws VoicepathError OPTION; VP_E_MODE when not `adjustable`
   */
  trim(trim: number): void {
    const max = VP_TRIM_MAX_PPM / 1e6;
    requireNumber("trim", trim, -max, max);
    checkStatus(this.#audio.exports.vp_resampler_trim(this.#handle.pointer, trim));
  }

  /**
   * Takes all of `input` and returns what can be given so far, in new arrays.
   *
   * @throws VoicepathError VP_E_FLUSHED after {@link flush}, OPTION, DISPOSED
   */
  process(input: Block): Block {
    const frames = framesOf("input", input, this.channels);
    // One more than can come: a full output would end the call before the input is used up.
    const output = silentLike(input, this.channels, this.outputBound(frames) + 1);
    return firstFrames(output, this.channels, this.processInto(input, output));
  }

  /** Ends the stream and returns what was held back. Only {@link reset} makes room for more. */
  flush(): Block {
    // The last block went through process(), or there was none and nothing is held back.
    const output = silentLike(this.#like as Block, this.channels, this.outputBound(0));
    this.flushInto(output);
    return output;
  }

  /**
   * Takes frames of `input` until it is used up, or `output` is full: {@link consumed} tells. Nothing
   * is allocated for blocks of up to 512 samples a channel. The two may differ in their kind.
   *
   * @returns frames written
   * @throws VoicepathError VP_E_FLUSHED after {@link flush}, OPTION, DISPOSED
   */
  processInto(input: AudioBlock, output: AudioBlock): number {
    const inputFrames = framesOf("input", input, this.channels);
    const outputFrames = framesOf("output", output, this.channels);
    const resampler = this.#handle.pointer;
    const { exports, heap } = this.#audio;
    const { u32 } = heap;
    const io = this.#io;
    const inputFormat = formatOf(input);
    const outputFormat = formatOf(output);
    let consumed = 0;
    let produced = 0;
    this.#like = input;
    u32[io + INPUT_FORMAT] = inputFormat;
    u32[io + OUTPUT_FORMAT] = outputFormat;
    for (;;) {
      const offered = Math.min(inputFrames - consumed, BLOCK_FRAMES);
      const room = Math.min(outputFrames - produced, BLOCK_FRAMES);
      this.#copy(input, inputFormat, consumed, offered, this.#input, true);
      u32[io + INPUT_FRAMES] = offered;
      u32[io + OUTPUT_FRAMES] = room;
      checkStatus(exports.vp_resampler_process(resampler, io << 2));
      const given = u32[io + PRODUCED] ?? 0;
      consumed += u32[io + CONSUMED] ?? 0;
      this.#copy(output, outputFormat, produced, given, this.#output, false);
      produced += given;
      // What fitted ended because there was no more to take, or the output is full.
      if (given < room ? consumed === inputFrames : produced === outputFrames) break;
    }
    this.#consumed = consumed;
    return produced;
  }

  /**
   * Ends the stream and writes what was held back, as far as it fits. Call until it returns 0.
   *
   * @returns frames written
   */
  flushInto(output: AudioBlock): number {
    const outputFrames = framesOf("output", output, this.channels);
    const resampler = this.#handle.pointer;
    const { exports, heap } = this.#audio;
    const { u32 } = heap;
    const io = this.#io;
    const format = formatOf(output);
    let produced = 0;
    let given: number;
    u32[io + OUTPUT_FORMAT] = format;
    do {
      u32[io + OUTPUT_FRAMES] = Math.min(outputFrames - produced, BLOCK_FRAMES);
      checkStatus(exports.vp_resampler_flush(resampler, io << 2));
      given = u32[io + PRODUCED] ?? 0;
      this.#copy(output, format, produced, given, this.#output, false);
      produced += given;
    } while (given > 0);
    return produced;
  }

  /**
   * A whole clip: starts anew, and returns exactly ceil(frames · outputRate / inputRate) frames.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  convert(clip: Block): Block {
    const frames = framesOf("clip", clip, this.channels);
    this.reset();
    const output = silentLike(clip, this.channels, this.outputBound(frames));
    const produced = this.processInto(clip, output);
    this.flushInto(framesFrom(output, this.channels, produced));
    this.reset();
    return output;
  }

  /** Starts a new stream. The trim stays. */
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

  /** Frames of a block to or from the heap. */
  #copy(
    block: AudioBlock,
    format: number,
    from: number,
    frames: number,
    at: number,
    toHeap: boolean,
  ): void {
    const { u16, f32 } = this.#audio.heap;
    const isS16 = (format & VP_FORMAT_S16) !== 0;
    // Interleaved frames are one long plane.
    const isInterleaved = (format & VP_FORMAT_INTERLEAVED) !== 0;
    const each = isInterleaved ? this.channels : 1;
    const planes = isInterleaved ? 1 : this.channels;
    const heap: Numbers = isS16 ? u16 : f32;
    for (let i = 0; i < planes; i++) {
      const plane: Numbers | undefined = planeOf(block, i);
      const heapAt = (at >> (isS16 ? 1 : 2)) + i * BLOCK_FRAMES;
      if (!plane) continue;
      if (toHeap) copySamples(plane, from * each, heap, heapAt, frames * each);
      else copySamples(heap, heapAt, plane, from * each, frames * each);
    }
  }
}
