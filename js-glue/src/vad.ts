import { type DetectorOptions, SpeechDetector } from "./detector.js";
import type { AudioModule } from "./wasm.js";

export type VadOptions = DetectorOptions;

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
  static create(audio: AudioModule, options: VadOptions): Vad {
    return new Vad(audio, options);
  }
}
