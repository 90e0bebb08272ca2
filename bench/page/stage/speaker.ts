/** The character's voice: clips one after the other through a PlayerNode, and how loud they are now. */
import { PlayerNode, type Scope } from "voicepath";
import type { AudioMessage } from "../subtitle/turn";

export class Speaker {
  readonly #context: AudioContext;
  readonly #player: PlayerNode;
  /** The one that is heard. */
  #message: AudioMessage | null = null;

  private constructor(context: AudioContext, player: PlayerNode) {
    this.#context = context;
    this.#player = player;
  }

  /** Speaks until the scope ends. @throws VoicepathError */
  static async open(scope: Scope): Promise<Speaker> {
    const context = scope.audioContext().value;
    const player = await scope.acquire(
      "player",
      (signal) => PlayerNode.create(context, { rateHz: context.sampleRate, signal }),
      (node) => node.dispose(),
    );
    player.value.node.connect(context.destination);
    return new Speaker(context, player.value);
  }

  /** 0 to 1. */
  get level(): number {
    if (!this.#message) return 0;
    const { volumes, slice_length } = this.#message;
    return volumes[Math.floor((1000 * this.#player.playedSeconds) / slice_length)] ?? 0;
  }

  /** Until it has been heard. */
  async play(message: AudioMessage, started: () => void): Promise<void> {
    if (message.audio === null) return;
    const bytes = Uint8Array.from(atob(message.audio), (char) => char.charCodeAt(0));
    const clip = await this.#context.decodeAudioData(bytes.buffer);
    if (this.#player.disposed) return;
    this.#message = message;
    this.#player.push(clip.getChannelData(0));
    started();
    await this.#player.end();
    this.#message = null;
  }
}
