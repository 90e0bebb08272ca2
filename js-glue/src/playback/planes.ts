import { type AudioBlock, planeOf, type Samples } from "../audio-block.js";

/** Full scale of 16-bit samples. */
const INT16_SCALE = 32768;

/** A copy of some frames of a block of any layout: one Float32Array per channel. */
export function copyPlanes(
  block: AudioBlock,
  channels: number,
  from: number,
  frames: number,
): Float32Array<ArrayBuffer>[] {
  const isPlanar = Array.isArray(block);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = planeOf(block, channel) ?? new Float32Array(frames);
    return isPlanar
      ? copyChannel(samples, from, 1, frames)
      : copyChannel(samples, from * channels + channel, channels, frames);
  });
}

function copyChannel(
  samples: Samples,
  first: number,
  step: number,
  frames: number,
): Float32Array<ArrayBuffer> {
  const plane = new Float32Array(frames);
  if (step === 1 && samples instanceof Float32Array) {
    plane.set(samples.subarray(first, first + frames));
    return plane;
  }
  const scale = samples instanceof Int16Array ? 1 / INT16_SCALE : 1;
  for (let i = 0; i < frames; i++) plane[i] = (samples[first + i * step] ?? 0) * scale;
  return plane;
}

/** The channels of a buffer, in the buffer's own memory. */
export function planesOf(buffer: AudioBuffer): readonly Float32Array[] {
  return Array.from({ length: buffer.numberOfChannels }, (_, c) => buffer.getChannelData(c));
}
