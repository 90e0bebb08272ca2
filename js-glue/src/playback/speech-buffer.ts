import { type AudioBlock, framesFrom, framesOf } from "../audio-block.js";
import { optionError } from "../errors.js";
import { Resampler, type ResamplerMode } from "../resampler.js";
import type { AudioModule } from "../wasm.js";
import { type Clip, clipError } from "./clip.js";
import { decodeClip } from "./decode-clip.js";
import { copyPlanes, planesOf } from "./planes.js";
import { turn } from "./turn.js";

/** Samples that are decoded already: one array for mono, or one per channel. */
export interface RawClip {
  readonly samples: AudioBlock;
  readonly rateHz: number;
}

export interface SpeechBufferOptions {
  /** Default "offline", the fastest. */
  readonly mode?: ResamplerMode;
  readonly signal?: AbortSignal;
}

/** Frames resampled between two looks at the clock: about a millisecond's work. */
const PIECE_FRAMES = 16384;
/** After so long the page gets a turn, well before a frame is missed. */
const TURN_MS = 10;

/**
 * Decodes a clip of speech and resamples it to an AudioBuffer at the context's rate, which then
 * plays without the browser's own resampler. N frames give exactly
 * ceil(N · context rate / clip rate). The clip is neither changed nor detached.
 *
 * ```ts
 * const source = context.createBufferSource();
 * source.buffer = await createSpeechBuffer(audio, context, await response.arrayBuffer());
 * source.connect(context.destination);
 * source.start();
 * ```
 *
 * @param clip - a file (WAV, or whatever the browser decodes) or samples
 * @throws VoicepathError CLIP when it cannot be decoded or has no audio, OPTION, VP_E_MEMORY; the
 *   signal's reason when aborted
 */
export async function createSpeechBuffer(
  audio: AudioModule,
  context: BaseAudioContext,
  clip: ArrayBuffer | Blob | RawClip,
  { mode = "offline", signal }: SpeechBufferOptions = {},
): Promise<AudioBuffer> {
  signal?.throwIfAborted();
  const { rateHz, channels } = await readClip(context, clip, signal);
  const frames = channels[0]?.length ?? 0;
  if (frames === 0) throw clipError("number of frames", 0, "at least 1");
  const outputRateHz = context.sampleRate;
  const resampler = Resampler.create<AudioBlock>(audio, {
    inputRateHz: rateHz,
    outputRateHz,
    mode,
    channels: channels.length,
  });
  try {
    const length = Math.ceil((frames * outputRateHz) / rateHz);
    const buffer = context.createBuffer(channels.length, length, outputRateHz);
    await resample(resampler, channels, planesOf(buffer), signal);
    return buffer;
  } finally {
    resampler.dispose();
  }
}

async function readClip(
  context: BaseAudioContext,
  clip: ArrayBuffer | Blob | RawClip,
  signal: AbortSignal | undefined,
): Promise<Clip> {
  if (clip instanceof ArrayBuffer) return decodeClip(context, clip, signal);
  if (clip instanceof Blob) return decodeClip(context, await clip.arrayBuffer(), signal);
  if (typeof clip !== "object" || clip === null || !("samples" in clip))
    throw optionError("clip", clip, "an ArrayBuffer, a Blob, or samples and their rate");
  const { samples, rateHz } = clip;
  const channels = Array.isArray(samples) ? samples.length : 1;
  const frames = framesOf("clip.samples", samples, channels);
  return { rateHz, channels: copyPlanes(samples, channels, 0, frames) };
}

/** `output` has exactly the room that is needed. */
async function resample(
  resampler: Resampler<AudioBlock>,
  input: readonly Float32Array[],
  output: readonly Float32Array[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const channels = input.length;
  const frames = input[0]?.length ?? 0;
  const room = output[0]?.length ?? 0;
  let taken = 0;
  let given = 0;
  let turnEnds = performance.now() + TURN_MS;
  while (taken < frames && given < room) {
    const piece = input.map((plane) => plane.subarray(taken, taken + PIECE_FRAMES));
    given += resampler.processInto(piece, framesFrom(output, channels, given));
    taken += resampler.consumed;
    if (performance.now() < turnEnds) continue;
    await turn();
    signal?.throwIfAborted();
    turnEnds = performance.now() + TURN_MS;
  }
  for (let more = 1; more > 0; given += more)
    more = resampler.flushInto(framesFrom(output, channels, given));
}
