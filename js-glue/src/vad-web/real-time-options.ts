/** The options of MicVAD and AudioNodeVAD: vad-web's, with their defaults, and a few of our own. */

import type { ModelPrecision } from "../assets.js";
import { definedOnly } from "../defined-only.js";
import { optionError, requireBoolean, requireFunction, VoicepathError } from "../errors.js";
import { NOTHING_REPORTED } from "../speech-events.js";
import { detectorConfig, endpointOptions, type SpeechOptions } from "../speech-options.js";
import type { ByteSource, WasmSource } from "../wasm.js";
import {
  DEFAULT_FRAME_PROCESSOR_OPTIONS,
  type FrameCountOptions,
  type FrameProcessorOptions,
  mergeFrameOptions,
} from "./frame-options.js";
import type { SpeechProbabilities } from "./message.js";
import { DEFAULT_MODEL, requireModel, type VadWebModel } from "./models.js";

export interface RealTimeVADCallbacks {
  /**
   * A frame of 512 samples at 16 kHz (legacy: 1536) was judged. Except with legacy, frames cross from the
   * audio thread only when this is given.
   */
  onFrameProcessed: (
    probabilities: SpeechProbabilities,
    frame: Float32Array,
  ) => Promise<void> | void;
  /** The speech that had started was shorter than `minSpeechMs`. */
  onVADMisfire: () => Promise<void> | void;
  /** Perhaps speech; a misfire may follow. */
  onSpeechStart: () => Promise<void> | void;
  /**
   * Speech ended: mono samples at 16 kHz, full scale -1 to 1, beyond which the peaks of resampled
   * audio may reach a little.
   */
  onSpeechEnd: (audio: Float32Array) => Promise<void> | void;
  /** The speech has reached `minSpeechMs` and will not be a misfire. */
  onSpeechRealStart: () => Promise<void> | void;
}

/** Callbacks that vad-web does not have. */
export interface MicVADCallbacks {
  /**
   * Listening ended by itself: the device disappeared (MICROPHONE), the AudioContext was closed
   * (CONTEXT_UNUSABLE), the audio thread failed, or with legacy ONNX Runtime did (ORT_*). Everything was released; `start()` may be tried
   * again.
   */
  onError?: ((error: VoicepathError) => void) | undefined;
  /** The probability rose above `voiceThreshold`, or fell back. */
  onVoiceChange?: ((active: boolean) => void) | undefined;
  /**
   * Speech while it is spoken, in the format of `onSpeechEnd`: after `onSpeechRealStart` everything so
   * far with the pad before it, then further parts of `partMs`, and the rest just before `onSpeechEnd`,
   * which is given the whole as ever. Never called for what becomes a misfire. Parts are made, and
   * cross from the audio thread, only when this is given.
   */
  onSpeechPart?: ((audio: Float32Array) => void) | undefined;
}

/** Where the files are, when not beside the package; `inlineAssets()` fits here. */
export interface VadAssets {
  /** audio.wasm. */
  readonly wasm?: WasmSource | undefined;
  /** mic-processor.js. */
  readonly worklet?: URL | string | undefined;
  /** Weights of the model asked for: .vpw, or .onnx with legacy. */
  readonly model?: ByteSource | undefined;
}

/** As much of onnxruntime-web as option types mention. */
export interface OrtModule {
  env: {
    logLevel?: unknown;
    wasm: { wasmPaths?: unknown; numThreads?: unknown; [setting: string]: unknown };
    [setting: string]: unknown;
  };
  [name: string]: unknown;
}

/** Options of the model "legacy" alone, which runs on onnxruntime-web; ignored with v5 and v6. */
export interface LegacyOptions {
  /**
   * The folder of silero_vad_legacy.onnx. The default, "./", stands for the package's own copy;
   * `assets.model` goes first.
   */
  baseAssetPath: string;
  /** The folder of onnxruntime-web's files. The default, "./", leaves that to onnxruntime-web. */
  onnxWASMBasePath: string;
  /** Called with onnxruntime-web before it is used. */
  ortConfig?(ort: OrtModule): void;
}

/** Constraints that vad-web 0.0.24 left to the application. */
export type AudioConstraints = Omit<
  MediaTrackConstraints,
  "channelCount" | "echoCancellation" | "autoGainControl" | "noiseSuppression"
>;

/** What of vad-web 0.0.24's options has other names since. */
export interface Vad0024Options extends FrameCountOptions {
  /**
   * Listens to this stream instead of `getStream`'s, and leaves its tracks alone: whoever made it
   * stops it.
   */
  stream?: MediaStream | undefined;
  /** Added to the constraints of the default `getStream` and `resumeStream`. */
  additionalAudioConstraints?: AudioConstraints | undefined;
}

export interface RealTimeVADOptions
  extends FrameProcessorOptions,
    RealTimeVADCallbacks,
    MicVADCallbacks,
    LegacyOptions,
    Vad0024Options {
  /**
   * Silero VAD's generation. Default "v6". "legacy" is Silero 4 in frames of 96 ms; it needs
   * onnxruntime-web installed, and runs on the main thread.
   */
  model: VadWebModel;
  /** `f16` (default) is half the download, and differs by at most .003 in probability. */
  precision?: ModelPrecision | undefined;
  assets?: VadAssets | undefined;
  /** For the AudioWorkletNode. */
  workletOptions: AudioWorkletNodeOptions;
  /** Used, resumed when suspended, and never closed. By default an own one is made and closed. */
  audioContext?: AudioContext | undefined;
  /** Opens the microphone. Default: mono, with echo cancellation, gain control and noise suppression. */
  getStream: () => Promise<MediaStream>;
  /** Releases the microphone at a pause and at the end. Default: stops all tracks. */
  pauseStream: (stream: MediaStream) => Promise<void>;
  /** Opens the microphone after a pause; given the stream that was paused. Default: as `getStream`. */
  resumeStream: (stream: MediaStream) => Promise<MediaStream>;
  /** Whether `MicVAD.new` starts listening. Default true. */
  startOnLoad: boolean;
  /** "auto" (default) is the audio thread wherever there is one. */
  processorType: "AudioWorklet" | "ScriptProcessor" | "auto";
  /** `onVoiceChange` compares with this probability, 0 to 1. Default .6. */
  voiceThreshold?: number | undefined;
  /** Length of what `onSpeechPart` is given, 96 to 2000 ms. Default 256. */
  partMs?: number | undefined;
  /** Hands long speech out in pieces of at most this length, each by `onSpeechEnd`. In ms, to 600000. */
  maxSegmentMs?: number | undefined;
  /** Destroys the VAD when aborted, also while `new` or `start` is under way. */
  signal?: AbortSignal | undefined;
}

/** Options with every default filled in and frame counts turned into milliseconds. */
export type CompleteOptions = RealTimeVADOptions;

const DEFAULT_FOLDER = "./";

/** An asset folder that the application named; `undefined` for the default. */
export function givenFolder(path: string | undefined): string | undefined {
  return path === DEFAULT_FOLDER ? undefined : path;
}

const ignore = (): void => {};

async function openMicrophone(constraints?: AudioConstraints): Promise<MediaStream> {
  // Absent outside https and localhost, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices)
    throw new VoicepathError(
      "MICROPHONE",
      "this page has no access to microphones; it needs https or localhost",
    );
  return devices.getUserMedia({
    audio: {
      ...constraints,
      channelCount: 1,
      echoCancellation: true,
      autoGainControl: true,
      noiseSuppression: true,
    },
  });
}

/** Stops every track. */
export function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/**
 * vad-web's defaults.
 *
 * @throws VoicepathError OPTION for an unknown model
 */
export const getDefaultRealTimeVADOptions = (model: VadWebModel): RealTimeVADOptions => ({
  ...DEFAULT_FRAME_PROCESSOR_OPTIONS,
  onFrameProcessed: ignore,
  onVADMisfire: ignore,
  onSpeechStart: ignore,
  onSpeechEnd: ignore,
  onSpeechRealStart: ignore,
  baseAssetPath: DEFAULT_FOLDER,
  onnxWASMBasePath: DEFAULT_FOLDER,
  model: requireModel(model),
  workletOptions: {},
  getStream: () => openMicrophone(),
  pauseStream: async (stream) => stopTracks(stream),
  resumeStream: () => openMicrophone(),
  startOnLoad: true,
  processorType: "auto",
});

/** Whether frames are wanted: the default callback does nothing, and costs nothing. */
export function wantsFrames(options: RealTimeVADCallbacks): boolean {
  return options.onFrameProcessed !== ignore;
}

const REQUIRED_FUNCTIONS = [
  "onFrameProcessed",
  "onVADMisfire",
  "onSpeechStart",
  "onSpeechEnd",
  "onSpeechRealStart",
  "getStream",
  "pauseStream",
  "resumeStream",
] as const;
const OPTIONAL_FUNCTIONS = ["onError", "onVoiceChange", "onSpeechPart", "ortConfig"] as const;

/** @throws VoicepathError OPTION */
export function requireFunctions(options: RealTimeVADOptions): void {
  for (const name of REQUIRED_FUNCTIONS) requireFunction(name, options[name]);
  for (const name of OPTIONAL_FUNCTIONS)
    if (options[name] !== undefined) requireFunction(name, options[name]);
}

function requireOneOf(option: string, value: unknown, allowed: readonly string[]): void {
  if (typeof value === "string" && allowed.includes(value)) return;
  throw optionError(option, value, allowed.map((one) => JSON.stringify(one)).join(" or "));
}

/** How 0.0.24 handled an application's own stream: it is never stopped. */
function borrowedStream(
  stream: MediaStream,
): Pick<RealTimeVADOptions, "getStream" | "pauseStream" | "resumeStream"> {
  return {
    getStream: async () => stream,
    pauseStream: async () => {},
    resumeStream: async () => stream,
  };
}

/** @throws VoicepathError OPTION, naming the option, its value and its range */
export function completeOptions(given: Partial<RealTimeVADOptions>): CompleteOptions {
  const options = definedOnly(given);
  const defaults = getDefaultRealTimeVADOptions(options.model ?? DEFAULT_MODEL);
  const { additionalAudioConstraints: constraints, stream } = options;
  if (constraints) {
    defaults.getStream = () => openMicrophone(constraints);
    defaults.resumeStream = () => openMicrophone(constraints);
  }
  const {
    redemptionFrames: _redemption,
    preSpeechPadFrames: _pad,
    minSpeechFrames: _minimum,
    frameSamples: _samples,
    ...rest
  } = options;
  const complete: CompleteOptions = {
    ...defaults,
    ...rest,
    ...(stream && borrowedStream(stream)),
    ...mergeFrameOptions({ ...DEFAULT_FRAME_PROCESSOR_OPTIONS }, options, defaults.model),
  };
  requireFunctions(complete);
  requireBoolean("startOnLoad", complete.startOnLoad);
  requireOneOf("processorType", complete.processorType, [
    "auto",
    "AudioWorklet",
    "ScriptProcessor",
  ]);
  if (complete.precision !== undefined)
    requireOneOf("precision", complete.precision, ["f16", "f32"]);
  requireSpeechOptions(complete);
  return complete;
}

/** Checks what depends on several options. @throws VoicepathError OPTION */
export function requireSpeechOptions(options: RealTimeVADOptions): void {
  detectorConfig(speechOptions(options), NOTHING_REPORTED);
}

/** What the detector takes. */
export function speechOptions(options: RealTimeVADOptions): SpeechOptions {
  const { maxSegmentMs } = options;
  return { ...endpointOptions(options), ...definedOnly({ maxSegmentMs }) };
}
