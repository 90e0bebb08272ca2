/** Clips aloud. Where no sound comes out, a clip takes its time all the same. */
import type { Scope } from "voicepath";
import { sleep } from "./sleep";

/** How long a browser may think about whether it plays sound. */
const RESUME_MS = 1000;
/** How late a clip may say that it is over. */
const LATE_MS = 300;

export class Voice {
  readonly #scope: Scope;
  readonly #context: AudioContext;

  /** Speaks until the scope ends; to be made after a click, before which browsers are silent. */
  constructor(scope: Scope) {
    this.#scope = scope;
    this.#context = scope.audioContext().value;
  }

  /** Whether sound comes out. */
  async wake(): Promise<boolean> {
    await Promise.race([this.#context.resume(), sleep(this.#scope, RESUME_MS)]);
    return this.#context.state === "running";
  }

  /** @param wav - in base64 */
  decode(wav: string): Promise<AudioBuffer> {
    const bytes = Uint8Array.from(atob(wav), (char) => char.charCodeAt(0));
    return this.#context.decodeAudioData(bytes.buffer);
  }

  /**
   * Until it is over.
   *
   * @param started - given when it is heard, as performance.now()
   */
  async play(clip: AudioBuffer, started: (atMs: number) => void): Promise<void> {
    const source = new AudioBufferSourceNode(this.#context, { buffer: clip });
    source.connect(this.#context.destination);
    const ended = new Promise((resolve) => source.addEventListener("ended", resolve));
    source.start();
    const playing = this.#scope.defer(() => source.stop(), { kind: "clip" });
    started(performance.now() + 1000 * (this.#context.outputLatency || 0));
    await Promise.race([ended, sleep(this.#scope, 1000 * clip.duration + LATE_MS)]);
    playing.dispose();
  }
}
