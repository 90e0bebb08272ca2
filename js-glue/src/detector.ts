/** The JavaScript end of vp_vad and vp_mic, which take different audio and report alike. */
import {
  type Pointer,
  VP_RATE_MAX_HZ,
  VP_RATE_MIN_HZ,
  VP_VAD_RATE_HZ,
  vp_mic_config,
  vp_vad_event,
  vp_vad_output,
} from "./abi.gen.js";
import { checkStatus, requireInteger, requireSamples } from "./errors.js";
import { Handle, type Heap } from "./handle.js";
import type { VadModel } from "./model.js";
import {
  isReported,
  NOTHING_REPORTED,
  type RawSpeechEvent,
  SpeechEmitter,
  type SpeechEvents,
} from "./speech-events.js";
import {
  changedConfig,
  type DetectorConfig,
  detectorConfig,
  type EndpointOptions,
  type SpeechOptions,
  writeDetectorConfig,
} from "./speech-options.js";
import type { AudioModule } from "./wasm.js";

/** Samples copied into the heap at a time. */
const STAGING_SAMPLES = 4096;

interface DetectorPointers {
  readonly object: number;
  readonly config: Pointer<"vp_vad_config">;
  readonly output: Pointer<"vp_vad_output">;
  readonly staging: Pointer<"float">;
}

/** What differs between vp_vad and vp_mic. */
interface DetectorFunctions {
  configure(object: number, config: number): number;
  push(object: number, samples: number, count: number, output: number): number;
  end(object: number, output: number): number;
  reset(object: number): void;
}

/**
 * A vp_vad or vp_mic with its buffers. Pushing makes no garbage unless an event has audio.
 *
 * @internal
 */
export class Detector {
  readonly #audio: AudioModule;
  readonly #model: VadModel | null;
  readonly #functions: DetectorFunctions;
  readonly #handle: Handle<string>;
  readonly #at: DetectorPointers;
  readonly #receive: (event: RawSpeechEvent) => void;

  /**
   * @param rateHz - of what is pushed; `undefined` for 16 kHz audio that needs no resampler
   * @param model - `null` when frames are judged elsewhere: what is pushed is only reported then
   * @param receive - is given every event, before {@link push} returns
   */
  constructor(
    audio: AudioModule,
    name: string,
    rateHz: number | undefined,
    config: DetectorConfig,
    model: VadModel | null,
    receive: (event: RawSpeechEvent) => void,
  ) {
    const { exports, heap } = audio;
    const blocks: number[] = [];
    const allocate = (bytes: number): number => {
      const at = heap.allocate(bytes);
      blocks.push(at);
      return at;
    };
    const modelPointer = model?.acquire(audio) ?? 0;
    try {
      const output = allocate(vp_vad_output.size);
      heap.u8.fill(0, output, output + vp_vad_output.size);
      const staging = allocate(STAGING_SAMPLES * Float32Array.BYTES_PER_ELEMENT);
      const micConfig = allocate(vp_mic_config.size);
      const vadConfig = micConfig + vp_mic_config.fields.vad.offset;
      writeDetectorConfig(heap, vadConfig, config.values, model === null);
      heap.u32[(micConfig + vp_mic_config.fields.rate_hz.offset) >> 2] = rateHz ?? VP_VAD_RATE_HZ;
      const isMic = rateHz !== undefined;
      const size = checkStatus(
        isMic ? exports.vp_mic_size(micConfig) : exports.vp_vad_size(vadConfig),
      );
      const object = allocate(size);
      checkStatus(
        isMic
          ? exports.vp_mic_init(object, size, micConfig, modelPointer)
          : exports.vp_vad_init(object, size, vadConfig, modelPointer),
      );
      this.#at = { object, config: vadConfig, output, staging };
      this.#functions = isMic
        ? {
            configure: exports.vp_mic_configure,
            push: exports.vp_mic_push,
            end: exports.vp_mic_end,
            reset: exports.vp_mic_reset,
          }
        : {
            configure: exports.vp_vad_configure,
            push: exports.vp_vad_push,
            end: exports.vp_vad_end,
            reset: exports.vp_vad_reset,
          };
      this.#handle = new Handle(
        heap,
        name,
        object,
        blocks.filter((block) => block !== object),
      );
    } catch (error) {
      for (const block of blocks) heap.free(block);
      model?.release(audio);
      throw error;
    }
    this.#audio = audio;
    this.#model = model;
    this.#receive = receive;
  }

  get disposed(): boolean {
    return this.#handle.disposed;
  }

  /** Of the newest frame; 0 before the first. */
  get probability(): number {
    this.#handle.pointer;
    return this.#heap.f32[(this.#at.output + vp_vad_output.fields.probability.offset) >> 2] ?? 0;
  }

  configure(config: DetectorConfig): void {
    const object = this.#handle.pointer;
    writeDetectorConfig(this.#heap, this.#at.config, config.values, this.#model === null);
    checkStatus(this.#functions.configure(object, this.#at.config));
  }

  push(samples: Float32Array): void {
    this.#push(this.#functions.push, this.#handle.pointer, samples);
  }

  /** Feeds 16 kHz audio past the resampler of a vp_mic. */
  pushResampled(samples: Float32Array): void {
    const { exports } = this.#audio;
    const mic: number = this.#handle.pointer;
    this.#push(exports.vp_vad_push, exports.vp_mic_vad(mic), samples);
  }

  /** Feeds one frame of 16 kHz audio with its probability to a vp_vad. */
  pushJudged(frame: Float32Array, probability: number): void {
    const vad: number = this.#handle.pointer;
    const { staging, output } = this.#at;
    this.#heap.f32.set(frame, staging >> 2);
    const { vp_vad_push_judged } = this.#audio.exports;
    const events = checkStatus(vp_vad_push_judged(vad, staging, probability, output));
    if (events > 0) this.#deliver(events);
  }

  #push(push: DetectorFunctions["push"], object: number, samples: Float32Array): void {
    const heap = this.#heap;
    const { staging, output } = this.#at;
    for (let from = 0; from < samples.length; from += STAGING_SAMPLES) {
      const count = Math.min(samples.length - from, STAGING_SAMPLES);
      heap.f32.set(
        count === samples.length ? samples : samples.subarray(from, from + count),
        staging >> 2,
      );
      for (let taken = 0, events = 1; events > 0 || taken < count; ) {
        events = checkStatus(push(object, staging + 4 * taken, count - taken, output));
        taken += heap.u32[(output + vp_vad_output.fields.consumed.offset) >> 2] ?? 0;
        if (events > 0) this.#deliver(events);
        // A listener may have disposed of this.
        if (this.#handle.disposed) return;
      }
    }
  }

  end(): void {
    const { object, output } = this.#at;
    this.#handle.pointer;
    while (!this.#handle.disposed) {
      const events = checkStatus(this.#functions.end(object, output));
      if (events === 0) return;
      this.#deliver(events);
    }
  }

  reset(): void {
    this.#functions.reset(this.#handle.pointer);
    this.#heap.f32[(this.#at.output + vp_vad_output.fields.probability.offset) >> 2] = 0;
  }

  dispose(): void {
    if (this.#handle.disposed) return;
    this.#handle.dispose();
    this.#model?.release(this.#audio);
  }

  get #heap(): Heap {
    return this.#audio.heap;
  }

  /** Copies all events out before the first listener runs, which may push or dispose. */
  #deliver(count: number): void {
    const { u32, f32 } = this.#heap;
    const { output } = this.#at;
    const { fields } = vp_vad_output;
    const frame = u32[(output + fields.frame.offset) >> 2] ?? 0;
    const probability = f32[(output + fields.probability.offset) >> 2] ?? 0;
    const events: RawSpeechEvent[] = [];
    for (let i = 0; i < count; i++) {
      const at = output + fields.events.offset + i * vp_vad_event.size;
      const length = u32[(at + vp_vad_event.fields.audio_samples.offset) >> 2] ?? 0;
      const audio = (u32[(at + vp_vad_event.fields.audio.offset) >> 2] ?? 0) >> 2;
      events.push({
        kind: u32[(at + vp_vad_event.fields.kind.offset) >> 2] ?? 0,
        frame,
        probability,
        audio: length > 0 ? f32.slice(audio, audio + length) : null,
      });
    }
    for (const event of events) this.#receive(event);
  }
}

export interface DetectorOptions extends SpeechOptions {
  /** `null`: frames are only reported, with the probability 0, to be judged by who listens. */
  readonly model: VadModel | null;
  /** Disposes of the object when aborted. */
  readonly signal?: AbortSignal;
}

/** What owns a detector: its events, its options, its lifetime. */
export abstract class DetectorOwner extends SpeechEmitter implements Disposable {
  /** @internal */
  protected readonly detector: Detector;
  readonly #config: DetectorConfig;
  #options: SpeechOptions;

  /** @internal */
  protected constructor(
    audio: AudioModule,
    name: string,
    rateHz: number | undefined,
    options: DetectorOptions,
  ) {
    options.signal?.throwIfAborted();
    const config = detectorConfig(options, NOTHING_REPORTED);
    super(config.cutSegments);
    this.#config = config;
    this.#options = { ...options };
    this.detector = new Detector(audio, name, rateHz, config, options.model, (event) =>
      this.receive(event),
    );
    options.signal?.addEventListener("abort", () => this.dispose(), { once: true });
  }

  /** The speech probability of the newest frame, 0 to 1; 0 before the first. */
  get probability(): number {
    return this.detector.probability;
  }

  get disposed(): boolean {
    return this.detector.disposed;
  }

  /**
   * Changes options, from the next frame on.
   *
   * @throws VoicepathError OPTION, also when the pad no longer fits the memory for segments; nothing
   *   is changed then
   */
  setOptions(update: EndpointOptions): void {
    const next = { ...this.#options, ...update };
    this.#configure(next);
    this.#options = next;
  }

  /** Gives the memory back. Harmless when repeated. */
  dispose(): void {
    this.detector.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #configure(options: SpeechOptions): void {
    this.detector.configure(changedConfig(this.#config, options, this.reports));
  }

  /** @internal */
  protected override listenersChanged(type: keyof SpeechEvents): void {
    if (isReported(type) && !this.disposed) this.#configure(this.#options);
  }
}

/** What {@link Vad} and {@link Mic} share. */
export abstract class SpeechDetector extends DetectorOwner {
  /**
   * Hears samples; listeners run before this returns. Full scale is -1 to 1; NaN and infinity count
   * as 0.
   *
   * @throws VoicepathError OPTION when `samples` is no Float32Array, DISPOSED
   */
  push(samples: Float32Array): void {
    this.detector.push(requireSamples("samples", samples));
  }

  /**
   * The stream ends: a segment under way gives `speechend` or `misfire`, and the next push starts a
   * new stream.
   */
  end(): void {
    this.detector.end();
  }

  /** Forgets everything heard, without events. */
  reset(): void {
    this.detector.reset();
    this.forget();
  }
}

/** @internal */
export function requireRateHz(option: string, value: unknown): number {
  return requireInteger(option, value, VP_RATE_MIN_HZ, VP_RATE_MAX_HZ);
}
