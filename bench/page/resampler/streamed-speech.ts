/** A clip that comes in pieces, as from a server that speaks, and is heard as it comes. */
import { PlayerNode, type Scope } from "voicepath";

export const STREAM_RATE_HZ = 24000;
const PIECE_S = 0.1;
const PIECE_SAMPLES = STREAM_RATE_HZ * PIECE_S;
/** A server speaks faster than is heard, but nothing is won by being far ahead. */
const AHEAD_S = 0.4;
const ARRIVAL_MS = 50;

export class StreamedSpeech {
  readonly player: PlayerNode;
  readonly seconds: number;
  readonly contextRateHz: number;
  /** Nothing comes in, as when a network stalls. */
  held = false;
  readonly #pieces: Float32Array[];

  private constructor(player: PlayerNode, clip: Float32Array) {
    this.player = player;
    this.seconds = clip.length / STREAM_RATE_HZ;
    this.contextRateHz = player.node.context.sampleRate;
    this.#pieces = Array.from({ length: Math.ceil(clip.length / PIECE_SAMPLES) }, (_, i) =>
      clip.subarray(i * PIECE_SAMPLES, (i + 1) * PIECE_SAMPLES),
    );
  }

  /**
   * Speaks until the scope ends.
   *
   * @param clip - at {@link STREAM_RATE_HZ}
   * @param heard - called when the last of it was heard
   */
  static async start(scope: Scope, clip: Float32Array, heard: () => void): Promise<StreamedSpeech> {
    const context = scope.audioContext().value;
    const { signal } = scope;
    const options = { rateHz: STREAM_RATE_HZ, adjustable: true, signal };
    const player = scope.use(await PlayerNode.create(context, options));
    player.node.connect(context.destination);
    const speech = new StreamedSpeech(player, clip);
    const arrival = scope.interval(() => {
      if (speech.#arrive()) return;
      arrival.stop();
      player.end().then((complete) => complete && heard());
    }, ARRIVAL_MS);
    return speech;
  }

  /** Whether there is more to come. */
  #arrive(): boolean {
    if (this.held || this.player.bufferedSeconds > AHEAD_S) return true;
    const piece = this.#pieces.shift();
    if (piece) this.player.push(piece);
    return piece !== undefined;
  }
}
