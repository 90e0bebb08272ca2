import type { VoicepathError } from "../errors.js";
import { LegacyVad, type LegacyVadOptions, type OwnModel } from "./legacy-vad.js";
import type { SpeechInput } from "./speech-input.js";

/** A MicNode or ScriptMicNode without a model, and the legacy model on the main thread behind it. */
export class LegacyInput extends LegacyVad implements SpeechInput {
  readonly #mic: SpeechInput;

  constructor(
    mic: SpeechInput,
    model: OwnModel,
    options: LegacyVadOptions,
    onFailure: (error: VoicepathError) => void,
  ) {
    super(mic, model, options, onFailure);
    this.#mic = mic;
  }

  get node(): AudioNode {
    return this.#mic.node;
  }

  listen(active: boolean): void {
    this.#mic.listen(active);
  }
}
