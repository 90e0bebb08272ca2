import { VoicepathError } from "../errors.js";
import type { Clip } from "./clip.js";
import { clipRateHz } from "./clip-rate.js";
import { planesOf } from "./planes.js";
import { isWavFile, parseWavFile } from "./wav-file.js";

/**
 * The samples of a clip, at the clip's own rate where its header tells it and else at the context's.
 * WAV is read here, everything else by the browser. The bytes stay the caller's, as they are.
 *
 * @throws VoicepathError CLIP; the signal's reason when aborted
 */
export async function decodeClip(
  context: BaseAudioContext,
  bytes: ArrayBuffer,
  signal?: AbortSignal,
): Promise<Clip> {
  signal?.throwIfAborted();
  if (isWavFile(bytes)) return parseWavFile(bytes);
  const decoder = decodingContext(context, clipRateHz(bytes));
  let decoded: AudioBuffer;
  try {
    // A copy, because decoding takes what it is given away.
    decoded = await decoder.decodeAudioData(bytes.slice(0));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new VoicepathError("CLIP", `the browser cannot decode these ${bytes.byteLength} bytes`, {
      cause,
    });
  }
  signal?.throwIfAborted();
  return { rateHz: decoded.sampleRate, channels: planesOf(decoded) };
}

/** Decoding resamples to the rate of the context it is asked of; in one of the clip's own, nothing. */
function decodingContext(context: BaseAudioContext, rateHz: number | undefined): BaseAudioContext {
  if (rateHz === undefined || rateHz === context.sampleRate) return context;
  try {
    return new OfflineAudioContext(1, 1, rateHz);
  } catch {
    // Rates that this browser has no context for.
    return context;
  }
}
