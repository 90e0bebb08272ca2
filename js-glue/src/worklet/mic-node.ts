import { audioWasmURL, micProcessorURL } from "../assets.js";
import { reportUncaught } from "../emitter.js";
import { requireSamples, VoicepathError } from "../errors.js";
import type { VadModel } from "../model.js";
import {
  isReported,
  NOTHING_REPORTED,
  SpeechEmitter,
  type SpeechEvents,
} from "../speech-events.js";
import {
  changedConfig,
  type DetectorConfig,
  detectorConfig,
  type EndpointOptions,
  type SpeechOptions,
} from "../speech-options.js";
import { compile, type WasmSource } from "../wasm.js";
import {
  MIC_PROCESSOR,
  type MicCommand,
  type MicMessage,
  type MicProcessorOptions,
} from "./mic-protocol.js";
import { closeNode, failure, loadProcessor, openNode, requireContext } from "./processor-node.js";

export interface MicNodeOptions extends SpeechOptions {
  /** `null`: frames are only reported, with the probability 0, to be judged by who listens. */
  readonly model: VadModel | null;
  /** Where audio.wasm is, when not beside the package. */
  readonly wasm?: WasmSource;
  /** Where mic-processor.js is, when not beside the package. */
  readonly worklet?: URL | string;
  /** For the AudioWorkletNode; `numberOfInputs`, `numberOfOutputs` and `processorOptions` are ours. */
  readonly workletOptions?: AudioWorkletNodeOptions;
  /** Disposes of the node when aborted. */
  readonly signal?: AbortSignal;
  /**
   * Told when the audio thread fails after creation; the node is disposed of by then. Without it the
   * error is thrown where nobody can catch it.
   */
  readonly onError?: (error: VoicepathError) => void;
}

/**
 * Speech events from a Web Audio graph. The whole path, resampler and model included, runs on the
 * audio thread; the main thread hears of events only.
 *
 * ```ts
 * const mic = await MicNode.create(context, { model: await VadModel.load() });
 * context.createMediaStreamSource(stream).connect(mic.node);
 * mic.on("speechend", ({ audio }) => transcribe(audio));
 * mic.listen(true);
 * ```
 */
export class MicNode extends SpeechEmitter implements Disposable {
  /** The node to connect sources to. Inputs are mixed down to mono. */
  readonly node: AudioWorkletNode;
  #options: SpeechOptions;
  /** As created; what is sent later is checked against it. */
  readonly #config: DetectorConfig;
  readonly #onError: ((error: VoicepathError) => void) | undefined;
  #disposed = false;
  #nextRequest = 1;
  readonly #requests = new Map<number, () => void>();

  private constructor(node: AudioWorkletNode, options: MicNodeOptions, config: DetectorConfig) {
    super(config.cutSegments);
    this.node = node;
    this.#options = { ...options };
    this.#config = config;
    this.#onError = options.onError;
    node.port.onmessage = ({ data }: MessageEvent<MicMessage>) => this.#hear(data);
    node.onprocessorerror = () =>
      this.#fail(new VoicepathError("WORKLET_FAILED", "the processor threw on the audio thread"));
  }

  /**
   * @throws VoicepathError OPTION, CONTEXT_UNUSABLE, WORKLET_FAILED, ASSET_MISSING, ASSET_HTML,
   *   WASM_*, MODEL_MISMATCH, VP_E_*; the signal's reason when aborted
   */
  static async create(context: BaseAudioContext, options: MicNodeOptions): Promise<MicNode> {
    const { model, signal, workletOptions } = options;
    requireContext(context);
    const config = detectorConfig(options, NOTHING_REPORTED);
    const [module] = await Promise.all([
      compile(options.wasm ?? audioWasmURL(), "audio.wasm", signal),
      loadProcessor(context, MIC_PROCESSOR, options.worklet ?? micProcessorURL()),
    ]);
    signal?.throwIfAborted();
    const processorOptions: MicProcessorOptions = {
      module,
      model: model && { version: model.version, bytes: model.bytes },
      config,
    };
    const node = await openNode(context, MIC_PROCESSOR, {
      channelCount: 1,
      channelCountMode: "explicit",
      channelInterpretation: "speakers",
      ...workletOptions,
      numberOfInputs: 1,
      numberOfOutputs: 0,
      processorOptions: { ...workletOptions?.processorOptions, ...processorOptions },
    });
    const mic = new MicNode(node, options, config);
    if (signal?.aborted) mic.dispose();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", () => mic.dispose(), { once: true });
    return mic;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Whether arriving audio is heard. A new node does not listen yet. */
  listen(active: boolean): void {
    this.#command({ type: "listen", active });
  }

  /** Ends the stream: a segment under way gives its event before the promise resolves. */
  end(): Promise<void> {
    return this.#request((request) => ({ type: "end", request }));
  }

  /** Forgets everything heard, without events. */
  async reset(): Promise<void> {
    await this.#request((request) => ({ type: "reset", request }));
    this.forget();
  }

  /** Feeds 16 kHz audio beside the graph, while listening; resolves after its events. */
  push(samples: Float32Array): Promise<void> {
    const copy = requireSamples("samples", samples).slice();
    return this.#request((request) => ({ type: "push", request, samples: copy }));
  }

  /** @throws VoicepathError OPTION; nothing is changed then */
  setOptions(update: EndpointOptions): void {
    const next = { ...this.#options, ...update };
    this.#configure(next);
    this.#options = next;
  }

  /** Ends the processor and disconnects the node. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#command({ type: "stop" });
    this.#disposed = true;
    closeNode(this.node);
    for (const resolve of this.#requests.values()) resolve();
    this.#requests.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** @internal */
  protected override listenersChanged(type: keyof SpeechEvents): void {
    if (isReported(type) && !this.#disposed) this.#configure(this.#options);
  }

  #configure(options: SpeechOptions): void {
    const config = changedConfig(this.#config, options, this.reports);
    this.#command({ type: "configure", config });
  }

  #command(command: MicCommand): void {
    if (this.#disposed) throw new VoicepathError("DISPOSED", "this MicNode was disposed");
    this.node.port.postMessage(command);
  }

  #request(make: (request: number) => MicCommand): Promise<void> {
    return new Promise((resolve) => {
      const request = this.#nextRequest++;
      this.#command(make(request));
      this.#requests.set(request, resolve);
    });
  }

  #hear(message: MicMessage): void {
    switch (message.type) {
      case "event":
        this.receive(message.event);
        break;
      case "done":
        this.#requests.get(message.request)?.();
        this.#requests.delete(message.request);
        break;
      case "failed":
        this.#fail(failure(message));
        break;
    }
  }

  #fail(error: VoicepathError): void {
    if (this.#disposed) return;
    this.dispose();
    if (this.#onError) this.#onError(error);
    else reportUncaught(error);
  }
}
