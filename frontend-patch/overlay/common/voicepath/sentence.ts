/**
 * One sentence of the AI: its text goes to the chat when its turn comes, its sound to the voice, and
 * while it is heard the subtitles, the mouth and the expression follow it.
 */
import type { WireClip } from "voicepath";
import type { DisplayText } from "@/services/websocket-service";
import { audioManager } from "@/utils/audio-manager";
import { currentAdapter, currentModel, gesture, moveMouth } from "@/voicepath/character";
import { durationMs, expectedMs, isTold, type Loudness, levelAt } from "@/voicepath/clip";
import type { Subtitles } from "@/voicepath/subtitles";
import { reason, toast } from "@/voicepath/toasts";
import { markTurn } from "@/voicepath/turn-marks";
import { openVoice, type Voice } from "@/voicepath/voice";
import { openWire } from "@/voicepath/wire";

export interface SentenceOptions {
  /** A WAV file; empty for a sentence without sound. */
  audioBase64: string;
  volumes: number[];
  /** In ms. */
  sliceLength: number;
  displayText?: DisplayText | null;
  expressions?: string[] | number[] | null;
  speaker_uid?: string;
  /** From another member of the group, who tells the others. */
  forwarded?: boolean;
}

/** Where it is said and shown. */
export interface Stage {
  readonly subtitles?: Subtitles | undefined;
  t(key: string): string;
  setSubtitleText(text: string): void;
  appendResponse(text: string): void;
  appendAIMessage(text: string, name?: string, avatar?: string): void;
  sendMessage(message: object): void;
  setExpression(expression: string | number, adapter: unknown): void;
}

export class SpokenSentence {
  readonly #options: SentenceOptions;
  /** As it is now: the frontend makes new functions with every render. */
  readonly #stage: () => Stage;
  readonly #told: Loudness;
  readonly #life = new AbortController();
  #late = false;

  constructor(options: SentenceOptions, stage: () => Stage) {
    this.#options = options;
    this.#stage = stage;
    this.#told = { levels: options.volumes, sliceMs: options.sliceLength };
  }

  /** Of its sound, before that is decoded. */
  get expectedMs(): number {
    const { audioBase64 } = this.#options;
    return audioBase64 ? expectedMs(audioBase64, this.#told) : 0;
  }

  /** Nobody waits for its sound any more: what is left of it is only shown. */
  readonly hurry = (): void => {
    this.#late = true;
    this.#life.abort();
  };

  /** Resolves when it was heard, was cut, or cannot be heard. */
  async speak(interrupted: AbortSignal): Promise<void> {
    interrupted.addEventListener("abort", () => this.#life.abort(), { once: true });
    this.#show();
    if (!this.#options.audioBase64) return;
    try {
      await this.#say();
    } catch (error) {
      this.#late = true;
      toast("playback", `${this.#stage().t("error.audioPlayback")}: ${reason(error)}`);
    }
    if (this.#late) this.#stage().setSubtitleText(this.#text);
  }

  get #text(): string {
    return this.#options.displayText?.text ?? "";
  }

  #show(): void {
    const { displayText, forwarded } = this.#options;
    if (!displayText) return;
    const { appendResponse, appendAIMessage, sendMessage } = this.#stage();
    appendResponse(displayText.text);
    appendAIMessage(displayText.text, displayText.name, displayText.avatar);
    if (forwarded) return;
    sendMessage({ type: "audio-play-start", display_text: displayText, forwarded: true });
  }

  async #say(): Promise<void> {
    if (this.#life.signal.aborted) return;
    const [voice, wire] = await Promise.all([openVoice(), openWire()]);
    const clip = wire.decodeClip(this.#options.audioBase64);
    if (this.#life.signal.aborted) return;
    const sound = { stop: () => this.#life.abort() };
    audioManager.setCurrentAudio(sound, currentModel());
    try {
      await this.#play(voice, clip);
    } finally {
      audioManager.clearCurrentAudio(sound);
    }
  }

  async #play(voice: Voice, clip: WireClip): Promise<void> {
    const { volumes, sliceLength: sliceMs } = this.#options;
    const told = isTold(this.#told);
    const loudness = told ? this.#told : clip;
    const { subtitles, setSubtitleText } = this.#stage();
    const text = this.#text;
    const spoken = text
      ? subtitles?.speak(text, told ? { volumes, sliceMs } : { durationMs: durationMs(clip) })
      : undefined;
    let closeMouth = (): void => {};
    try {
      const heard = await voice.play(clip, {
        signal: this.#life.signal,
        onStart: (atMs) => {
          markTurn("firstAudio");
          if (spoken) spoken.started(atMs);
          else if (text) setSubtitleText(text);
          closeMouth = this.#move(() => levelAt(loudness, voice.playedSeconds));
        },
      });
      if (heard) spoken?.finished(performance.now());
    } finally {
      closeMouth();
    }
  }

  /** The character as it is when the sound starts. @returns what closes its mouth */
  #move(level: () => number): () => void {
    const model = currentModel();
    const adapter = currentAdapter();
    const expression = this.#options.expressions?.[0];
    if (adapter && expression !== undefined) this.#stage().setExpression(expression, adapter);
    gesture(model);
    return moveMouth(model, level);
  }
}
