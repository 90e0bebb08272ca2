/** How long a sentence's sound is, and how loud at each time, as the server tells it or as it is. */
import type { WireClip } from "voicepath";

/** The loudness of each slice, 0 to 1. */
export interface Loudness {
  readonly levels: ArrayLike<number>;
  readonly sliceMs: number;
}

/** Bytes of a millisecond of the leanest speech: 8 kHz, 16 bits. */
const BYTES_PER_MS_MIN = 16;

/** Whether the server told it. */
export function isTold({ levels, sliceMs }: Loudness): boolean {
  return levels.length > 0 && sliceMs > 0;
}

/** Before it is decoded: by the loudness where that was told, else the longest that it can be. */
export function expectedMs(base64: string, told: Loudness): number {
  if (isTold(told)) return told.levels.length * told.sliceMs;
  return (base64.length * 3) / 4 / BYTES_PER_MS_MIN;
}

export function durationMs({ samples, rateHz }: WireClip): number {
  return (1000 * samples.length) / rateHz;
}

export function levelAt({ levels, sliceMs }: Loudness, seconds: number): number {
  return levels[Math.floor((1000 * seconds) / sliceMs)] ?? 0;
}
