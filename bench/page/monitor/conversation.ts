/** A conversation that goes on by itself: the user has spoken, and after a while the answer is heard. */
import type { Scope } from "voicepath";
import type { TurnControls } from "voicepath/react";

const TRANSCRIPTION_MS = 180;
const ANSWER_MS = 450;
const SPEECH_MS = 1400;
const PAUSE_MS = 900;
const SYLLABLE_MS = 190;

export class Conversation {
  readonly #turns: TurnControls;
  readonly #scope: Scope;
  #speakingSinceMs = Number.NaN;
  /** How much later than usual the model answers. */
  delayMs = 0;

  /** It goes on until the scope ends. */
  constructor(scope: Scope, turns: TurnControls) {
    this.#scope = scope;
    this.#turns = turns;
    this.#ask();
  }

  /** How far the mouth is open, 0 to 1. */
  level(): number {
    const sinceMs = performance.now() - this.#speakingSinceMs;
    return Number.isNaN(sinceMs) ? 0 : Math.sin((Math.PI * sinceMs) / SYLLABLE_MS) ** 2;
  }

  #ask(): void {
    const turns = this.#turns;
    turns.speechEnd();
    this.#after(TRANSCRIPTION_MS, () => {
      turns.transcription();
      this.#after(ANSWER_MS + this.delayMs, () => this.#answer());
    });
  }

  #answer(): void {
    this.#turns.firstAudio();
    this.#speakingSinceMs = performance.now();
    this.#after(SPEECH_MS, () => {
      this.#turns.end();
      this.#speakingSinceMs = Number.NaN;
      this.#after(PAUSE_MS, () => this.#ask());
    });
  }

  #after(ms: number, next: () => void): void {
    this.#scope.timeout(next, ms);
  }
}
