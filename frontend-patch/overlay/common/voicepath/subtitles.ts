/**
 * The subtitle of the page. A voice is shown as it is heard; a notice at once, until another one, or the
 * next voice. Without marks for the face such as [joy] or *waves*, of which a voice says nothing.
 */
import { type Scope, SubtitleBuffer, type SubtitleClip, VoicepathError } from "voicepath";
import type { App } from "@/voicepath/app";

export interface Spoken {
  /** Its sound starts; a time of `performance.now()`. */
  started(atMs: number): void;
  /** Its sound is over, and all of it was heard. */
  finished(atMs: number): void;
}

export interface Subtitles {
  /** A new turn: what still waits of the one before is dropped. */
  begin(): void;
  /** A sentence that will be heard, with what is known of its sound. */
  speak(
    text: string,
    clip: { volumes: readonly number[]; sliceMs: number } | { durationMs: number },
  ): Spoken;
  /** The character stops. @returns what was heard of the turn */
  interrupt(): string;
  /** A notice such as Thinking…; an empty one leaves nothing on show. */
  say(text: string): void;
}

/** What is on show: the voice in its buffer, or a notice. */
export interface Shown {
  readonly kind: "voice" | "notice";
  readonly text: string;
}

/** Changes what is on show. */
export type Show = (change: (before: Shown) => Shown) => void;

const TAGS = { bracket: "hide", star: "hide", think: "hide", paren: "show" } as const;
/** Between two sentences, and after the last one, until it fades. */
const LINGER_MS = 4000;
/** Of one sentence. The chat has all of a longer one. */
const UNITS_MAX = 4096;

function isNoRoom(error: unknown): boolean {
  return error instanceof VoicepathError && error.code === "VP_E_CAPACITY";
}

export class VoiceSubtitles implements Subtitles {
  readonly buffer: SubtitleBuffer;
  readonly #scope: Scope;
  readonly #show: Show;

  constructor({ scope, session }: App, show: Show) {
    const options = { cueUnits: UNITS_MAX, lingerMs: LINGER_MS, tags: TAGS };
    this.#scope = scope.scope("subtitles");
    this.buffer = this.#scope.use(SubtitleBuffer.create(session, options));
    this.#show = show;
  }

  begin(): void {
    this.buffer.begin();
  }

  speak(
    text: string,
    clip: { volumes: readonly number[]; sliceMs: number } | { durationMs: number },
  ): Spoken {
    // What is played is shown, also when nobody said that a turn begins.
    if (!this.buffer.accepting) this.buffer.begin();
    const cue = this.#add(text.slice(0, UNITS_MAX), clip);
    return {
      started: (atMs) => {
        if (cue === 0) this.say(text);
        else if (this.#told(() => this.buffer.start(cue, { atMs })))
          this.#show(() => ({ kind: "voice", text }));
      },
      finished: (atMs) => {
        if (cue !== 0) this.#told(() => this.buffer.finish(cue, atMs));
      },
    };
  }

  interrupt(): string {
    const { heard } = this.buffer.interrupt(performance.now());
    this.#show((before) => (before.kind === "voice" ? { kind: "voice", text: "" } : before));
    return heard;
  }

  say(text: string): void {
    this.#show(() => ({ kind: "notice", text }));
  }

  dispose(): void {
    void this.#scope.dispose();
  }

  /** Its serial; 0 when so much waits to be heard that there is no room: it will be a notice. */
  #add(text: string, clip: SubtitleClip): number {
    try {
      return this.buffer.add(text, { clip });
    } catch (error) {
      if (isNoRoom(error)) return 0;
      throw error;
    }
  }

  /** False for a cue that an interruption has dropped, and for a subtitle that is gone. */
  #told(tell: () => void): boolean {
    if (this.buffer.disposed) return false;
    try {
      tell();
      return true;
    } catch (error) {
      if (error instanceof VoicepathError && error.code === "VP_E_CUE") return false;
      throw error;
    }
  }
}
