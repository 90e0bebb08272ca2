/**
 * voicepath: real-time voice for the browser. Microphone audio to speech events, and any sample rate
 * to any other, by C compiled to WebAssembly.
 *
 * @packageDocumentation
 */
import { audioWasmURL } from "./assets.js";
import { AudioModule, compile, type WasmSource } from "./wasm.js";

export {
  audioWasmURL,
  type ModelPrecision,
  type ModelVersion,
  micProcessorURL,
  modelURL,
} from "./assets.js";
export type { DetectorOptions, SpeechDetector } from "./detector.js";
export type { Emitter, ListenOptions } from "./emitter.js";
export { type ErrorCode, type ErrorDetails, VoicepathError } from "./errors.js";
export { Mic, type MicOptions } from "./mic.js";
export { type ModelOptions, VadModel } from "./model.js";
export { Resampler, type ResamplerOptions } from "./resampler.js";
export {
  FRAME_MS,
  SPEECH_RATE_HZ,
  type SpeechEmitter,
  type SpeechEvents,
} from "./speech-events.js";
export type { EndpointOptions, SpeechOptions } from "./speech-options.js";
export { Vad, type VadOptions } from "./vad.js";
export { AudioModule, type ByteSource, type WasmSource } from "./wasm.js";
export { MicNode, type MicNodeOptions } from "./worklet/mic-node.js";

export interface LoadOptions {
  /** Where audio.wasm is, when not beside the package. */
  readonly wasm?: WasmSource;
  readonly signal?: AbortSignal;
}

/**
 * Loads the code that everything here runs on.
 *
 * @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, WASM_MISMATCH; the
 *   signal's reason when aborted
 */
export async function loadAudio({
  wasm = audioWasmURL(),
  signal,
}: LoadOptions = {}): Promise<AudioModule> {
  return new AudioModule(await compile(wasm, signal));
}
