/** From the events of the C side to those of the classes. */
import {
  VP_VAD_FRAME,
  VP_VAD_FRAME_SAMPLES,
  VP_VAD_MISFIRE,
  VP_VAD_RATE_HZ,
  VP_VAD_SEGMENT_PART,
  VP_VAD_SPEECH_END,
  VP_VAD_SPEECH_PART,
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
const NOTHING = new Float32Array(0);
const SAMPLES_PER_MS = VP_VAD_RATE_HZ / 1000;

/** Times are milliseconds of audio since the stream began. */
export interface SpeechEvents {
  /** The first frame at or above the positive threshold; a misfire may follow. */
  speechstart: { readonly timeMs: number };
  /** The speech has reached its minimum and will not be a misfire. */
  speechrealstart: { readonly timeMs: number };
  /**
   * What came since the part before: of certain speech only, while it is spoken. The first part comes
   * with the real start and begins with the pad, further ones whenever `partMs` are full, and the last
   * one just before `speechend`, whose `audio` is all of them one after the other. Made only while
   * someone listens; who begins in mid-speech is given what was missed with the first part.
   */
  speechpart: {
    readonly audio: Float32Array;
    readonly startMs: number;
    readonly endMs: number;
  };
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
  /**
   * The speech was shorter than the minimum. Segments it continued are void, and so are parts, of
   * which there are some only when the minimum was raised after the real start.
   */
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

/** What is made only while someone listens: every report costs. */
export interface Reports {
  readonly frames: boolean;
  readonly voice: boolean;
  readonly parts: boolean;
}

/** Of something that nobody listens to yet. */
export const NOTHING_REPORTED: Reports = { frames: false, voice: false, parts: false };

/** @internal */
export function isReported(type: keyof SpeechEvents): boolean {
  return type === "frame" || type === "voice" || type === "speechpart";
}

/** Turns raw events into {@link SpeechEvents}; the base of everything that hears speech. */
export abstract class SpeechEmitter extends Emitter<SpeechEvents> {
  /** Whether a full segment buffer ends the segment, or only fills its next part. */
  readonly #cutSegments: boolean;
  /** The segment so far, as it passed from C in pieces. */
  #pieces: Float32Array[] = [];
  /** Pieces whose audio was in parts; those that came before the speech was certain were not. */
  #parted = 0;
  /** Whether the segment has had a part, so that further pieces bring nothing new. */
  #certain = false;

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
      case VP_VAD_SPEECH_PART:
        this.#certain = true;
        this.#handOut(audio, endMs);
        break;
      case VP_VAD_SEGMENT_PART:
        this.#keep(audio);
        if (this.#cutSegments) this.#endSegment(endMs, true);
        break;
      case VP_VAD_SPEECH_END:
        this.#keep(audio);
        this.#endSegment(endMs, false);
        this.#certain = false;
        break;
      case VP_VAD_MISFIRE:
        this.forget();
        this.emit("misfire", { timeMs: endMs });
        break;
    }
  }

  /** @internal */
  protected get reports(): Reports {
    return {
      frames: this.has("frame"),
      voice: this.has("voice"),
      parts: this.has("speechpart"),
    };
  }

  /** @internal Drops a segment that will never end. */
  protected forget(): void {
    this.#pieces = [];
    this.#parted = 0;
    this.#certain = false;
  }

  #keep(audio: Float32Array | null): void {
    if (audio) this.#pieces.push(audio);
    if (this.#certain) this.#parted = this.#pieces.length;
  }

  /** Pieces stay ours: they are joined with `newest`, which makes a copy, even if that is nothing. */
  #handOut(newest: Float32Array | null, endMs: number): void {
    const missed = this.#pieces.slice(this.#parted);
    this.#parted = this.#pieces.length;
    const audio = joinSamples([...missed, newest ?? NOTHING]);
    if (audio.length > 0) this.emit("speechpart", stretch(audio, endMs));
  }

  #endSegment(endMs: number, continues: boolean): void {
    if (this.has("speechpart")) this.#handOut(null, endMs);
    const audio = joinSamples(this.#pieces);
    this.#pieces = [];
    this.#parted = 0;
    this.emit("speechend", { ...stretch(audio, endMs), continues });
  }
}

/** @internal Audio with its times. */
export function stretch(audio: Float32Array, endMs: number): SpeechEvents["speechpart"] {
  return { audio, startMs: endMs - audio.length / SAMPLES_PER_MS, endMs };
}
