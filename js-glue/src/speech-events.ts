/** From the events of the C side to those of the classes. */
import {
  VP_VAD_FRAME,
  VP_VAD_FRAME_SAMPLES,
  VP_VAD_MISFIRE,
  VP_VAD_RATE_HZ,
  VP_VAD_SEGMENT_PART,
  VP_VAD_SPEECH_END,
  VP_VAD_SPEECH_REAL_START,
  VP_VAD_SPEECH_START,
  VP_VAD_VOICE_OFF,
  VP_VAD_VOICE_ON,
} from "./abi.gen.js";
import { Emitter } from "./emitter.js";
import { joinSamples } from "./samples.js";

/** Samples a second of the audio in events. */
export const SPEECH_RATE_HZ = VP_VAD_RATE_HZ;
/** Milliseconds that one probability stands for. */
export const FRAME_MS = (VP_VAD_FRAME_SAMPLES * 1000) / VP_VAD_RATE_HZ;
const SAMPLES_PER_MS = VP_VAD_RATE_HZ / 1000;

/** Times are milliseconds of audio since the stream began. */
export interface SpeechEvents {
  /** The first frame at or above the positive threshold; a misfire may follow. */
  speechstart: { readonly timeMs: number };
  /** The speech has reached its minimum and will not be a misfire. */
  speechrealstart: { readonly timeMs: number };
  /**
   * Speech ended. `audio` is mono at 16 kHz, from `startMs` (with the pad before the speech) to
   * `endMs` (with the redemption time after it); full scale is -1 to 1, which the peaks of resampled
   * audio may exceed a little. `continues` is true when `maxSegmentMs` cut it and
   * the next segment follows without a gap.
   */
  speechend: {
    readonly audio: Float32Array;
    readonly startMs: number;
    readonly endMs: number;
    readonly continues: boolean;
  };
  /** The speech was shorter than the minimum. Segments it continued are void. */
  misfire: { readonly timeMs: number };
  /** The probability rose above the voice threshold, or fell back. */
  voice: { readonly active: boolean; readonly timeMs: number };
  /** A frame was judged. `samples` are its 512 samples. */
  frame: { readonly probability: number; readonly samples: Float32Array; readonly timeMs: number };
}

/** One event as the C side, or the worklet, reports it; the audio is owned by the receiver. */
export interface RawSpeechEvent {
  readonly kind: number;
  /** Frames since the stream began, including the one of the event. */
  readonly frame: number;
  readonly probability: number;
  readonly audio: Float32Array | null;
}

/** Turns raw events into {@link SpeechEvents}; the base of everything that hears speech. */
export abstract class SpeechEmitter extends Emitter<SpeechEvents> {
  /** Whether a full segment buffer ends the segment, or only fills its next part. */
  readonly #cutSegments: boolean;
  #parts: Float32Array[] = [];

  protected constructor(cutSegments: boolean) {
    super();
    this.#cutSegments = cutSegments;
  }

  /** @internal */
  protected receive({ kind, frame, probability, audio }: RawSpeechEvent): void {
    const endMs = frame * FRAME_MS;
    switch (kind) {
      case VP_VAD_FRAME:
        if (audio) this.emit("frame", { probability, samples: audio, timeMs: endMs });
        break;
      case VP_VAD_VOICE_ON:
      case VP_VAD_VOICE_OFF:
        this.emit("voice", { active: kind === VP_VAD_VOICE_ON, timeMs: endMs });
        break;
      case VP_VAD_SPEECH_START:
        this.emit("speechstart", { timeMs: endMs - FRAME_MS });
        break;
      case VP_VAD_SPEECH_REAL_START:
        this.emit("speechrealstart", { timeMs: endMs });
        break;
      case VP_VAD_SEGMENT_PART:
        if (audio) this.#parts.push(audio);
        if (this.#cutSegments) this.#endSegment(endMs, true);
        break;
      case VP_VAD_SPEECH_END:
        if (audio) this.#parts.push(audio);
        this.#endSegment(endMs, false);
        break;
      case VP_VAD_MISFIRE:
        this.#parts = [];
        this.emit("misfire", { timeMs: endMs });
        break;
    }
  }

  /** @internal Drops the parts of a segment that will never end. */
  protected forget(): void {
    this.#parts = [];
  }

  #endSegment(endMs: number, continues: boolean): void {
    const audio = joinSamples(this.#parts);
    this.#parts = [];
    this.emit("speechend", {
      audio,
      startMs: endMs - audio.length / SAMPLES_PER_MS,
      endMs,
      continues,
    });
  }
}
