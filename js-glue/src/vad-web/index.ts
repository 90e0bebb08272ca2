/**
 * A drop-in for `@ricky0123/vad-web` 0.0.31, without ONNX Runtime and without files to copy: an alias
 * in the bundler, or the import's new name, is all that changes. 0.0.24's options and `AudioNodeVAD`
 * work too.
 *
 * What differs: the default model is Silero v6; "legacy" is loaded only when asked for, and needs
 * onnxruntime-web installed; wrong options throw instead of being logged; frames are judged on the
 * audio thread.
 *
 * @packageDocumentation
 */
import { audioFileToArray } from "./audio-file.js";
import { arrayBufferToBase64 } from "./base64.js";
import { minFramesForTargetMS } from "./frame-count.js";
import { encodeWAV } from "./wav.js";

export type { ModelPrecision } from "../assets.js";
export { type ErrorCode, VoicepathError } from "../errors.js";
export { AudioNodeVAD } from "./audio-node-vad.js";
export type { FrameCountOptions, FrameProcessorOptions } from "./frame-options.js";
export { FrameProcessor } from "./frame-processor.js";
export { type FrameProcessorEvent, Message, type SpeechProbabilities } from "./message.js";
export { MicVAD, type MicVADUpdate } from "./mic-vad.js";
export { baseAssetPath, defaultModelFetcher } from "./model-fetcher.js";
export { DEFAULT_MODEL, type VadWebModel } from "./models.js";
export {
  NonRealTimeVAD,
  type NonRealTimeVADOptions,
  type NonRealTimeVADSpeechData,
} from "./non-real-time-vad.js";
export {
  type AudioConstraints,
  getDefaultRealTimeVADOptions,
  type MicVADCallbacks,
  type RealTimeVADCallbacks,
  type RealTimeVADOptions,
  type VadAssets,
} from "./real-time-options.js";

/** vad-web's collection of small functions. */
export const utils: {
  audioFileToArray: typeof audioFileToArray;
  minFramesForTargetMS: typeof minFramesForTargetMS;
  arrayBufferToBase64: typeof arrayBufferToBase64;
  encodeWAV: typeof encodeWAV;
} = { audioFileToArray, minFramesForTargetMS, arrayBufferToBase64, encodeWAV };
