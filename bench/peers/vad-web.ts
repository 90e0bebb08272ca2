/** @ricky0123/vad-web's own classes over onnxruntime-web, opened as its MicVAD opens them. */
import {
  defaultFrameProcessorOptions,
  FrameProcessor,
  type FrameProcessorEvent,
} from "@ricky0123/vad-web/dist/frame-processor";
import { type Model, type OrtModule, Silero } from "@ricky0123/vad-web/dist/models";
import { ort } from "@ricky0123/vad-web/dist/real-time-vad";
import { Resampler } from "@ricky0123/vad-web/dist/resampler";

export type VadWebVersion = "v5" | "v6";

/** Where the page finds vad-web's and ORT's files; site.ts copies them there. */
export const VAD_WEB_FILES = "/vad-web/";
const FRAME_MS = 32;

/** One thread: what ORT takes on a page without cross-origin isolation, as most are. */
export function configureOrt(module: OrtModule): void {
  module.env.wasm.wasmPaths = VAD_WEB_FILES;
  module.env.wasm.numThreads = 1;
  module.env.logLevel = "error";
}

/** The bare model: context, session and state, without endpointing. */
export async function openModel(version: VadWebVersion): Promise<Model> {
  configureOrt(ort);
  return Silero.new(ort, async () => {
    const response = await fetch(`${VAD_WEB_FILES}silero_vad_${version}.onnx`);
    if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
    return response.arrayBuffer();
  });
}

export interface VadWebEndpointing {
  readonly redemptionMs: number;
  readonly minSpeechMs: number;
  readonly positiveSpeechThreshold: number;
  readonly negativeSpeechThreshold: number;
}

/** Model and endpointer. */
export function openFrameProcessor(
  model: Model,
  options: Partial<VadWebEndpointing> = {},
): FrameProcessor {
  const processor = new FrameProcessor(
    model.process,
    model.reset_state,
    { ...defaultFrameProcessorOptions, ...options },
    FRAME_MS,
  );
  processor.resume();
  return processor;
}

/** The microphone path: what its worklet and its main thread do, here without a message between. */
export class VadWebMic {
  readonly #resampler: Resampler;
  readonly #processor: FrameProcessor;
  readonly #model: Model;
  readonly #hear = (_event: FrameProcessorEvent): void => {};

  private constructor(model: Model, rateHz: number) {
    this.#model = model;
    this.#processor = openFrameProcessor(model);
    this.#resampler = new Resampler({
      nativeSampleRate: rateHz,
      targetSampleRate: 16000,
      targetFrameSize: 512,
    });
  }

  static async open(version: VadWebVersion, rateHz: number): Promise<VadWebMic> {
    return new VadWebMic(await openModel(version), rateHz);
  }

  /** Returns a promise only when the block completed a frame. */
  push(block: Float32Array): Promise<void> | undefined {
    const frames = this.#resampler.process(block);
    return frames.length > 0 ? this.#process(frames) : undefined;
  }

  release(): Promise<void> {
    return this.#model.release();
  }

  async #process(frames: Float32Array[]): Promise<void> {
    for (const frame of frames) await this.#processor.process(frame, this.#hear);
  }
}
