/** A node that hears speech: on the audio thread where there is one, else on the main thread. */
import { audioWasmURL } from "../assets.js";
import { VoicepathError } from "../errors.js";
import { VadModel } from "../model.js";
import { compile } from "../wasm.js";
import { MicNode } from "../worklet/mic-node.js";
import { type CompleteOptions, speechOptions } from "./real-time-options.js";
import { ScriptMicNode } from "./script-mic-node.js";

export type SpeechInput = MicNode | ScriptMicNode;

/** The files, loaded once for any number of inputs. */
export interface SpeechFiles {
  readonly model: VadModel;
  readonly module: WebAssembly.Module;
}

/** @throws VoicepathError ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD */
export async function loadSpeechFiles(options: CompleteOptions): Promise<SpeechFiles> {
  const { assets = {}, precision = "f16", signal } = options;
  const [model, module] = await Promise.all([
    VadModel.load({
      version: options.model,
      precision,
      ...(assets.model === undefined ? {} : { source: assets.model }),
      ...(signal && { signal }),
    }),
    compile(assets.wasm ?? audioWasmURL(), "audio.wasm", signal),
  ]);
  return { model, module };
}

/**
 * @param onFailure - told when the audio thread fails later
 * @throws VoicepathError CONTEXT_UNUSABLE, WORKLET_FAILED, MODEL_MISMATCH, VP_E_*
 */
export async function createSpeechInput(
  context: AudioContext,
  options: CompleteOptions,
  { model, module }: SpeechFiles,
  onFailure: (error: VoicepathError) => void,
): Promise<SpeechInput> {
  if (context.state === "closed")
    throw new VoicepathError("CONTEXT_UNUSABLE", "the AudioContext is closed");
  const detector = { ...speechOptions(options), model };
  const { assets, processorType, workletOptions } = options;
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
