import { audioWasmURL, type ModelPrecision, modelURL, requireModelVersion } from "../assets.js";
import { definedOnly } from "../defined-only.js";
import { requireRateHz } from "../detector.js";
import { requireFunction, requireSamples, VoicepathError } from "../errors.js";
import { Mic } from "../mic.js";
import { VadModel } from "../model.js";
import { SPEECH_RATE_HZ, type SpeechEvents } from "../speech-events.js";
import { endpointOptions } from "../speech-options.js";
import { Vad } from "../vad.js";
import { AudioModule, compile, loadBytes } from "../wasm.js";
import {
  DEFAULT_FRAME_PROCESSOR_OPTIONS,
  type FrameCountOptions,
  type FrameProcessorOptions,
  mergeFrameOptions,
} from "./frame-options.js";
import { DEFAULT_MODEL, type OrtModule, type VadAssets } from "./real-time-options.js";

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
  /** Silero VAD's generation. Default "v6"; "legacy" throws MODEL_UNSUPPORTED. */
  model?: "v5" | "v6" | "legacy" | undefined;
  /** `f16` (default) is half the download, and differs by at most .003 in probability. */
  precision?: ModelPrecision | undefined;
  /** Where weights (.vpw) of the model asked for are, when not beside the package. */
  modelURL: string;
  /** Fetches `modelURL`. */
  modelFetcher: (path: string) => Promise<ArrayBuffer>;
  /** Where the files are, when not beside the package. `modelURL` and `modelFetcher` go first. */
  assets?: Pick<VadAssets, "wasm" | "model"> | undefined;
  /** Ignored and never called. */
  ortConfig?(ort: OrtModule): void;
}

/** Samples between two looks for segments: a second or two. */
const BLOCK_SAMPLES = 1 << 15;

async function loadModel(options: Partial<NonRealTimeVADOptions>): Promise<VadModel> {
  const { modelURL: url, modelFetcher, assets, precision = "f16" } = options;
  const version = requireModelVersion(options.model ?? DEFAULT_MODEL);
  if (modelFetcher) {
    const from = url ?? modelURL(version, precision).href;
    return new VadModel(version, new Uint8Array(await modelFetcher(from)));
  }
  if (url !== undefined) return new VadModel(version, await loadBytes(url, "modelURL"));
  return VadModel.load({
    version,
    precision,
    ...(assets?.model === undefined ? {} : { source: assets.model }),
  });
}

/** Unpacks once, so that wrong weights are known now. */
function checkModel(audio: AudioModule, model: VadModel, url: string | undefined): void {
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
  readonly frameSamples = 512;
  readonly #audio: AudioModule;
  readonly #model: VadModel;

  private constructor(options: NonRealTimeVAD["options"], audio: AudioModule, model: VadModel) {
    this.options = options;
    this.#audio = audio;
    this.#model = model;
  }

  /**
   * @throws VoicepathError OPTION, MODEL_UNSUPPORTED, MODEL_MISMATCH, ASSET_*, WASM_*, VP_E_WEIGHTS_*:
   *   VP_E_WEIGHTS_FOREIGN for an .onnx file
   */
  static async new(options: Partial<NonRealTimeVADOptions> = {}): Promise<NonRealTimeVAD> {
    const given: Partial<NonRealTimeVADOptions> = definedOnly(options);
    const frames = mergeFrameOptions({ ...DEFAULT_FRAME_PROCESSOR_OPTIONS }, given);
    if (given.modelFetcher !== undefined) requireFunction("modelFetcher", given.modelFetcher);
    const [model, module] = await Promise.all([
      loadModel(given),
      compile(given.assets?.wasm ?? audioWasmURL(), "audio.wasm"),
    ]);
    const audio = new AudioModule(module);
    checkModel(audio, model, given.modelURL);
    return new NonRealTimeVAD({ ...given, ...frames }, audio, model);
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
    const options = { ...endpointOptions(this.options), model: this.#model };
    const vad =
      rateHz === SPEECH_RATE_HZ
        ? Vad.create(this.#audio, options)
        : Mic.create(this.#audio, { ...options, rateHz });
    const found: NonRealTimeVADSpeechData[] = [];
    let start = 0;
    vad.on("speechstart", ({ timeMs }) => {
      start = timeMs;
    });
    vad.on("speechend", ({ audio, endMs: end }: SpeechEvents["speechend"]) => {
      found.push({ audio, start, end });
    });
    try {
      for (let from = 0; from < inputAudio.length; from += BLOCK_SAMPLES) {
        vad.push(inputAudio.subarray(from, from + BLOCK_SAMPLES));
        yield* found.splice(0);
      }
      vad.end();
      yield* found.splice(0);
    } finally {
      vad.dispose();
    }
  }
}
