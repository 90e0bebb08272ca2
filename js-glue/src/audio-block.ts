import { VP_FORMAT_F32, VP_FORMAT_INTERLEAVED, VP_FORMAT_S16 } from "./abi.gen.js";
import { optionError } from "./errors.js";

/**
 * Audio of one or more channels: one array for a single channel, or for several interleaved frame by
 * frame; an array for each channel otherwise. Floats have a full scale of 1, integers of 32768.
 */
export type AudioBlock =
  | Float32Array
  | Int16Array
  | readonly Float32Array[]
  | readonly Int16Array[];

/** One channel's samples, or those of all of them. */
export type Samples = Float32Array | Int16Array;

const isSamples = (value: unknown): value is Samples =>
  value instanceof Float32Array || value instanceof Int16Array;

const isPlanar = (block: AudioBlock): block is readonly Float32Array[] | readonly Int16Array[] =>
  Array.isArray(block);

/** The array of a channel; the only one of an interleaved block. */
export function planeOf(block: AudioBlock, channel: number): Samples | undefined {
  return isPlanar(block) ? block[channel] : block;
}

/** VP_FORMAT_… of a block that {@link framesOf} accepted. */
export function formatOf(block: AudioBlock): number {
  const type = planeOf(block, 0) instanceof Int16Array ? VP_FORMAT_S16 : VP_FORMAT_F32;
  return isPlanar(block) ? type : type | VP_FORMAT_INTERLEAVED;
}

/**
 * How many frames a block has.
 *
 * @throws VoicepathError OPTION: it is no audio, or not of that many channels
 */
export function framesOf(name: string, block: AudioBlock, channels: number): number {
  if (isSamples(block)) {
    const frames = block.length / channels;
    if (Number.isInteger(frames)) return frames;
    throw optionError(`${name}.length`, block.length, `a multiple of ${channels} channels`);
  }
  if (!Array.isArray(block))
    throw optionError(name, block, "a Float32Array, an Int16Array, or an array of either");
  if (block.length !== channels)
    throw optionError(`${name}.length`, block.length, `${channels}, an array for each channel`);
  const [first] = block;
  if (!isSamples(first)) throw optionError(`${name}[0]`, first, "a Float32Array or Int16Array");
  for (let channel = 1; channel < channels; channel++) {
    const plane: unknown = block[channel];
    if (!isSamples(plane) || plane.constructor !== first.constructor)
      throw optionError(`${name}[${channel}]`, plane, `a ${first.constructor.name} like the first`);
    if (plane.length !== first.length)
      throw optionError(`${name}[${channel}].length`, plane.length, `${first.length}`);
  }
  return first.length;
}

/** A silent block of another length, else like this one. */
export function silentLike<Block extends AudioBlock>(
  block: Block,
  channels: number,
  frames: number,
): Block;
export function silentLike(block: AudioBlock, channels: number, frames: number): AudioBlock {
  const type = planeOf(block, 0) instanceof Int16Array ? Int16Array : Float32Array;
  if (!isPlanar(block)) return new type(frames * channels);
  return Array.from({ length: channels }, () => new type(frames)) as AudioBlock;
}

/** Frames of a block, in memory of their own: the block itself, where it has no others. */
export function firstFrames<Block extends AudioBlock>(
  block: Block,
  channels: number,
  frames: number,
): Block;
export function firstFrames(block: AudioBlock, channels: number, frames: number): AudioBlock {
  if (framesOf("block", block, channels) === frames) return block;
  if (!isPlanar(block)) return block.slice(0, frames * channels);
  return block.map((plane: Samples) => plane.slice(0, frames)) as AudioBlock;
}

/** The frames of a block from one on, in the same memory. */
export function framesFrom(block: AudioBlock, channels: number, from: number): AudioBlock {
  if (!isPlanar(block)) return block.subarray(from * channels);
  return block.map((plane: Samples) => plane.subarray(from)) as AudioBlock;
}
