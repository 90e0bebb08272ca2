import type { DetectorOptions } from "../detector.js";
import { Mic } from "../mic.js";
import type { SpeechEmitter } from "../speech-events.js";
import type { EndpointOptions } from "../speech-options.js";
import { AudioModule } from "../wasm.js";

/** Samples of a block; vad-web's choice. */
const BLOCK_SAMPLES = 4096;

/**
 * MicNode's counterpart on the main thread, by a ScriptProcessorNode. Only for pages that ask for it:
 * a busy page loses audio here.
 */
export class ScriptMicNode {
  readonly node: ScriptProcessorNode;
  readonly #mic: Mic;
  #active = false;

  private constructor(node: ScriptProcessorNode, mic: Mic) {
    this.node = node;
    this.#mic = mic;
    node.onaudioprocess = ({ inputBuffer, outputBuffer }) => {
      outputBuffer.getChannelData(0).fill(0);
      if (this.#active) mic.push(inputBuffer.getChannelData(0));
    };
    // Unconnected script processors are not run.
    node.connect(node.context.destination);
  }

  /** @throws VoicepathError OPTION, MODEL_MISMATCH, VP_E_* */
  static create(
    context: AudioContext,
    module: WebAssembly.Module,
    options: DetectorOptions,
  ): ScriptMicNode {
    const mic = Mic.create(new AudioModule(module), { ...options, rateHz: context.sampleRate });
    return new ScriptMicNode(context.createScriptProcessor(BLOCK_SAMPLES, 1, 1), mic);
  }

  on: SpeechEmitter["on"] = (type, listener, options) => this.#mic.on(type, listener, options);

  get disposed(): boolean {
    return this.#mic.disposed;
  }

  listen(active: boolean): void {
    this.#active = active;
  }

  async end(): Promise<void> {
    this.#mic.end();
  }

  async reset(): Promise<void> {
    this.#mic.reset();
  }

  /** Hears 16 kHz audio beside the graph, while listening. */
  async push(samples: Float32Array): Promise<void> {
    if (this.#active) this.#mic.pushResampled(samples);
  }

  setOptions(update: EndpointOptions): void {
    this.#mic.setOptions(update);
  }

  dispose(): void {
    this.#active = false;
    this.node.onaudioprocess = null;
    this.node.disconnect();
    this.#mic.dispose();
  }
}
