/** The models that vad-web names, and the frames each of them reads. */
import { VP_VAD_FRAME_SAMPLES } from "../abi.gen.js";
import { optionError } from "../errors.js";
import { FRAME_MS } from "../speech-events.js";

/** Silero 5.1 and 6.2, which our own engine runs, and 4, which runs on onnxruntime-web. */
export type VadWebModel = "v5" | "v6" | "legacy";

/** The model when none is asked for. vad-web's own default is "legacy". */
export const DEFAULT_MODEL = "v6";

/** @throws VoicepathError OPTION */
export function requireModel(model: unknown): VadWebModel {
  if (model === "v5" || model === "v6" || model === "legacy") return model;
  throw optionError("model", model, '"v5", "v6" or "legacy"');
}

/** Samples of a frame at 16 kHz. */
export function frameSamplesOf(model: VadWebModel): number {
  return model === "legacy" ? 3 * VP_VAD_FRAME_SAMPLES : VP_VAD_FRAME_SAMPLES;
}

/** Milliseconds of audio in a frame. */
export function frameMsOf(model: VadWebModel): number {
  return (frameSamplesOf(model) / VP_VAD_FRAME_SAMPLES) * FRAME_MS;
}
