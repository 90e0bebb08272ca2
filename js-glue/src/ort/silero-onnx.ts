import { sileroOnnxAsyncifyURL, sileroOnnxWasmURL } from "../assets.js";
import { optionError, requireBoolean, requireSamples, VoicepathError } from "../errors.js";
import type { SpeechModel } from "../speech-model.js";
import { type ByteSource, loadBytes, type WasmSource } from "../wasm.js";
import { CallQueue } from "./call-queue.js";
import { type OrtMode, OrtProgram, type OrtProgramOptions } from "./program.js";

export interface SileroOnnxOptions
  extends Pick<
    OrtProgramOptions,
    "mode" | "ort" | "innerModule" | "wasmPaths" | "numThreads" | "onWarning" | "signal"
  > {
  /** The .onnx file. */
  readonly model: ByteSource;
  /** Samples of a frame: 512, or with Silero 4 also 1024 or 1536. Default: the most the model takes. */
  readonly frameSamples?: number;
  /**
   * Feed Silero 5 and 6 the last 64 samples of the frame before, as they were trained. Default true;
   * false reproduces vad-web up to 0.0.30.
   */
  readonly context?: boolean;
  /** Where silero-onnx.wasm is, when not beside the package. */
  readonly wasm?: WasmSource;
  /** Where silero-onnx.asyncify.wasm is, when not beside the package. */
  readonly asyncify?: WasmSource;
}

/**
 * Any ONNX model with the signature of Silero VAD 4, 5 or 6, on onnxruntime-web: wasm/ort/silero_onnx.c
 * written against ONNX Runtime's C API. It hears one stream; several streams are several of these.
 *
 * ```ts
 * const model = await SileroOnnx.load({ model: "/silero_vad.onnx" });
 * const probability = await model.process(frame); // model.frameSamples samples at 16 kHz
 * model.dispose();
 * ```
 */
export class SileroOnnx implements SpeechModel, Disposable {
  /** The signature: "v4", or "v5", which is Silero 6's too. */
  readonly generation: "v4" | "v5";
  /** Samples of a frame, at 16 kHz. */
  readonly frameSamples: number;
  readonly #program: OrtProgram;
  readonly #frameAt: number;
  /** The frame under way and those behind it, where runs take time. */
  readonly #queue = new CallQueue();
  #disposed = false;

  private constructor(program: OrtProgram) {
    this.#program = program;
    this.generation = program.callNow("silero_generation") === 4 ? "v4" : "v5";
    this.frameSamples = program.callNow("silero_frame_samples");
    this.#frameAt = program.callNow("silero_frame");
  }

  /**
   * @throws VoicepathError OPTION, ORT_MISSING, ORT_UNSUPPORTED, ASSET_*, WASM_*; MODEL_MISMATCH when
   *   the file is no model, or has another signature, saying what is missing; the signal's reason
   */
  static async load(options: SileroOnnxOptions): Promise<SileroOnnx> {
    const { model, frameSamples, context = true, wasm, asyncify, ...given } = options;
    if (frameSamples !== undefined && ![512, 1024, 1536].includes(frameSamples))
      throw optionError("frameSamples", frameSamples, "512, 1024 or 1536");
    requireBoolean("context", context);
    const bytes = await loadBytes(model, "the speech model", given.signal);
    const program = await OrtProgram.load(wasm ?? sileroOnnxWasmURL(), {
      ...given,
      asyncify: asyncify ?? sileroOnnxAsyncifyURL(),
    });
    try {
      const at = program.allocate(bytes.length);
      program.u8.set(bytes, at);
      const flags = [frameSamples ?? 0, Number(context)];
      const wrong = await program.call("silero_open", at, bytes.length, ...flags);
      if (wrong !== 0) throw new VoicepathError("MODEL_MISMATCH", program.text(wrong));
      program.free(at);
      given.signal?.throwIfAborted();
      return new SileroOnnx(program);
    } catch (error) {
      program.dispose();
      throw error;
    }
  }

  /** How the program waits for onnxruntime-web; in mode "sync" it does not. */
  get mode(): OrtMode {
    return this.#program.mode;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Objects of the C API that the program holds, by kind. */
  get live(): Readonly<Record<string, number>> {
    return this.#program.live;
  }

  /**
   * The probability, 0 to 1, that a frame is speech; at once in mode "sync", else a promise. The frame is
   * lent until then; frames are judged in the order of the calls. After a failure the model stands where
   * it stood before the frame.
   *
   * @throws VoicepathError OPTION when `frame` is no Float32Array of `frameSamples`; DISPOSED;
   *   MODEL_FAILED with ONNX Runtime's message; ORT_TRAP
   */
  process(frame: Float32Array): number | Promise<number> {
    this.#requireLive();
    if (requireSamples("frame", frame).length !== this.frameSamples)
      throw optionError("frame.length", frame.length, `${this.frameSamples}`);
    const program = this.#program;
    if (program.mode === "sync") {
      program.f32.set(frame, this.#frameAt >> 2);
      return this.#checked(program.callNow("silero_run"));
    }
    return this.#enqueue(async () => {
      program.f32.set(frame, this.#frameAt >> 2);
      return this.#checked(await program.call("silero_run"));
    });
  }

  /** Forgets everything heard, after the frames under way. @throws VoicepathError DISPOSED */
  reset(): void {
    this.#requireLive();
    const reset = (): number => this.#program.callNow("silero_reset");
    if (this.#program.mode === "sync") reset();
    // Only a disposal makes this one fail.
    else this.#enqueue(reset).catch(() => {});
  }

  /** Gives the session and its memory back. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#program.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #checked(probability: number): number {
    if (probability >= 0) return probability;
    const program = this.#program;
    throw new VoicepathError("MODEL_FAILED", program.text(program.callNow("silero_error")));
  }

  #enqueue(operation: () => number | Promise<number>): Promise<number> {
    return this.#queue.run(() => {
      this.#requireLive();
      return operation();
    });
  }

  #requireLive(): void {
    if (this.#disposed) throw new VoicepathError("DISPOSED", "this SileroOnnx was disposed");
  }
}
