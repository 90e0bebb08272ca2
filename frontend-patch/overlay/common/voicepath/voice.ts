/**
 * The page's one voice: an AudioContext and a player on its audio thread, made at the first sentence
 * and kept. Browsers let a page make no sound before the person has touched it; then the voice waits
 * for the next touch, and says so.
 */
import { type Owned, PlayerNode, type Scope } from "voicepath";
import { openApp } from "@/voicepath/app";
import { toast } from "@/voicepath/toasts";

/** Mono samples at their own rate. */
export interface VoiceClip {
  readonly samples: Float32Array;
  readonly rateHz: number;
}

export interface PlayOptions {
  /** Silence, from the next quantum on. */
  readonly signal: AbortSignal;
  /** Its first sample is heard, at this time of `performance.now()`. */
  onStart(atMs: number): void;
}

const BUFFER_SECONDS = 60;
/** Of a clip, pushed at a time. */
const PIECE_SECONDS = 10;
/** How long a context may take to wake up before the person is asked for a touch. */
const WAKE_MS = 300;
const GESTURES = ["pointerup", "keydown", "touchend"] as const;

export class Voice {
  readonly #scope: Scope;
  readonly #context: AudioContext;
  #player: Promise<Owned<PlayerNode>> | undefined;
  #rateHz = 0;
  /** What is heard; for {@link playedSeconds}. */
  #heard: PlayerNode | undefined;
  #waiting = false;

  private constructor(scope: Scope) {
    this.#scope = scope;
    this.#context = scope.audioContext().value;
  }

  /** @throws VoicepathError */
  static async open(): Promise<Voice> {
    const { scope } = await openApp();
    return new Voice(scope.scope("voice"));
  }

  /** How far the clip was heard. */
  get playedSeconds(): number {
    return this.#heard && !this.#heard.disposed ? this.#heard.playedSeconds : 0;
  }

  /**
   * One clip at a time.
   *
   * @returns whether it was heard to its last sample
   * @throws VoicepathError CONTEXT_UNUSABLE, WORKLET_FAILED, ASSET_*, WASM_*, OPTION for a rate that
   *   is none
   */
  async play({ samples, rateHz }: VoiceClip, { signal, onStart }: PlayOptions): Promise<boolean> {
    this.#wake();
    const player = await this.#playerFor(rateHz);
    if (signal.aborted) return false;
    let started = false;
    const stopListening = player.on("playing", ({ contextSeconds }) => {
      if (!started) onStart(this.#pageTimeMs(contextSeconds));
      started = true;
    });
    const cut = (): void => {
      if (!player.disposed) void player.clear();
    };
    signal.addEventListener("abort", cut, { once: true });
    this.#heard = player;
    try {
      await this.#push(player, samples, signal);
      return !signal.aborted && !player.disposed && (await player.end());
    } finally {
      this.#heard = undefined;
      signal.removeEventListener("abort", cut);
      stopListening();
    }
  }

  async #push(player: PlayerNode, samples: Float32Array, signal: AbortSignal): Promise<void> {
    const piece = PIECE_SECONDS * player.rateHz;
    for (let from = 0; from < samples.length; from += piece) {
      while (player.bufferedSeconds + PIECE_SECONDS > BUFFER_SECONDS && !signal.aborted)
        await new Promise<void>((resolve) => this.#scope.timeout(resolve, 1000));
      if (signal.aborted || player.disposed) return;
      player.push(samples.subarray(from, from + piece));
    }
  }

  /** A voice keeps its rate, so this is almost always the player that there is. */
  async #playerFor(rateHz: number): Promise<PlayerNode> {
    const before = await this.#player?.catch(() => undefined);
    if (before && this.#rateHz === rateHz && !before.value.disposed) return before.value;
    before?.dispose();
    this.#rateHz = rateHz;
    this.#player = this.#scope.acquire(
      "player",
      (signal) =>
        PlayerNode.create(this.#context, { rateHz, bufferSeconds: BUFFER_SECONDS, signal }),
      (player) => player.dispose(),
    );
    const { value } = await this.#player;
    value.node.connect(this.#context.destination);
    return value;
  }

  #pageTimeMs(contextSeconds: number): number {
    const { currentTime, outputLatency = 0 } = this.#context;
    return performance.now() + 1000 * (contextSeconds - currentTime + outputLatency);
  }

  /** Lets a context that the browser put to sleep go on, now or with the person's next touch. */
  #wake(): void {
    const context = this.#context;
    if (context.state === "running" || context.state === "closed" || this.#waiting) return;
    this.#waiting = true;
    const waiting = this.#scope.scope("touch");
    const resume = (): void => {
      // Refused until there is a touch: that is what the listeners are for.
      context.resume().catch(() => {});
    };
    waiting.listen(context, "statechange", () => {
      if (context.state !== "running" && context.state !== "closed") return;
      this.#waiting = false;
      waiting.dispose();
    });
    for (const gesture of GESTURES) waiting.listen(window, gesture, resume);
    waiting.timeout(() => {
      toast("touch", "The browser keeps this page silent until you click or press a key.", "info");
    }, WAKE_MS);
    resume();
  }
}

let opening: Promise<Voice> | undefined;

/** The page's; after a failure the next call tries again. @throws VoicepathError */
export function openVoice(): Promise<Voice> {
  opening ??= Voice.open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}
