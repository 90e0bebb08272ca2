/** The options of everything that hears speech, and their way into vp_vad_config. */
import {
  type Pointer,
  VP_VAD_FRAMES_MAX,
  VP_VAD_SEGMENT_FRAMES_MAX,
  vp_vad_config,
} from "./abi.gen.js";
import { definedOnly } from "./defined-only.js";
import { optionError, requireNumber } from "./errors.js";
import { type Heap, type ScalarFields, writeStruct } from "./handle.js";
import { FRAME_MS, type Reports } from "./speech-events.js";

/** What can be changed while running. Durations are rounded down to frames of 32 ms. */
export interface EndpointOptions {
  /** At or above this probability, 0 to 1, a frame is speech. Default .3. */
  readonly positiveSpeechThreshold?: number;
  /** Below this one, 0 to `positiveSpeechThreshold`, it is silence. Default .25 at most. */
  readonly negativeSpeechThreshold?: number;
  /** Silence that ends a segment. Default 1400 ms. */
  readonly redemptionMs?: number;
  /** Audio kept from before the speech. Default 800 ms. */
  readonly preSpeechPadMs?: number;
  /** Speech shorter than this is a misfire. Default 400 ms. */
  readonly minSpeechMs?: number;
  /** `voice` events tell when the probability crosses this. Default .6. */
  readonly voiceThreshold?: number;
  /** Length of a `speechpart`, 96 to 2000 ms. Default 256. */
  readonly partMs?: number;
}

export interface SpeechOptions extends EndpointOptions {
  /**
   * Cuts segments at this length; each piece is a `speechend` that `continues`. By default segments
   * are delivered whole, however long. At most 600000 ms.
   */
  readonly maxSegmentMs?: number;
  /**
   * Feed the model the last 64 samples of the frame before, as it was trained. Default true;
   * false reproduces vad-web up to 0.0.30.
   */
  readonly context?: boolean;
}

/** Just these options, out of an object that may have more, without those that are undefined. */
export function endpointOptions(
  options: {
    readonly [Name in keyof EndpointOptions]: EndpointOptions[Name] | undefined;
  },
): EndpointOptions {
  const { positiveSpeechThreshold, negativeSpeechThreshold, voiceThreshold } = options;
  const { redemptionMs, preSpeechPadMs, minSpeechMs, partMs } = options;
  return definedOnly({
    positiveSpeechThreshold,
    negativeSpeechThreshold,
    redemptionMs,
    preSpeechPadMs,
    minSpeechMs,
    voiceThreshold,
    partMs,
  });
}

/** vad-web 0.0.31's defaults, and ours for what it does not have. */
export const DEFAULT_ENDPOINT_OPTIONS = {
  positiveSpeechThreshold: 0.3,
  negativeSpeechThreshold: 0.25,
  redemptionMs: 1400,
  preSpeechPadMs: 800,
  minSpeechMs: 400,
  voiceThreshold: 0.6,
  partMs: 256,
} as const satisfies Required<EndpointOptions>;

/** Segments pass from C in pieces of at most this length when nothing else is asked. */
const PIECE_MS = 10_000;
/** For a detector without a model: frames pass through, and no memory is taken for segments. */
export const FRAMES_ONLY = {
  maxSegmentMs: FRAME_MS,
  preSpeechPadMs: 0,
} as const satisfies SpeechOptions;

/** A frame of the model "legacy", which is the longest, and what is still "while it is spoken". */
const PART_MIN_MS = 3 * FRAME_MS;
const PART_MAX_MS = 2000;
const DURATION_MAX_MS = VP_VAD_FRAMES_MAX * FRAME_MS;

/** Checked options in the units of the C side; whether there is a model is not among them. */
export interface DetectorConfig {
  readonly values: Omit<ScalarFields<typeof vp_vad_config>, "judged">;
  readonly cutSegments: boolean;
}

const frames = (ms: number): number => Math.floor(ms / FRAME_MS);

/** A low positive threshold alone is no mistake: the negative one follows it down. */
export function defaultNegativeThreshold(positiveSpeechThreshold: number): number {
  return Math.min(DEFAULT_ENDPOINT_OPTIONS.negativeSpeechThreshold, positiveSpeechThreshold);
}

/** @throws VoicepathError OPTION, naming the option, its value and its range */
export function requireEndpointOptions(options: EndpointOptions): Required<EndpointOptions> {
  const { positiveSpeechThreshold = DEFAULT_ENDPOINT_OPTIONS.positiveSpeechThreshold } = options;
  const all: Required<EndpointOptions> = {
    ...DEFAULT_ENDPOINT_OPTIONS,
    negativeSpeechThreshold: defaultNegativeThreshold(positiveSpeechThreshold),
    ...definedOnly(options),
  };
  requireNumber("positiveSpeechThreshold", all.positiveSpeechThreshold, 0, 1);
  const negative = all.negativeSpeechThreshold;
  requireNumber("negativeSpeechThreshold", negative, 0, 1);
  if (negative > all.positiveSpeechThreshold)
    throw optionError(
      "negativeSpeechThreshold",
      negative,
      `0 to positiveSpeechThreshold, which is ${all.positiveSpeechThreshold}`,
    );
  requireNumber("redemptionMs", all.redemptionMs, 0, DURATION_MAX_MS);
  requireNumber("preSpeechPadMs", all.preSpeechPadMs, 0, DURATION_MAX_MS);
  requireNumber("minSpeechMs", all.minSpeechMs, 0, DURATION_MAX_MS);
  requireNumber("voiceThreshold", all.voiceThreshold, 0, 1);
  requireNumber("partMs", all.partMs, PART_MIN_MS, PART_MAX_MS);
  return all;
}

/** @throws VoicepathError OPTION */
export function detectorConfig(options: SpeechOptions, reports: Reports): DetectorConfig {
  const endpoint = requireEndpointOptions(options);
  const { maxSegmentMs, context = true } = options;
  const cutSegments = maxSegmentMs !== undefined;
  const padFrames = frames(endpoint.preSpeechPadMs);
  if (cutSegments) {
    const longest = VP_VAD_SEGMENT_FRAMES_MAX * FRAME_MS;
    requireNumber("maxSegmentMs", maxSegmentMs, FRAME_MS, longest);
    const room = frames(maxSegmentMs) - 1;
    if (padFrames > room)
      throw optionError(
        "preSpeechPadMs",
        endpoint.preSpeechPadMs,
        `0 to ${room * FRAME_MS}, to fit maxSegmentMs, which is ${maxSegmentMs}`,
      );
  }
  return {
    cutSegments,
    values: {
      positive_threshold: endpoint.positiveSpeechThreshold,
      negative_threshold: endpoint.negativeSpeechThreshold,
      voice_threshold: endpoint.voiceThreshold,
      redemption_frames: frames(endpoint.redemptionMs),
      pre_speech_pad_frames: padFrames,
      min_speech_frames: frames(endpoint.minSpeechMs),
      // Twice the pad, so that the pad can later be made longer.
      segment_frames: cutSegments
        ? frames(maxSegmentMs)
        : Math.min(Math.max(frames(PIECE_MS), 2 * padFrames + 1), VP_VAD_SEGMENT_FRAMES_MAX),
      context,
      report_voice: reports.voice,
      report_frames: reports.frames,
      part_frames: reports.parts ? frames(endpoint.partMs) : 0,
    },
  };
}

/**
 * The configuration after a change of options. The memory for segments was laid out by the first one
 * and stays.
 *
 * @throws VoicepathError OPTION, also when the pad no longer fits that memory
 */
export function changedConfig(
  first: DetectorConfig,
  options: SpeechOptions,
  reports: Reports,
): DetectorConfig {
  const { cutSegments, values } = detectorConfig(options, reports);
  const segmentFrames = Number(first.values.segment_frames);
  if (Number(values.pre_speech_pad_frames) >= segmentFrames)
    throw optionError(
      "preSpeechPadMs",
      options.preSpeechPadMs,
      `below ${segmentFrames * FRAME_MS}, for which memory was taken at creation`,
    );
  return { cutSegments, values: { ...values, segment_frames: segmentFrames } };
}

/** @internal */
export function writeDetectorConfig(
  heap: Heap,
  at: Pointer<"vp_vad_config">,
  values: DetectorConfig["values"],
  judged: boolean,
): void {
  writeStruct(heap, at, vp_vad_config, { ...values, judged });
}
