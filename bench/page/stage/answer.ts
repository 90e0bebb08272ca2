/** One turn: what the server says is spoken and shown in its order, until it says that it is over. */
import type { Scope } from "voicepath";
import type { SubtitleControls } from "voicepath/react";
import type { AudioMessage } from "../subtitle/turn";
import type { ServerMessage } from "./protocol";
import type { Speaker } from "./speaker";

export class Answer {
  readonly #scope: Scope;
  readonly #speaker: Speaker;
  readonly #subtitle: SubtitleControls;
  readonly #heard: () => void;
  #speaking: Promise<void> = Promise.resolve();
  #resolve: () => void = () => {};
  /** The turn is over, or was given up. */
  readonly done: Promise<void>;

  /** @param heard - called when all has been spoken */
  constructor(owner: Scope, speaker: Speaker, subtitle: SubtitleControls, heard: () => void) {
    this.#scope = owner.scope("turn");
    this.#speaker = speaker;
    this.#subtitle = subtitle;
    this.#heard = heard;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#scope.defer(() => this.#resolve());
    subtitle.begin();
  }

  hear(message: ServerMessage): void {
    if (this.#scope.disposed) return;
    switch (message.type) {
      case "audio":
        this.#speaking = this.#speaking.then(() => this.#speak(message));
        break;
      case "backend-synth-complete":
        void this.#speaking.then(() => {
          if (!this.#scope.disposed) this.#heard();
        });
        break;
      case "control":
        if (message.text === "conversation-chain-end") this.dispose();
        break;
    }
  }

  dispose(): void {
    if (!this.#scope.disposed) this.#scope[Symbol.dispose]();
  }

  async #speak(message: AudioMessage): Promise<void> {
    if (this.#scope.disposed) return;
    const { volumes, slice_length: sliceMs, display_text } = message;
    const cue = this.#subtitle.add(display_text.text, { clip: { volumes, sliceMs } });
    await this.#speaker.play(message, () => this.#subtitle.start(cue));
  }
}
