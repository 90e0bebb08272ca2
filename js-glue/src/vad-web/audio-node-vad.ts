import { endpointOptions } from "../speech-options.js";
import { type FrameProcessorUpdate, mergeFrameOptions } from "./frame-options.js";
import type { FrameProcessorEvent } from "./message.js";
import type { VadWebModel } from "./models.js";
import { completeOptions, type RealTimeVADOptions, wantsFrames } from "./real-time-options.js";
import { callBack, forwardFrames, forwardParts, forwardSpeech } from "./speech-callbacks.js";
import { createSpeechInput, loadSpeechFiles, type SpeechInput } from "./speech-input.js";

/**
 * The speech in an application's own audio graph, with the interface of vad-web 0.0.24. It opens no
 * microphone and never closes the context.
 *
 * ```ts
 * const vad = await AudioNodeVAD.new(context, { onSpeechEnd: (audio) => transcribe(audio) });
 * vad.receive(source);
 * vad.start();
 * ```
 */
export class AudioNodeVAD {
  readonly ctx: AudioContext;
  /** With all defaults filled in. Callbacks may be replaced. */
  options: RealTimeVADOptions;
  readonly #input: SpeechInput;
  readonly #modelName: VadWebModel;
  #listening = false;

  private constructor(ctx: AudioContext, options: RealTimeVADOptions, input: SpeechInput) {
    this.ctx = ctx;
    this.options = options;
    this.#input = input;
    this.#modelName = options.model;
    const handle = (event: FrameProcessorEvent): void => this.handleFrameProcessorEvent(event);
    forwardSpeech(input, handle);
    if (wantsFrames(options)) forwardFrames(input, handle);
    if (options.onVoiceChange)
      input.on("voice", ({ active }) => this.options.onVoiceChange?.(active));
    if (options.onSpeechPart) forwardParts(input, (audio) => this.options.onSpeechPart?.(audio));
    options.signal?.addEventListener("abort", this.destroy, { once: true });
  }

  /**
   * Loads the files and makes the node; it does not listen yet.
   *
   * @throws VoicepathError OPTION, CONTEXT_UNUSABLE, WORKLET_FAILED, MODEL_MISMATCH, ASSET_*, WASM_*,
   *   VP_E_*, with legacy ORT_*; the signal's reason when aborted
   */
  static async new(
    ctx: AudioContext,
    options: Partial<RealTimeVADOptions> = {},
  ): Promise<AudioNodeVAD> {
    const complete = completeOptions(options);
    const files = await loadSpeechFiles(complete);
    const input = await createSpeechInput(ctx, complete, files, (error) => {
      if (complete.onError) complete.onError(error);
      else throw error;
    });
    if (complete.signal?.aborted) input.dispose();
    complete.signal?.throwIfAborted();
    return new AudioNodeVAD(ctx, complete, input);
  }

  /** Listens to a node of the same context. */
  receive = (node: AudioNode): void => {
    node.connect(this.#input.node);
  };

  /** @throws VoicepathError DISPOSED after `destroy` */
  start = (): void => {
    this.#input.listen(true);
    this.#listening = true;
  };

  /** Stops listening; a segment under way ends or is forgotten, as `submitUserSpeechOnPause` says. */
  pause = async (): Promise<void> => {
    if (!this.#listening) return;
    this.#listening = false;
    this.#input.listen(false);
    await (this.options.submitUserSpeechOnPause ? this.#input.end() : this.#input.reset());
  };

  /** Takes the node out of the graph. Harmless when repeated. */
  destroy = (): void => {
    this.#listening = false;
    this.options.signal?.removeEventListener("abort", this.destroy);
    this.#input.dispose();
  };

  /** Judges 16 kHz samples as if the node had heard them; does nothing unless listening. */
  processFrame = async (frame: Float32Array): Promise<void> => {
    if (this.#listening) await this.#input.push(frame);
  };

  /** Calls the callback that belongs to an event; every event passes here. */
  handleFrameProcessorEvent = (event: FrameProcessorEvent): void => {
    callBack(this.options, event);
  };

  /** Changes thresholds and timings. @throws VoicepathError OPTION; nothing is changed then */
  setFrameProcessorOptions = (update: FrameProcessorUpdate): void => {
    const next = mergeFrameOptions(this.options, update, this.#modelName);
    this.#input.setOptions(endpointOptions(next));
    Object.assign(this.options, next);
  };
}
