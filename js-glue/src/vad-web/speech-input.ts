/** A node that hears speech: on the audio thread where there is one, else on the main thread. */
import { audioWasmURL } from "../assets.js";
import type { DetectorOptions } from "../detector.js";
import { VoicepathError } from "../errors.js";
import { VadModel } from "../model.js";
import type { SpeechEmitter } from "../speech-events.js";
import { type EndpointOptions, FRAMES_ONLY } from "../speech-options.js";
import { compile } from "../wasm.js";
import { MicNode } from "../worklet/mic-node.js";
import type { LegacyModel } from "./legacy-model.js";
import { type CompleteOptions, speechOptions } from "./real-time-options.js";
import { ScriptMicNode } from "./script-mic-node.js";

export interface SpeechInput {
  /** Sources connect to it. */
  readonly node: AudioNode;
  readonly disposed: boolean;
  on: SpeechEmitter["on"];
  /** Whether arriving audio is heard. */
  listen(active: boolean): void;
  /** Ends the stream, with its events. */
  end(): Promise<void>;
  /** Forgets everything heard, without events. */
  reset(): Promise<void>;
  /** Hears 16 kHz audio beside the graph, while listening. */
  push(samples: Float32Array): Promise<void>;
  /** @throws VoicepathError OPTION; nothing is changed then */
  setOptions(update: EndpointOptions): void;
  dispose(): void;
}

/** The files, loaded once for any number of inputs. */
export interface SpeechFiles {
  readonly model: VadModel | LegacyModel;
  readonly module: WebAssembly.Module;
}

async function loadModel(options: CompleteOptions): Promise<VadModel | LegacyModel> {
  const { model, assets = {}, precision = "f16", signal } = options;
  if (model === "legacy") {
    const { LegacyModel } = await import("./legacy-model.js");
    return LegacyModel.load({ ...options, model: assets.model });
  }
  return VadModel.load({
    version: model,
    precision,
    ...(assets.model === undefined ? {} : { source: assets.model }),
    ...(signal && { signal }),
  });
}

/** @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD; ORT_MISSING */
export async function loadSpeechFiles(options: CompleteOptions): Promise<SpeechFiles> {
  const { assets, signal } = options;
  const [model, module] = await Promise.all([
    loadModel(options),
    compile(assets?.wasm ?? audioWasmURL(), "audio.wasm", signal),
  ]);
  return { model, module };
}

/**
 * @param onFailure - told when the audio thread or the legacy model fails later
 * @throws VoicepathError CONTEXT_UNUSABLE, WORKLET_FAILED, MODEL_MISMATCH, VP_E_*, ORT_*
 */
export async function createSpeechInput(
  context: AudioContext,
  options: CompleteOptions,
  { model, module }: SpeechFiles,
  onFailure: (error: VoicepathError) => void,
): Promise<SpeechInput> {
  if (context.state === "closed")
    throw new VoicepathError("CONTEXT_UNUSABLE", "the AudioContext is closed");
  if (model instanceof VadModel)
    return createMic(context, options, module, { ...speechOptions(options), model }, onFailure);
  const frames = { ...FRAMES_ONLY, model: null };
  const mic = await createMic(context, options, module, frames, onFailure);
  return model.input(mic, speechOptions(options), onFailure);
}

async function createMic(
  context: AudioContext,
  { assets, processorType, workletOptions }: CompleteOptions,
  module: WebAssembly.Module,
  detector: DetectorOptions,
  onFailure: (error: VoicepathError) => void,
): Promise<SpeechInput> {
  const hasWorklet = "audioWorklet" in context && typeof AudioWorkletNode === "function";
  if (processorType === "ScriptProcessor" || (processorType === "auto" && !hasWorklet))
    return ScriptMicNode.create(context, module, detector);
  return MicNode.create(context, {
    ...detector,
    wasm: module,
    ...(assets?.worklet === undefined ? {} : { worklet: assets.worklet }),
    workletOptions,
    onError: onFailure,
  });
}
