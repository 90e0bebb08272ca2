import { audioWasmURL, legacyModelURL, type ModelPrecision, modelURL } from "../assets.js";
import { definedOnly } from "../defined-only.js";
import { type DetectorOptions, requireRateHz } from "../detector.js";
import { requireFunction, requireSamples, VoicepathError } from "../errors.js";
import { Mic } from "../mic.js";
import { VadModel } from "../model.js";
import { SPEECH_RATE_HZ, type SpeechEmitter } from "../speech-events.js";
import { endpointOptions, FRAMES_ONLY } from "../speech-options.js";
import { Vad } from "../vad.js";
import { AudioModule, compile } from "../wasm.js";
import {
  DEFAULT_FRAME_PROCESSOR_OPTIONS,
  type FrameCountOptions,
  type FrameProcessorOptions,
  mergeFrameOptions,
} from "./frame-options.js";
import type { LegacyModel } from "./legacy-model.js";
import { DEFAULT_MODEL, frameSamplesOf, requireModel, type VadWebModel } from "./models.js";
import type { OrtModule, VadAssets } from "./real-time-options.js";

/** A stretch of speech. */
export interface NonRealTimeVADSpeechData {
  /** Mono at 16 kHz, with the pad before the speech and the redemption time after it. */
  audio: Float32Array;
  /** When the first speech frame began, in ms from the beginning. */
  start: number;
  /** When the last frame ended, in ms from the beginning. */
  end: number;
}

export interface NonRealTimeVADOptions extends FrameProcessorOptions, FrameCountOptions {
  /**
   * Silero VAD's generation. Default "v6". "legacy", vad-web's only one here, is Silero 4 in frames of
   * 96 ms; it needs onnxruntime-web installed.
   */
  model?: VadWebModel | undefined;
  /** `f16` (default) is half the download, and differs by at most .003 in probability. */
  precision?: ModelPrecision | undefined;
  /** Where weights of the model asked for are, .vpw or with legacy .onnx, when not beside the package. */
  modelURL: string;
  /** Fetches `modelURL`. */
  modelFetcher: (path: string) => Promise<ArrayBuffer>;
  /** Where the files are, when not beside the package. `modelURL` and `modelFetcher` go first. */
  assets?: Pick<VadAssets, "wasm" | "model"> | undefined;
  /** With legacy: called with onnxruntime-web before it is used. Else ignored. */
  ortConfig?(ort: OrtModule): void;
}

/** What hears one run. */
interface Recording {
  on: SpeechEmitter["on"];
  push(samples: Float32Array): void | Promise<void>;
  end(): void | Promise<void>;
  dispose(): void;
}

/** Samples between two looks for segments: a second or two. */
const BLOCK_SAMPLES = 1 << 15;

type Given = Partial<NonRealTimeVADOptions>;

/** The file that the options name, or undefined for the package's own. */
async function givenModel({ modelURL: url, modelFetcher, assets }: Given, own: URL) {
  if (modelFetcher) return new Uint8Array(await modelFetcher(url ?? own.href));
  return url ?? assets?.model;
}

async function loadModel(options: Given): Promise<VadModel | LegacyModel> {
  const version = requireModel(options.model ?? DEFAULT_MODEL);
  const { precision = "f16", ortConfig } = options;
  if (version === "legacy") {
    const { LegacyModel } = await import("./legacy-model.js");
    const model = await givenModel(options, legacyModelURL());
    return LegacyModel.load({ model, ...(ortConfig && { ortConfig }) });
  }
  const source = await givenModel(options, modelURL(version, precision));
  return VadModel.load({ version, precision, ...(source !== undefined && { source }) });
}

/** Unpacks or opens it once, so that a wrong file is known now. */
async function checkModel(
  audio: AudioModule,
  model: VadModel | LegacyModel,
  url: string | undefined,
): Promise<void> {
  if (!(model instanceof VadModel)) return (await model.open()).dispose();
  try {
    model.acquire(audio);
    model.release(audio);
  } catch (cause) {
    if (!(cause instanceof VoicepathError) || cause.code !== "VP_E_WEIGHTS_FOREIGN") throw cause;
    throw new VoicepathError(
      cause.code,
      `${url ?? "what modelFetcher gave"} is not a weights file of voicepath (.vpw); .onnx files are ` +
        "not read. Leave modelURL and modelFetcher out to use the weights of this package.",
      { option: "modelURL", value: url, range: "a .vpw file", cause },
    );
  }
}

/**
 * The speech in a recording, with vad-web's interface. It runs where it is called; long recordings
 * belong in a Worker.
 *
 * ```ts
 * const vad = await NonRealTimeVAD.new();
 * for await (const { audio, start, end } of vad.run(samples, 44100)) console.log(start, end);
 * ```
 */
export class NonRealTimeVAD {
  /** With the defaults of thresholds and timings filled in. */
  readonly options: FrameProcessorOptions & Partial<NonRealTimeVADOptions>;
  /** Samples of a frame at 16 kHz. */
  readonly frameSamples: number;
  readonly #audio: AudioModule;
  readonly #model: VadModel | LegacyModel;

  private constructor(
    options: NonRealTimeVAD["options"],
    audio: AudioModule,
    model: VadModel | LegacyModel,
  ) {
    this.options = options;
    this.frameSamples = frameSamplesOf(options.model ?? DEFAULT_MODEL);
    this.#audio = audio;
    this.#model = model;
  }

  /**
   * @throws VoicepathError OPTION, MODEL_MISMATCH, ASSET_*, WASM_*, VP_E_WEIGHTS_*: VP_E_WEIGHTS_FOREIGN
   *   for an .onnx file; with legacy ORT_*
   */
  static async new(options: Partial<NonRealTimeVADOptions> = {}): Promise<NonRealTimeVAD> {
    const given: Partial<NonRealTimeVADOptions> = definedOnly(options);
    const model = requireModel(given.model ?? DEFAULT_MODEL);
    const frames = mergeFrameOptions({ ...DEFAULT_FRAME_PROCESSOR_OPTIONS }, given, model);
    if (given.modelFetcher !== undefined) requireFunction("modelFetcher", given.modelFetcher);
    const [weights, module] = await Promise.all([
      loadModel(given),
      compile(given.assets?.wasm ?? audioWasmURL(), "audio.wasm"),
    ]);
    const audio = new AudioModule(module);
    await checkModel(audio, weights, given.modelURL);
    return new NonRealTimeVAD({ ...given, ...frames }, audio, weights);
  }

  /**
   * The speech in a recording, in order; speech that the end cuts off is given too. Runs are
   * independent of each other.
   *
   * @param inputAudio - mono, full scale -1 to 1
   * @param sampleRate - an integer from 8000 to 192000 Hz
   * @throws VoicepathError OPTION, at the first step
   */
  async *run(
    inputAudio: Float32Array,
    sampleRate: number,
  ): AsyncGenerator<NonRealTimeVADSpeechData> {
    requireSamples("inputAudio", inputAudio);
    const rateHz = requireRateHz("sampleRate", sampleRate);
    const recording = await this.#open(rateHz);
    const found: NonRealTimeVADSpeechData[] = [];
    let start = 0;
    recording.on("speechstart", ({ timeMs }) => {
      start = timeMs;
    });
    recording.on("speechend", ({ audio, endMs: end }) => {
      found.push({ audio, start, end });
    });
    try {
      for (let from = 0; from < inputAudio.length; from += BLOCK_SAMPLES) {
        await recording.push(inputAudio.subarray(from, from + BLOCK_SAMPLES));
        yield* found.splice(0);
      }
      await recording.end();
      yield* found.splice(0);
    } finally {
      recording.dispose();
    }
  }

  /** A detector for one run. */
  async #open(rateHz: number): Promise<Recording> {
    const model = this.#model;
    const detector = (options: DetectorOptions): Vad | Mic =>
      rateHz === SPEECH_RATE_HZ
        ? Vad.create(this.#audio, options)
        : Mic.create(this.#audio, { ...options, rateHz });
    if (model instanceof VadModel) return detector({ ...endpointOptions(this.options), model });
    return model.vad(detector({ ...FRAMES_ONLY, model: null }), endpointOptions(this.options));
  }
}
