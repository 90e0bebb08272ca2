/**
 * The audio thread's half of PlayerNode: clip blocks in by messages, quanta of the context's rate out.
 * Bundled into one file without imports.
 *
 * Also an example of a resampler in an AudioWorklet: the compiled module comes in `processorOptions`
 * and is instantiated synchronously, all memory is taken in the constructor, and a quantum makes no
 * garbage and no message unless the state changes.
 */
import { type PlayerState, StreamPlayer } from "../playback/stream-player.js";
import { AudioModule } from "../wasm.js";
import { GuardedProcessor } from "./guarded-processor.js";
import {
  PLAYER_PROCESSOR,
  type PlayerCommand,
  type PlayerMessage,
  type PlayerProcessorOptions,
} from "./player-protocol.js";

class PlayerProcessor extends GuardedProcessor<PlayerCommand, PlayerMessage> {
  #player: StreamPlayer | undefined;
  /** What the page knows; `undefined` where it is to be told again. */
  #told: PlayerState | undefined = "waiting";

  constructor(node: AudioWorkletNodeOptions) {
    super();
    this.open(() => {
      const { module, ...options } = node.processorOptions as PlayerProcessorOptions;
      this.#player = new StreamPlayer(new AudioModule(module), { ...options, rateHz: sampleRate });
    });
  }

  process(_inputs: Float32Array[][], [quantum]: Float32Array[][]): boolean {
    const player = this.#player;
    if (!player) return this.ended();
    try {
      const frames = quantum ? player.play(quantum) : 0;
      if (player.state !== this.#told) this.#tell(player, frames);
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  protected override obey(command: PlayerCommand): void {
    const player = this.#player;
    if (!player) return;
    switch (command.type) {
      case "push":
        player.write(command.block, command.frames);
        // As the page knows, this began a new stream.
        if (this.#told === "drained") this.#told = "waiting";
        break;
      case "end":
        player.end();
        break;
      case "clear":
        this.send({ type: "cleared", heardFrames: Math.round(player.heardFrames) });
        player.clear();
        this.#told = player.state;
        break;
      case "trim":
        player.trim(command.ratio);
        if (player.state === "playing") this.#told = undefined;
        break;
      case "stop":
        this.close();
        break;
    }
  }

  protected override close(): void {
    this.#player?.dispose();
    this.#player = undefined;
  }

  /** @param frames - of speech since the quantum's beginning, at `currentTime` */
  #tell(player: StreamPlayer, frames: number): void {
    this.#told = player.state;
    this.send({
      type: "state",
      state: player.state,
      instant: {
        contextSeconds: currentTime + frames / sampleRate,
        clipSeconds: player.heardSeconds,
      },
      speed: player.speed,
    });
  }
}

registerProcessor(PLAYER_PROCESSOR, PlayerProcessor);
