/**
 * The files of the model "legacy", and what runs it. Imported only when that model is asked for: this
 * module brings everything of voicepath/ort with it.
 */
import { legacyModelURL } from "../assets.js";
import type { VoicepathError } from "../errors.js";
import { loadOrtWeb } from "../ort/onnxruntime-web.js";
import { SileroOnnx, type SileroOnnxOptions } from "../ort/silero-onnx.js";
import { endpointOptions, requireEndpointOptions, type SpeechOptions } from "../speech-options.js";
import { type ByteSource, loadBytes } from "../wasm.js";
import { LegacyInput } from "./legacy-input.js";
import { type FrameSource, LegacyVad, type LegacyVadOptions } from "./legacy-vad.js";
import { frameSamplesOf } from "./models.js";
import { givenFolder, type LegacyOptions, type OrtModule } from "./real-time-options.js";
import type { SpeechInput } from "./speech-input.js";

/** vad-web's name of the file. */
const FILE = "silero_vad_legacy.onnx";

export interface LegacyModelOptions extends Partial<LegacyOptions> {
  /** The .onnx file; goes before `baseAssetPath`. */
  readonly model?: ByteSource | undefined;
  readonly signal?: AbortSignal | undefined;
}

export class LegacyModel {
  readonly #options: SileroOnnxOptions;

  private constructor(options: SileroOnnxOptions) {
    this.#options = options;
  }

  /**
   * Loads the model's bytes and looks for onnxruntime-web; sessions are made by {@link open}.
   *
   * @throws VoicepathError ORT_MISSING, ASSET_MISSING, ASSET_HTML
   */
  static async load(options: LegacyModelOptions): Promise<LegacyModel> {
    const { baseAssetPath, onnxWASMBasePath, ortConfig, signal } = options;
    const folder = givenFolder(baseAssetPath);
    const source = options.model ?? (folder === undefined ? legacyModelURL() : folder + FILE);
    const [bytes, ort] = await Promise.all([
      loadBytes(source, "Silero legacy", signal),
      loadOrtWeb(undefined),
    ]);
    const wasmPaths = givenFolder(onnxWASMBasePath);
    // vad-web sets the folder first, so that ortConfig may set another.
    if (wasmPaths !== undefined) Object.assign(ort.env.wasm, { wasmPaths });
    ortConfig?.(ort as unknown as OrtModule);
    const wasm: { wasmPaths?: SileroOnnxOptions["wasmPaths"]; numThreads?: number } = ort.env.wasm;
    return new LegacyModel({
      model: bytes as Uint8Array<ArrayBuffer>,
      ort,
      frameSamples: frameSamplesOf("legacy"),
      ...(wasm.wasmPaths !== undefined && { wasmPaths: wasm.wasmPaths }),
      ...(ortConfig && wasm.numThreads !== undefined && { numThreads: wasm.numThreads }),
    });
  }

  /** A model for one stream. @throws VoicepathError ORT_*, MODEL_MISMATCH, ASSET_*, WASM_* */
  open(): Promise<SileroOnnx> {
    return SileroOnnx.load(this.#options);
  }

  /** What an AudioContext's node hears; the node is disposed of when it throws, as {@link open} does. */
  async input(
    mic: SpeechInput,
    options: SpeechOptions,
    onFailure: (error: VoicepathError) => void,
  ): Promise<SpeechInput> {
    return new LegacyInput(mic, await this.#openFor(mic), complete(options), onFailure);
  }

  /** What is pushed, likewise. */
  async vad(source: FrameSource, options: SpeechOptions): Promise<LegacyVad> {
    return new LegacyVad(source, await this.#openFor(source), complete(options));
  }

  async #openFor(source: FrameSource): Promise<SileroOnnx> {
    try {
      return await this.open();
    } catch (error) {
      source.dispose();
      throw error;
    }
  }
}

function complete(options: SpeechOptions): LegacyVadOptions {
  return {
    maxSegmentMs: options.maxSegmentMs,
    ...requireEndpointOptions(endpointOptions(options)),
  };
}
