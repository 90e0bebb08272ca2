/** When speech starts and ends, in vad-web's words: milliseconds now, frame counts up to 0.0.24. */
import { VP_VAD_FRAMES_MAX } from "../abi.gen.js";
import { definedOnly } from "../defined-only.js";
import { optionError, requireBoolean, requireInteger, VoicepathError } from "../errors.js";
import { FRAME_MS } from "../speech-events.js";
import {
  DEFAULT_ENDPOINT_OPTIONS,
  defaultNegativeThreshold,
  endpointOptions,
  requireEndpointOptions,
} from "../speech-options.js";
import { DEFAULT_MODEL, frameMsOf, frameSamplesOf, type VadWebModel } from "./models.js";

export interface FrameProcessorOptions {
  /** At or above this probability, 0 to 1, a frame is speech. Default .3. */
  positiveSpeechThreshold: number;
  /** Below this one, 0 to `positiveSpeechThreshold`, it is silence. Default .25. */
  negativeSpeechThreshold: number;
  /** Silence that ends a segment, 0 to 600000 ms. Default 1400. */
  redemptionMs: number;
  /** Audio kept from before the speech, 0 to 600000 ms. Default 800. */
  preSpeechPadMs: number;
  /** Speech shorter than this is a misfire, 0 to 600000 ms. Default 400. */
  minSpeechMs: number;
  /** Whether a pause in mid-speech ends the segment (true) or forgets it. Default false. */
  submitUserSpeechOnPause: boolean;
}

/**
 * The options of vad-web 0.0.24, in frames of 32 ms, or of 96 ms with the model "legacy". Giving one of
 * them together with its sibling in milliseconds is an error, unless that is the default.
 */
export interface FrameCountOptions {
  /** Silent frames that end a segment, 0 to 18750; legacy: to 6250. */
  redemptionFrames?: number | undefined;
  /** Frames kept from before the speech, 0 to 18750; legacy: to 6250. */
  preSpeechPadFrames?: number | undefined;
  /** Speech of fewer frames is a misfire, 0 to 18750; legacy: to 6250. */
  minSpeechFrames?: number | undefined;
  /** Only what the model reads: 512 with v5 and v6, 1536 with legacy. */
  frameSamples?: number | undefined;
}

/** vad-web 0.0.31's defaults. */
export const DEFAULT_FRAME_PROCESSOR_OPTIONS: Readonly<FrameProcessorOptions> = {
  positiveSpeechThreshold: DEFAULT_ENDPOINT_OPTIONS.positiveSpeechThreshold,
  negativeSpeechThreshold: DEFAULT_ENDPOINT_OPTIONS.negativeSpeechThreshold,
  redemptionMs: DEFAULT_ENDPOINT_OPTIONS.redemptionMs,
  preSpeechPadMs: DEFAULT_ENDPOINT_OPTIONS.preSpeechPadMs,
  minSpeechMs: DEFAULT_ENDPOINT_OPTIONS.minSpeechMs,
  submitUserSpeechOnPause: false,
};

/** What vad-web does not have. */
interface OwnOptions {
  /** The probability, 0 to 1, that tells voice from silence. Default .6. */
  voiceThreshold?: number | undefined;
  /** Length of a part of speech, 96 to 2000 ms. Default 256. */
  partMs?: number | undefined;
}

/** Everything an application may say about when speech starts and ends. */
export type FrameProcessorUpdate = {
  [Name in keyof FrameProcessorOptions]?: FrameProcessorOptions[Name] | undefined;
} & FrameCountOptions &
  OwnOptions;

const SIBLINGS = [
  ["redemptionFrames", "redemptionMs"],
  ["preSpeechPadFrames", "preSpeechPadMs"],
  ["minSpeechFrames", "minSpeechMs"],
] as const;

/** The milliseconds that frame counts stand for; @throws VoicepathError OPTION */
function durations(
  update: FrameProcessorUpdate,
  model: VadWebModel,
): Partial<FrameProcessorOptions> {
  const { frameSamples } = update;
  const modelSamples = frameSamplesOf(model);
  if (frameSamples !== undefined && frameSamples !== modelSamples)
    throw optionError("frameSamples", frameSamples, `${modelSamples}, the frame of ${model}`);
  const frameMs = frameMsOf(model);
  const countMax = (VP_VAD_FRAMES_MAX * FRAME_MS) / frameMs;
  const found: Partial<FrameProcessorOptions> = {};
  for (const [frames, ms] of SIBLINGS) {
    const count = update[frames];
    if (count === undefined) continue;
    requireInteger(frames, count, 0, countMax);
    // Defaults that were spread into the options are not a second opinion.
    if (update[ms] !== undefined && update[ms] !== DEFAULT_FRAME_PROCESSOR_OPTIONS[ms])
      throw new VoicepathError(
        "OPTION",
        `${frames} is ${count} and ${ms} is ${update[ms]}; give one of the two`,
        { option: frames, value: count, range: `absent while ${ms} is given` },
      );
    found[ms] = count * frameMs;
  }
  return found;
}

/**
 * An update in milliseconds, laid over `base` and checked as a whole.
 *
 * @param model - says how long a frame is
 */
export function mergeFrameOptions<Base extends FrameProcessorOptions & OwnOptions>(
  base: Base,
  update: FrameProcessorUpdate,
  model: VadWebModel = DEFAULT_MODEL,
): Base {
  const { positiveSpeechThreshold, negativeSpeechThreshold, voiceThreshold, partMs } = update;
  const { redemptionMs, preSpeechPadMs, minSpeechMs, submitUserSpeechOnPause } = update;
  const followsDown =
    positiveSpeechThreshold !== undefined &&
    base.negativeSpeechThreshold === DEFAULT_FRAME_PROCESSOR_OPTIONS.negativeSpeechThreshold;
  const merged: Base = {
    ...base,
    ...(followsDown && {
      negativeSpeechThreshold: defaultNegativeThreshold(positiveSpeechThreshold),
    }),
    ...definedOnly({
      positiveSpeechThreshold,
      negativeSpeechThreshold,
      voiceThreshold,
      redemptionMs,
      preSpeechPadMs,
      minSpeechMs,
      submitUserSpeechOnPause,
      partMs,
      ...durations(update, model),
    }),
  };
  requireEndpointOptions(endpointOptions(merged));
  requireBoolean("submitUserSpeechOnPause", merged.submitUserSpeechOnPause);
  return merged;
}
