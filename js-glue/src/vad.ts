import { type DetectorOptions, SpeechDetector } from "./detector.js";
import { optionError } from "./errors.js";
import { JudgedVad, type JudgedVadOptions } from "./judged-vad.js";
import type { AudioModule } from "./wasm.js";

export interface VadOptions extends DetectorOptions {
  /** "native", the default, is the C engine of this package. */
  readonly engine?: "native";
}

/**
 * Speech events from 16 kHz mono audio.
 *
 * ```ts
 * const vad = Vad.create(await loadAudio(), { model: await VadModel.load() });
 * vad.on("speechend", ({ audio, startMs, endMs }) => transcribe(audio));
 * vad.push(samples); // any length, at 16 kHz
 * vad.end();
 * vad.dispose();
 * ```
 */
export class Vad extends SpeechDetector {
  private constructor(audio: AudioModule, options: VadOptions) {
    super(audio, "Vad", undefined, options);
  }

  /** @throws VoicepathError OPTION, MODEL_MISMATCH, VP_E_WEIGHTS_*, VP_E_MEMORY */
  static create(audio: AudioModule, options: VadOptions): Vad;
  /**
   * With a model of one's own, on ONNX Runtime or wherever; `push` and `end` are promises then.
   *
   * @throws VoicepathError OPTION, VP_E_MEMORY
   */
  static create(audio: AudioModule, options: JudgedVadOptions): JudgedVad;
  static create(audio: AudioModule, options: VadOptions | JudgedVadOptions): Vad | JudgedVad {
    const { engine = "native" } = options;
    if (engine !== "native" && engine !== "ort")
      throw optionError("engine", engine, '"native" or "ort"');
    return options.engine === "ort" ? JudgedVad.create(audio, options) : new Vad(audio, options);
  }
}
