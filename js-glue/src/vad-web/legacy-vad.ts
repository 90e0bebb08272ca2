import { Emitter } from "../emitter.js";
import { VoicepathError } from "../errors.js";
import { joinSamples } from "../samples.js";
import { type SpeechEmitter, type SpeechEvents, stretch } from "../speech-events.js";
import type { SpeechModel } from "../speech-model.js";
import type { EndpointOptions } from "../speech-options.js";
import { FrameProcessor } from "./frame-processor.js";
import { type FrameProcessorEvent, Message } from "./message.js";
import { frameMsOf, frameSamplesOf } from "./models.js";

const FRAME_SAMPLES = frameSamplesOf("legacy");
const FRAME_MS = frameMsOf("legacy");

/** What makes 16 kHz frames of audio and judges none: a Mic, Vad, MicNode or ScriptMicNode, without a model. */
export interface FrameSource {
  readonly disposed: boolean;
  on: SpeechEmitter["on"];
  push(samples: Float32Array): void | Promise<void>;
  end(): void | Promise<void>;
  reset(): void | Promise<void>;
  dispose(): void;
}

/** A model that is this stream's own. */
export type OwnModel = SpeechModel & { dispose(): void };

export interface LegacyVadOptions extends Required<EndpointOptions> {
  readonly maxSegmentMs?: number | undefined;
}

function failure(cause: unknown): VoicepathError {
  if (cause instanceof VoicepathError) return cause;
  return new VoicepathError("MODEL_FAILED", `the model failed: ${cause}`, { cause });
}

/**
 * Speech events as vad-web has them with its model "legacy": three frames of ours make one of 96 ms,
 * which the model judges on this thread, and vad-web's state machine turns into segments.
 *
 * Frames wait in a queue for the model. A reset lets those before it go unheard; after a failure
 * nothing is heard any more.
 */
export class LegacyVad extends Emitter<SpeechEvents> {
  readonly #source: FrameSource;
  readonly #model: OwnModel;
  readonly #processor: FrameProcessor;
  readonly #maxFrames: number;
  readonly #onFailure: (error: VoicepathError) => void;
  #voiceThreshold: number;
  #partFrames: number;
  #voiced = false;
  /** Of the frame under way. */
  #samples = new Float32Array(FRAME_SAMPLES);
  #fill = 0;
  /** Of the segment under way, in parts. */
  #parted = 0;
  /** Judged since the stream began. */
  #frames = 0;
  /** Counts resets; frames of an earlier epoch are not judged any more. */
  #epoch = 0;
  /** Resets under way: what still comes from the source was heard before them. */
  #resets = 0;
  #queue: Promise<void> = Promise.resolve();
  #failure: VoicepathError | undefined;
  #disposed = false;

  /** @param onFailure - told once, when the model fails; everything is disposed of by then */
  constructor(
    source: FrameSource,
    model: OwnModel,
    { maxSegmentMs = Number.POSITIVE_INFINITY, ...options }: LegacyVadOptions,
    onFailure: (error: VoicepathError) => void = () => {},
  ) {
    super();
    this.#source = source;
    this.#model = model;
    this.#voiceThreshold = options.voiceThreshold;
    this.#partFrames = Math.floor(options.partMs / FRAME_MS);
    this.#maxFrames = Math.max(1, Math.floor(maxSegmentMs / FRAME_MS));
    this.#onFailure = onFailure;
    const judge = async (frame: Float32Array): Promise<{ isSpeech: number; notSpeech: number }> => {
      const isSpeech = await model.process(frame);
      return { isSpeech, notSpeech: 1 - isSpeech };
    };
    this.#processor = new FrameProcessor(
      judge,
      () => model.reset(),
      { ...options, submitUserSpeechOnPause: false },
      FRAME_MS,
    );
    this.#processor.resume();
    source.on("frame", ({ samples }) => this.#gather(samples));
  }

  get disposed(): boolean {
    return this.#disposed || this.#source.disposed;
  }

  /** Resolves after the events of these samples. @throws VoicepathError, when the model has failed */
  async push(samples: Float32Array): Promise<void> {
    await this.#source.push(samples);
    await this.#judged();
  }

  /** The stream ends: a segment under way gives its event before the promise resolves. */
  async end(): Promise<void> {
    await this.#source.end();
    this.#fill = 0;
    this.#enqueue(() => {
      this.#setVoiced(false);
      this.#processor.endSegment((event) => this.#report(event));
    });
    await this.#judged();
  }

  /** Forgets everything heard, without events. */
  async reset(): Promise<void> {
    this.#epoch++;
    this.#enqueue(() => {
      this.#processor.reset();
      this.#voiced = false;
      this.#frames = 0;
      this.#parted = 0;
    });
    this.#fill = 0;
    this.#resets++;
    try {
      await this.#source.reset();
    } finally {
      this.#resets--;
    }
    await this.#judged();
  }

  /** @throws VoicepathError OPTION; nothing is changed then */
  setOptions({ voiceThreshold, partMs, ...update }: EndpointOptions): void {
    this.#processor.setOptions(update);
    if (voiceThreshold !== undefined) this.#voiceThreshold = voiceThreshold;
    if (partMs !== undefined) this.#partFrames = Math.floor(partMs / FRAME_MS);
  }

  /** Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#source.dispose();
    this.#model.dispose();
  }

  #gather(samples: Float32Array): void {
    if (this.#resets > 0) return;
    this.#samples.set(samples, this.#fill);
    this.#fill += samples.length;
    if (this.#fill < FRAME_SAMPLES) return;
    const frame = this.#samples;
    // The segment keeps the frame.
    this.#samples = new Float32Array(FRAME_SAMPLES);
    this.#fill = 0;
    const epoch = this.#epoch;
    this.#enqueue(async () => {
      if (epoch !== this.#epoch) return;
      await this.#processor.process(frame, (event) => {
        if (epoch === this.#epoch) this.#report(event);
      });
      if (epoch !== this.#epoch) return;
      this.#handOutFull();
      this.#cut();
    });
  }

  /** Runs after everything before it, unless that failed or this was disposed of. */
  #enqueue(operation: () => Promise<void> | void): void {
    this.#queue = this.#queue
      .then(() => (this.#disposed ? undefined : operation()))
      .catch((cause: unknown) => this.#fail(cause));
  }

  async #judged(): Promise<void> {
    await this.#queue;
    if (this.#failure) throw this.#failure;
  }

  #fail(cause: unknown): void {
    if (this.#disposed) return;
    this.#failure = failure(cause);
    this.dispose();
    this.#onFailure(this.#failure);
  }

  #report(event: FrameProcessorEvent): void {
    if (this.#disposed) return;
    if (event.msg === Message.FrameProcessed) this.#frames++;
    const timeMs = this.#frames * FRAME_MS;
    switch (event.msg) {
      case Message.FrameProcessed:
        this.emit("frame", { probability: event.probs.isSpeech, samples: event.frame, timeMs });
        this.#setVoiced(event.probs.isSpeech > this.#voiceThreshold);
        break;
      case Message.SpeechStart:
        this.emit("speechstart", { timeMs: timeMs - FRAME_MS });
        break;
      case Message.SpeechRealStart:
        this.emit("speechrealstart", { timeMs });
        this.#handOut(this.#unparted, timeMs);
        break;
      case Message.VADMisfire:
        this.#parted = 0;
        this.emit("misfire", { timeMs });
        break;
      case Message.SpeechEnd:
        this.#endSegment(event.audio, timeMs, false);
        break;
    }
  }

  /** Frames of the segment under way that were in no part. */
  get #unparted(): Float32Array[] {
    return this.#processor.audioBuffer.slice(this.#parted).map(({ frame }) => frame);
  }

  #handOutFull(): void {
    const { speaking, speechRealStartFired, speechFrameCount, minSpeechFrames, audioBuffer } =
      this.#processor;
    const certain = speechRealStartFired || speechFrameCount >= minSpeechFrames;
    if (speaking && certain && audioBuffer.length - this.#parted >= this.#partFrames)
      this.#handOut(this.#unparted, this.#frames * FRAME_MS);
  }

  /** The segment keeps its frames, so this makes a copy. */
  #handOut(frames: readonly Float32Array[], endMs: number): void {
    if (!this.has("speechpart")) return;
    const audio = joinSamples(frames).slice();
    this.#parted += audio.length / FRAME_SAMPLES;
    if (audio.length > 0) this.emit("speechpart", stretch(audio, endMs));
  }

  #endSegment(audio: Float32Array, endMs: number, continues: boolean): void {
    this.#handOut([audio.subarray(this.#parted * FRAME_SAMPLES)], endMs);
    this.#parted = Math.max(0, this.#parted - audio.length / FRAME_SAMPLES);
    this.emit("speechend", { ...stretch(audio, endMs), continues });
  }

  /** Hands out what is longer than `maxSegmentMs`. */
  #cut(): void {
    const { speaking, audioBuffer } = this.#processor;
    while (speaking && audioBuffer.length >= this.#maxFrames) {
      const piece = audioBuffer.splice(0, this.#maxFrames).map(({ frame }) => frame);
      const endMs = (this.#frames - audioBuffer.length) * FRAME_MS;
      this.#endSegment(joinSamples(piece), endMs, true);
    }
  }

  #setVoiced(active: boolean): void {
    if (active === this.#voiced) return;
    this.#voiced = active;
    this.emit("voice", { active, timeMs: this.#frames * FRAME_MS });
  }
}
