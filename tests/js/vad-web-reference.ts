/** Speech, and what vad-web's own parts make of it on onnxruntime-web. */
import { readFileSync } from "node:fs";
import { FrameProcessor, type FrameProcessorOptions, Message } from "@ricky0123/vad-web";
import { Silero } from "@ricky0123/vad-web/dist/models/index.js";
import * as ort from "onnxruntime-web";
import { FrameProcessor as FrameProcessor0024 } from "vad-web-0.0.24";
import { joinSamples } from "../../js-glue/src/samples.js";
import { pocketsphinxFiles, readWav } from "../../tools/speech.js";

export const RATE_HZ = 16000;
export const FRAME_SAMPLES = 512;
export const FRAME_MS = 32;

/** vad-web 0.0.31's defaults. */
export const DEFAULTS = {
  positiveSpeechThreshold: 0.3,
  negativeSpeechThreshold: 0.25,
  redemptionMs: 1400,
  preSpeechPadMs: 800,
  minSpeechMs: 400,
  submitUserSpeechOnPause: false,
};

/** Quick to decide, so there are many more events, and more of them are misfires. */
export const QUICK = {
  ...DEFAULTS,
  positiveSpeechThreshold: 0.5,
  negativeSpeechThreshold: 0.35,
  redemptionMs: 160,
  preSpeechPadMs: 100,
  minSpeechMs: 200,
};

export interface Segment {
  readonly audio: Float32Array;
  readonly start: number;
  readonly end: number;
}

/** Half a minute of sentences and words with pauses of 0 to 2 s; the last word is cut off. */
export function spokenAudio(): Float32Array {
  const clips = pocketsphinxFiles().map(readWav);
  const parts = clips.flatMap(({ samples, rateHz }, index) => {
    if (rateHz !== RATE_HZ) throw new Error(`a clip at ${rateHz} Hz`);
    return [new Float32Array((index % 5) * 0.5 * RATE_HZ), samples];
  });
  return joinSamples(parts);
}

function frames(audio: Float32Array): Float32Array[] {
  const count = Math.floor(audio.length / FRAME_SAMPLES);
  return Array.from({ length: count }, (_, i) =>
    audio.slice(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
  );
}

/** vad-web 0.0.31's model class on onnxruntime-web. */
export async function probabilities(version: "v5" | "v6", audio: Float32Array): Promise<number[]> {
  ort.env.wasm.numThreads = 1;
  const file = readFileSync(`node_modules/@ricky0123/vad-web/dist/silero_vad_${version}.onnx`);
  const model = await Silero.new(ort as never, async () => new Uint8Array(file).buffer);
  const found: number[] = [];
  for (const frame of frames(audio)) found.push((await model.process(frame)).isSpeech);
  await model.release();
  return found;
}

type Event = { msg: string; audio?: Float32Array };

interface Machine {
  resume(): void;
  process(frame: Float32Array, handle: (event: Event) => void): Promise<unknown>;
  endSegment(handle: (event: Event) => void): unknown;
}

/** What vad-web's NonRealTimeVAD does with a frame processor, for frames of 512 samples. */
async function segments(
  judged: readonly number[],
  audio: Float32Array,
  make: (judge: () => Promise<{ isSpeech: number; notSpeech: number }>) => Machine,
): Promise<Segment[]> {
  let index = 0;
  const machine = make(async () => {
    const isSpeech = judged[index] ?? Number.NaN;
    return { isSpeech, notSpeech: 1 - isSpeech };
  });
  machine.resume();
  const found: Segment[] = [];
  let start = 0;
  let end = 0;
  const handle = (event: Event): void => {
    if (event.msg === Message.SpeechStart) start = index * FRAME_MS;
    if (event.msg === Message.SpeechEnd && event.audio)
      found.push({ audio: event.audio, start, end });
  };
  for (const frame of frames(audio)) {
    end = (index + 1) * FRAME_MS;
    await machine.process(frame, handle);
    index++;
  }
  machine.endSegment(handle);
  return found;
}

export function segmentsBy0031(
  judged: readonly number[],
  audio: Float32Array,
  options: FrameProcessorOptions,
): Promise<Segment[]> {
  return segments(
    judged,
    audio,
    (judge) => new FrameProcessor(judge, () => {}, options, FRAME_MS) as Machine,
  );
}

export interface Options0024 {
  readonly positiveSpeechThreshold: number;
  readonly negativeSpeechThreshold: number;
  readonly redemptionFrames: number;
  readonly preSpeechPadFrames: number;
  readonly minSpeechFrames: number;
  readonly frameSamples: number;
  readonly submitUserSpeechOnPause: boolean;
}

export function segmentsBy0024(
  judged: readonly number[],
  audio: Float32Array,
  options: Options0024,
): Promise<Segment[]> {
  return segments(
    judged,
    audio,
    (judge) => new FrameProcessor0024(judge, () => {}, options) as Machine,
  );
}
