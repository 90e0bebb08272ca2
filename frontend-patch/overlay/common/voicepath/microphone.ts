/**
 * The page's one microphone: opened at the first start, and from then on only paused and started. What
 * counts is what was asked last, however long an earlier start still takes.
 */
import { getDefaultRealTimeVADOptions, MicVAD, VoicepathError } from "voicepath/vad-web";
import type { VADSettings } from "@/context/vad-context";

export interface MicrophoneEvents {
  /** Perhaps speech; a misfire may follow. */
  onSpeechStart(): void;
  /** Speech, from here on. */
  onSpeechRealStart(): void;
  /** What was said since the part before. */
  onSpeechPart(audio: Float32Array): void;
  /** All of it was handed out in parts. */
  onSpeechEnd(): void;
  onVADMisfire(): void;
  /** The first frame after a start, or after the start of speech, was judged. */
  onFrame(probability: number): void;
  /** It is off, and was not told to be. */
  onError(error: VoicepathError): void;
}

/** As the frontend asks for: frames of 32 ms. */
const PAD_FRAMES = 20;
/** Ten minutes. */
const MAX_REDEMPTION_FRAMES = 18_750;
/** What vad-web 0.0.24 takes for its model v5 when nothing is said. */
const MIN_SPEECH_FRAMES = 9;

/** Whose identity tells MicVAD that nobody wants frames. */
const { onFrameProcessed: NO_FRAMES } = getDefaultRealTimeVADOptions("v5");

/** What a settings panel gives may be anything that somebody typed. */
function requireNumber(option: keyof VADSettings, value: unknown, max: number): number {
  if (typeof value === "number" && value >= 0 && value <= max) return value;
  const range = `a number, 0 to ${max}`;
  throw new VoicepathError("OPTION", `${option} is ${JSON.stringify(value)}; it must be ${range}`, {
    option,
    value,
    range,
  });
}

/** @throws VoicepathError OPTION */
function thresholds(settings: VADSettings) {
  const { positiveSpeechThreshold, negativeSpeechThreshold, redemptionFrames } = settings;
  const positive = requireNumber("positiveSpeechThreshold", positiveSpeechThreshold, 100);
  return {
    positiveSpeechThreshold: positive / 100,
    negativeSpeechThreshold:
      requireNumber("negativeSpeechThreshold", negativeSpeechThreshold, positive) / 100,
    redemptionFrames: Math.round(
      requireNumber("redemptionFrames", redemptionFrames, MAX_REDEMPTION_FRAMES),
    ),
  };
}

export class Microphone {
  readonly #events: MicrophoneEvents;
  #settings: VADSettings;
  #opening: Promise<MicVAD> | undefined;
  #vad: MicVAD | undefined;
  /** The number of what was asked last. */
  #asked = 0;

  constructor(events: MicrophoneEvents, settings: VADSettings) {
    this.#events = events;
    this.#settings = settings;
  }

  /**
   * @returns whether it is on; false when something else was asked meanwhile
   * @throws what MicVAD throws; it is off then, and may be started again
   */
  async start(): Promise<boolean> {
    const asked = ++this.#asked;
    const vad = await this.#open();
    if (asked !== this.#asked) return false;
    if (!vad.listening) this.#watchFrame(vad);
    await vad.start();
    return asked === this.#asked && vad.listening;
  }

  /** The microphone is off when this returns, but for the browser's own time. */
  stop(): void {
    this.#asked++;
    this.#vad?.pause().catch(reportError);
  }

  /** From the next frame on. @throws VoicepathError OPTION; nothing is changed then */
  configure(settings: VADSettings): void {
    const checked = thresholds(settings);
    this.#vad?.setOptions(checked);
    this.#settings = settings;
  }

  dispose(): void {
    this.#asked++;
    const vad = this.#opening;
    this.#opening = undefined;
    this.#vad = undefined;
    vad?.then((opened) => opened.destroy()).catch(() => {});
  }

  /** Shared by starts that come while it is under way; after a failure the next one tries again. */
  async #open(): Promise<MicVAD> {
    if (this.#opening) return this.#opening;
    const { onFrame: _, ...callbacks } = this.#events;
    const settings = this.#settings;
    const opening = MicVAD.new({
      model: "v5",
      startOnLoad: false,
      preSpeechPadFrames: PAD_FRAMES,
      minSpeechFrames: MIN_SPEECH_FRAMES,
      ...thresholds(settings),
      ...callbacks,
      onSpeechStart: () => {
        this.#events.onSpeechStart();
        if (this.#vad) this.#watchFrame(this.#vad);
      },
    }).then((vad) => {
      if (this.#settings !== settings) vad.setOptions(thresholds(this.#settings));
      if (this.#opening === opening) this.#vad = vad;
      return vad;
    });
    this.#opening = opening;
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    return opening;
  }

  /** One frame crosses from the audio thread, and no more. */
  #watchFrame(vad: MicVAD): void {
    vad.setOptions({
      onFrameProcessed: ({ isSpeech }) => {
        vad.setOptions({ onFrameProcessed: NO_FRAMES });
        this.#events.onFrame(isSpeech);
      },
    });
  }
}
