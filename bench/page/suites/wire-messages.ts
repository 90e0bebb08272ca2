/** Speech in the messages that the frontend makes of it, and the clips that come back. */
import { joinSamples } from "../../../js-glue/src/samples";
import type { Speech } from "../speech";

/** The frontend's. */
export const MESSAGE_SAMPLES = 4096;
/** A recording's samples are fractions of 32768; a resampler's, as a microphone's are, no longer. */
const GAIN = 0.9;

export function speechMessages({ frames }: Speech): Float32Array[] {
  const samples = joinSamples(frames).map((x) => x * GAIN);
  return Array.from({ length: Math.floor(samples.length / MESSAGE_SAMPLES) }, (_, i) =>
    samples.slice(i * MESSAGE_SAMPLES, (i + 1) * MESSAGE_SAMPLES),
  );
}
