import { requireNumber, VoicepathError } from "../errors.js";
import {
  DEFAULT_FRAME_PROCESSOR_OPTIONS,
  type FrameProcessorOptions,
  mergeFrameOptions,
} from "../vad-web/frame-options.js";
import { DEFAULT_MODEL, requireModel, type VadWebModel } from "../vad-web/models.js";
import {
  getDefaultRealTimeVADOptions,
  type RealTimeVADOptions,
} from "../vad-web/real-time-options.js";

export interface ReactOptions {
  /** `userSpeaking` is true while the probability is above this, 0 to 1. Default .6. */
  userSpeakingThreshold: number;
  /**
   * Another value closes the microphone and opens it anew, with the `getStream` of that moment: for
   * example the id of the device. A new `getStream` function alone does nothing, because most
   * components make one at every render.
   */
  streamKey?: string | number | undefined;
}

export type ReactRealTimeVADOptions = RealTimeVADOptions & ReactOptions;

const USER_SPEAKING_THRESHOLD = 0.6;

/**
 * vad-react's defaults.
 *
 * @throws VoicepathError OPTION for an unknown model
 */
export const getDefaultReactRealTimeVADOptions = (model: VadWebModel): ReactRealTimeVADOptions => ({
  ...getDefaultRealTimeVADOptions(model),
  userSpeakingThreshold: USER_SPEAKING_THRESHOLD,
});

/**
 * The thresholds and timings of a render, with defaults for what it leaves out.
 *
 * @throws VoicepathError OPTION
 */
export function frameSettings(
  options: Partial<ReactRealTimeVADOptions>,
): FrameProcessorOptions & { voiceThreshold: number } {
  const { userSpeakingThreshold, voiceThreshold = USER_SPEAKING_THRESHOLD } = options;
  const model = requireModel(options.model ?? DEFAULT_MODEL);
  const threshold = userSpeakingThreshold ?? voiceThreshold;
  requireNumber("userSpeakingThreshold", threshold, 0, 1);
  const base = { ...DEFAULT_FRAME_PROCESSOR_OPTIONS, voiceThreshold: threshold };
  return mergeFrameOptions(base, { ...options, voiceThreshold: threshold }, model);
}

/** What is wrong with the thresholds and timings, or false. */
export function wrongSettings(options: Partial<ReactRealTimeVADOptions>): string | false {
  try {
    frameSettings(options);
    return false;
  } catch (error) {
    if (error instanceof VoicepathError) return error.message;
    throw error;
  }
}
