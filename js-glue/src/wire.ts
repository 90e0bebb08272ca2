import {
  type Pointer,
  VP_RATE_MAX_HZ,
  VP_RATE_MIN_HZ,
  VP_WIRE_SLICE_MAX_MS,
  vp_wire_clip,
} from "./abi.gen.js";
import {
  checkStatus,
  optionError,
  requireInteger,
  requireSamples,
  VoicepathError,
} from "./errors.js";
import { alignUp, type Heap, readField } from "./handle.js";
import type { AudioModule } from "./wasm.js";

/** The backend's `slice_length`. */
const SLICE_MS = 20;
/** What most messages have, of speech and of the frontend's own making. */
const USUAL_SAMPLES = 4096;
/** A base64 text has none of the characters that take more than one byte; with room for one, it is seen. */
const LARGEST_CHARACTER_BYTES = 4;

/** A clip as it came, for the mouth as well as for the ear. */
export interface WireClip {
  readonly rateHz: number;
  /** Of the file; {@link samples} are their mean. */
  readonly channels: number;
  /** Mono, full scale -1 to 1. */
  readonly samples: Float32Array;
  /** The loudness of each slice of `sliceMs`, 0 to 1, the loudest slice being 1. */
  readonly levels: Float32Array;
  readonly sliceMs: number;
}

/**
 * Between samples and the text of the websocket. The backend wants speech as a JSON list of numbers, and
 * sends it as WAV files in base64.
 *
 * ```ts
 * const wire = Wire.create(await loadAudio());
 * socket.send(`{"type":"mic-audio-data","audio":${wire.encodeFloatList(part)}}`);
 * const { samples, rateHz, levels } = wire.decodeClip(message.audio);
 * wire.dispose();
 * ```
 *
 * Makes nothing but what it returns. Keeps the memory of its longest encoding until it is disposed of.
 */
export class Wire implements Disposable {
  readonly #audio: AudioModule;
  readonly #decoder = new TextDecoder();
  readonly #encoder = new TextEncoder();
  /** Samples, and behind them what becomes of them; 0 when disposed of. */
  #scratch: number;
  #scratchBytes = 0;

  private constructor(audio: AudioModule) {
    this.#audio = audio;
    this.#scratch = 0;
    const textBytes = checkStatus(audio.exports.vp_wire_list_bound(USUAL_SAMPLES));
    this.#reserve(USUAL_SAMPLES * Float32Array.BYTES_PER_ELEMENT + textBytes);
  }

  static create(audio: AudioModule): Wire {
    return new Wire(audio);
  }

  get disposed(): boolean {
    return this.#scratch === 0;
  }

  /**
   * `[0.1234,-37e-5,0]`: each number is the shortest that is the same int16 as the sample, so speech takes
   * 5 to 8 bytes a sample, where `JSON.stringify` takes 20. Samples beyond full scale are clipped; NaN
   * and infinity are 0.
   *
   * @throws VoicepathError OPTION when `samples` is no Float32Array, VP_E_LENGTH above 16777216 of them,
   *   DISPOSED
   */
  encodeFloatList(samples: Float32Array): string {
    const { vp_wire_list, vp_wire_list_bound } = this.#exports;
    return this.#encode(samples, vp_wire_list, vp_wire_list_bound);
  }

  /**
   * The same int16s, little endian, in base64: 2.7 bytes a sample, for servers that take it.
   *
   * @throws as {@link encodeFloatList}
   */
  encodePCM16(samples: Float32Array): string {
    const { vp_wire_pcm16, vp_wire_pcm16_size } = this.#exports;
    return this.#encode(samples, vp_wire_pcm16, vp_wire_pcm16_size);
  }

  /**
   * A WAV file in base64, with or without padding: 8, 16, 24 or 32-bit integers or 32 or 64-bit floats.
   * Lengths that the server did not know when it wrote them are not believed.
   *
   * @param sliceMs - 1 to 1000
   * @throws VoicepathError VP_E_BASE64, VP_E_WAV, VP_E_FORMAT, VP_E_CHANNELS, VP_E_RATE; VP_E_LENGTH above
   *   16777216 characters; OPTION; DISPOSED
   */
  decodeClip(base64: string, sliceMs: number = SLICE_MS): WireClip {
    const { heap } = this.#audio;
    const { vp_wire_base64, vp_wire_base64_bound, vp_wire_clip_open } = this.#exports;
    if (typeof base64 !== "string") throw optionError("base64", base64, "a string");
    requireSliceMs(sliceMs);
    checkStatus(vp_wire_base64_bound(base64.length));
    const room = base64.length + LARGEST_CHARACTER_BYTES;
    const clip = heap.allocate<"vp_wire_clip">(alignUp(vp_wire_clip.size) + room);
    try {
      const text: number = clip + alignUp(vp_wire_clip.size);
      const { written } = this.#encoder.encodeInto(base64, heap.u8.subarray(text, text + room));
      const length = checkStatus(vp_wire_base64(text, written, text));
      checkStatus(vp_wire_clip_open(clip, text, length));
      return this.#readClip(clip, sliceMs);
    } finally {
      heap.free(clip);
    }
  }

  /**
   * The loudness of each slice, 0 to 1: its RMS divided by the largest of all. The backend calls these
   * `volumes`.
   *
   * @param rateHz - 8000 to 192000
   * @param sliceMs - 1 to 1000
   * @throws VoicepathError OPTION, VP_E_LENGTH above 16777216 samples, DISPOSED
   */
  levels(samples: Float32Array, rateHz: number, sliceMs: number = SLICE_MS): Float32Array {
    const { vp_wire_levels_count } = this.#exports;
    const { length } = requireSamples("samples", samples);
    requireInteger("rateHz", rateHz, VP_RATE_MIN_HZ, VP_RATE_MAX_HZ);
    requireSliceMs(sliceMs);
    const count = checkStatus(vp_wire_levels_count(length, rateHz, sliceMs));
    const at = this.#reserve((length + count) * Float32Array.BYTES_PER_ELEMENT);
    this.#heap.f32.set(samples, at >> 2);
    return this.#levelsOf(at, length, rateHz, sliceMs, count);
  }

  /** Gives the memory back. Harmless when repeated. */
  dispose(): void {
    if (this.disposed) return;
    this.#heap.free(this.#scratch);
    this.#scratch = 0;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #heap(): Heap {
    return this.#audio.heap;
  }

  /** @throws VoicepathError DISPOSED */
  get #exports(): AudioModule["exports"] {
    if (this.disposed) throw new VoicepathError("DISPOSED", "this Wire was disposed");
    return this.#audio.exports;
  }

  /** Where there are so many bytes, with anything in them. */
  #reserve(bytes: number): number {
    if (bytes > this.#scratchBytes) {
      const larger = this.#heap.allocate(bytes);
      this.#heap.free(this.#scratch);
      this.#scratch = larger;
      this.#scratchBytes = bytes;
    }
    return this.#scratch;
  }

  #encode(
    samples: Float32Array,
    write: (samples: number, count: number, text: number, size: number) => number,
    sizeOf: (count: number) => number,
  ): string {
    const { length } = requireSamples("samples", samples);
    const size = checkStatus(sizeOf(length));
    const at = this.#reserve(length * Float32Array.BYTES_PER_ELEMENT + size);
    const text = at + length * Float32Array.BYTES_PER_ELEMENT;
    this.#heap.f32.set(samples, at >> 2);
    const written = checkStatus(write(at, length, text, size));
    return this.#decoder.decode(this.#heap.u8.subarray(text, text + written));
  }

  #readClip(clip: Pointer<"vp_wire_clip">, sliceMs: number): WireClip {
    const heap = this.#heap;
    const rateHz = readField(heap, clip, vp_wire_clip, "rate_hz");
    const channels = readField(heap, clip, vp_wire_clip, "channels");
    const frames = readField(heap, clip, vp_wire_clip, "frames");
    const { vp_wire_clip_mono, vp_wire_levels_count } = this.#exports;
    const count = checkStatus(vp_wire_levels_count(frames, rateHz, sliceMs));
    const mono = heap.allocate<"float">((frames + count) * Float32Array.BYTES_PER_ELEMENT);
    try {
      checkStatus(vp_wire_clip_mono(clip, mono, frames));
      const levels = this.#levelsOf(mono, frames, rateHz, sliceMs, count);
      return { rateHz, channels, samples: slice(heap, mono, frames), levels, sliceMs };
    } finally {
      heap.free(mono);
    }
  }

  /** Of samples in the heap, with room for the levels behind them. */
  #levelsOf(
    samples: number,
    length: number,
    rateHz: number,
    sliceMs: number,
    count: number,
  ): Float32Array {
    const levels = samples + length * Float32Array.BYTES_PER_ELEMENT;
    const { vp_wire_levels } = this.#exports;
    checkStatus(vp_wire_levels(samples, length, rateHz, sliceMs, levels, count));
    return slice(this.#heap, levels, count);
  }
}

function requireSliceMs(sliceMs: unknown): number {
  return requireInteger("sliceMs", sliceMs, 1, VP_WIRE_SLICE_MAX_MS);
}

function slice({ f32 }: Heap, at: number, count: number): Float32Array {
  return f32.slice(at >> 2, (at >> 2) + count);
}
