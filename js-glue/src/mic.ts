import { type DetectorOptions, requireRateHz, SpeechDetector } from "./detector.js";
import { requireSamples } from "./errors.js";
import type { AudioModule } from "./wasm.js";

export interface MicOptions extends DetectorOptions {
  /** Sample rate of what is pushed, an integer from 8000 to 192000. */
  readonly rateHz: number;
}

/**
 * Speech events from mono audio at any rate: a resampler in front of a VAD. For plain code in Node,
 * Workers and pages; a live microphone is better served by `MicNode` or `MicVAD`.
 */
export class Mic extends SpeechDetector {
  private constructor(audio: AudioModule, options: MicOptions) {
    super(audio, "Mic", requireRateHz("rateHz", options.rateHz), options);
  }

  /** @throws VoicepathError OPTION, MODEL_MISMATCH, VP_E_WEIGHTS_*, VP_E_MEMORY */
  static create(audio: AudioModule, options: MicOptions): Mic {
    return new Mic(audio, options);
  }

  /**
   * Hears samples that are at 16 kHz already, beside what is pushed.
   *
   * @throws VoicepathError OPTION when `samples` is no Float32Array, DISPOSED
   */
  pushResampled(samples: Float32Array): void {
    this.detector.pushResampled(requireSamples("samples", samples));
  }
}
