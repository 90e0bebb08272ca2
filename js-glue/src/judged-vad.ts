import { VP_SAMPLE_LIMIT, VP_VAD_FRAME_SAMPLES } from "./abi.gen.js";
import { DetectorOwner } from "./detector.js";
import { optionError, requireFunction, requireSamples, VoicepathError } from "./errors.js";
import type { SpeechModel } from "./speech-model.js";
import type { SpeechOptions } from "./speech-options.js";
import type { AudioModule } from "./wasm.js";

export interface JudgedVadOptions extends Omit<SpeechOptions, "context"> {
  readonly engine: "ort";
  /** Judges frames of 512 samples, for this VAD alone. Whoever made it disposes of it. */
  readonly model: SpeechModel;
  /** Disposes of the VAD when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * A `Vad` whose frames another model judges, which may take its time. Events and options are the same.
 *
 * ```ts
 * const model = await SileroOnnx.load({ model: "/my-silero.onnx" });
 * const vad = Vad.create(await loadAudio(), { engine: "ort", model });
 * vad.on("speechend", ({ audio }) => transcribe(audio));
 * await vad.push(samples); // any length, at 16 kHz
 * await vad.end();
 * ```
 *
 * Calls of `push`, `end` and `reset` are done one after the other. When the model fails, the push
 * that needed it rejects, and everything is as after `reset`.
 */
export class JudgedVad extends DetectorOwner {
  readonly #model: SpeechModel;
  readonly #frame = new Float32Array(VP_VAD_FRAME_SAMPLES);
  /** Samples in the frame under way. */
  #fill = 0;
  #queue: Promise<void> = Promise.resolve();

  private constructor(audio: AudioModule, options: JudgedVadOptions) {
    super(audio, "Vad", undefined, { ...options, model: null });
    this.#model = options.model;
  }

  /** @internal `Vad.create` with `engine: "ort"`. */
  static create(audio: AudioModule, options: JudgedVadOptions): JudgedVad {
    const { model } = options;
    requireFunction("model.process", model?.process);
    requireFunction("model.reset", model.reset);
    if (model.frameSamples !== VP_VAD_FRAME_SAMPLES)
      throw optionError("model.frameSamples", model.frameSamples, `${VP_VAD_FRAME_SAMPLES}`);
    return new JudgedVad(audio, options);
  }

  /**
   * Hears samples; resolves after their events, or when the VAD is disposed of. Full scale is -1 to 1;
   * NaN and infinity count as 0.
   *
   * @throws VoicepathError OPTION when `samples` is no Float32Array, DISPOSED, VP_E_PROBABILITY when
   *   the model's answer is no probability; what the model throws
   */
  push(samples: Float32Array): Promise<void> {
    const copy = requireSamples("samples", samples).slice();
    return this.#enqueue(() => this.#hear(copy));
  }

  /**
   * The stream ends: a segment under way gives `speechend` or `misfire` before the promise resolves, and
   * the next push starts a new stream.
   *
   * @throws VoicepathError DISPOSED
   */
  end(): Promise<void> {
    return this.#enqueue(() => {
      this.#fill = 0;
      this.detector.end();
      if (!this.disposed) this.#model.reset();
    });
  }

  /** Forgets everything heard so far, without events. @throws VoicepathError DISPOSED */
  reset(): Promise<void> {
    return this.#enqueue(() => {
      this.#forget();
      this.#model.reset();
    });
  }

  /** Runs after everything asked before, whether that succeeded or not. */
  #enqueue(operation: () => Promise<void> | void): Promise<void> {
    if (this.disposed)
      return Promise.reject(new VoicepathError("DISPOSED", "this Vad was disposed"));
    const run = this.#queue.then(() => (this.disposed ? undefined : operation()));
    this.#queue = run.catch(() => {});
    return run;
  }

  async #hear(samples: Float32Array): Promise<void> {
    try {
      for (let at = 0; at < samples.length; ) {
        at += this.#take(samples, at);
        if (this.#fill < VP_VAD_FRAME_SAMPLES) return;
        this.#fill = 0;
        const judged = this.#model.process(this.#frame);
        const probability = typeof judged === "number" ? judged : await judged;
        if (this.disposed) return;
        this.detector.pushJudged(this.#frame, probability);
        // A listener may have disposed of this.
        if (this.disposed) return;
      }
    } catch (error) {
      // Nobody waits for what a model says after the end.
      if (this.disposed) return;
      this.#forget();
      this.#model.reset();
      throw error;
    }
  }

  /** Copies samples into the frame, cleaned as the C side does: no model forgets a NaN. */
  #take(samples: Float32Array, from: number): number {
    const count = Math.min(samples.length - from, VP_VAD_FRAME_SAMPLES - this.#fill);
    for (let i = 0; i < count; i++) {
      const sample = samples[from + i] ?? 0;
      const limited = Math.max(-VP_SAMPLE_LIMIT, Math.min(VP_SAMPLE_LIMIT, sample));
      this.#frame[this.#fill + i] = Number.isFinite(sample) ? limited : 0;
    }
    this.#fill += count;
    return count;
  }

  #forget(): void {
    this.#fill = 0;
    this.detector.reset();
    this.forget();
  }
}
