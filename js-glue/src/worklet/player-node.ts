import { VP_CHANNELS_MAX, VP_TRIM_MAX_PPM } from "../abi.gen.js";
import { audioWasmURL, playerProcessorURL } from "../assets.js";
import { type AudioBlock, framesOf } from "../audio-block.js";
import { requireRateHz } from "../detector.js";
import { Emitter, reportUncaught } from "../emitter.js";
import {
  optionError,
  requireBoolean,
  requireInteger,
  requireNumber,
  VoicepathError,
} from "../errors.js";
import { copyPlanes } from "../playback/planes.js";
import { type Instant, Playhead } from "../playback/playhead.js";
import type { PlayerState } from "../playback/stream-player.js";
import { type Deferred, deferred } from "../registry/deferred.js";
import type { ResamplerMode } from "../resampler.js";
import { compile, type WasmSource } from "../wasm.js";
import {
  PLAYER_PROCESSOR,
  type PlayerCommand,
  type PlayerMessage,
  type PlayerProcessorOptions,
} from "./player-protocol.js";
import { closeNode, failure, loadProcessor, openNode, requireContext } from "./processor-node.js";

export interface PlayerNodeOptions {
  /** Sample rate of what is pushed, an integer from 8000 to 192000. */
  readonly rateHz: number;
  /** Of what is pushed, 1 to 8. Default 1. */
  readonly channels?: number;
  /** How it is resampled, not "offline". Default "balanced". */
  readonly mode?: Exclude<ResamplerMode, "offline">;
  /** Whether {@link PlayerNode.trim} may be used. Default false. */
  readonly adjustable?: boolean;
  /** How much may be pushed ahead of what is heard, 1 to 600. Default 60. */
  readonly bufferSeconds?: number;
  /**
   * What is waited for before playing starts, at first and after an underrun; from 0 to
   * `bufferSeconds`. Default 0.05. A few milliseconds are waited for in any case.
   */
  readonly prebufferSeconds?: number;
  /** Where audio.wasm is, when not beside the package. */
  readonly wasm?: WasmSource;
  /** Where player-processor.js is, when not beside the package. */
  readonly worklet?: URL | string;
  /** Disposes of the node when aborted. */
  readonly signal?: AbortSignal;
  /**
   * Told when the audio thread fails after creation; the node is disposed of by then. Without it the
   * error is thrown where nobody can catch it.
   */
  readonly onError?: (error: VoicepathError) => void;
}

/** Each says how far the stream has been heard at an instant of the context's clock. */
export interface PlayerEvents {
  /** Speech is heard, for the first time or again. */
  playing: Instant;
  /** What was pushed has been heard, and the stream was not ended: silence until more comes. */
  underrun: Instant;
  /** An ended stream has been heard to its last sample. */
  drained: Instant;
}

/** A question to the audio thread, and what the page would say itself. */
interface Clearing {
  /** Clip frames. */
  readonly estimate: number;
  resolve(heardFrames: number): void;
}

const MODES: readonly ResamplerMode[] = ["balanced", "best", "ultra", "lowlatency"];
const MAX_BUFFER_SECONDS = 600;
const TRIM_MAX = VP_TRIM_MAX_PPM / 1e6;

/**
 * Speech that plays while it arrives: pushed at its own rate, resampled on the audio thread, heard at
 * the context's.
 *
 * ```ts
 * const player = await PlayerNode.create(context, { rateHz: 24000 });
 * player.node.connect(context.destination);
 * for await (const block of speech) player.push(block);
 * await player.end();
 * ```
 *
 * What is pushed up to {@link end} or {@link clear} is one stream; the next push begins another.
 */
export class PlayerNode extends Emitter<PlayerEvents> implements Disposable {
  /** The node to connect to what is heard. It has no input. */
  readonly node: AudioWorkletNode;
  readonly rateHz: number;
  readonly channels: number;
  /** How much may be pushed ahead of what is heard. */
  readonly bufferSeconds: number;
  readonly #bufferFrames: number;
  readonly #adjustable: boolean;
  readonly #onError: ((error: VoicepathError) => void) | undefined;
  readonly #playhead: Playhead;
  /** Aborted to remove the listeners. */
  readonly #disposal = new AbortController();
  #state: PlayerState = "waiting";
  #disposed = false;
  /** The end of the stream under way, once asked for. */
  #ending: Deferred<boolean> | undefined;
  /** In the order in which the audio thread will answer; until then nothing it says is of interest. */
  readonly #clearing: Clearing[] = [];

  private constructor(node: AudioWorkletNode, options: CompleteOptions, given: PlayerNodeOptions) {
    super();
    this.node = node;
    this.rateHz = options.rateHz;
    this.channels = options.channels;
    this.bufferSeconds = options.bufferSeconds;
    this.#bufferFrames = Math.ceil(options.bufferSeconds * options.rateHz);
    this.#adjustable = options.adjustable;
    this.#onError = given.onError;
    this.#playhead = new Playhead(options.rateHz);
    node.port.onmessage = ({ data }: MessageEvent<PlayerMessage>) => this.#hear(data);
    node.onprocessorerror = () =>
      this.#fail(new VoicepathError("WORKLET_FAILED", "the processor threw on the audio thread"));
    const { signal } = this.#disposal;
    given.signal?.addEventListener("abort", () => this.dispose(), { signal });
    // The audio thread is no more then, and would leave promises waiting for ever.
    const closed = (): void => {
      if (node.context.state === "closed") this.dispose();
    };
    node.context.addEventListener("statechange", closed, { signal });
  }

  /**
   * @throws VoicepathError OPTION, CONTEXT_UNUSABLE, WORKLET_FAILED, ASSET_MISSING, ASSET_HTML,
   *   WASM_*, VP_E_*; the signal's reason when aborted
   */
  static async create(context: BaseAudioContext, given: PlayerNodeOptions): Promise<PlayerNode> {
    const { signal } = given;
    const options = complete(given);
    signal?.throwIfAborted();
    requireContext(context);
    const [module] = await Promise.all([
      compile(given.wasm ?? audioWasmURL(), "audio.wasm", signal),
      loadProcessor(context, PLAYER_PROCESSOR, given.worklet ?? playerProcessorURL()),
    ]);
    signal?.throwIfAborted();
    const { rateHz, channels, mode, adjustable, bufferSeconds, prebufferSeconds } = options;
    const processorOptions: PlayerProcessorOptions = {
      module,
      clipRateHz: rateHz,
      channels,
      mode,
      adjustable,
      bufferFrames: Math.ceil(bufferSeconds * rateHz),
      prebufferFrames: Math.ceil(prebufferSeconds * rateHz),
    };
    const node = await openNode(context, PLAYER_PROCESSOR, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [channels],
      processorOptions,
    });
    const player = new PlayerNode(node, options, given);
    if (signal?.aborted) player.dispose();
    signal?.throwIfAborted();
    return player;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  /** "waiting" before the first sound of a stream and in an underrun. */
  get state(): PlayerState {
    return this.#state;
  }

  /** Time in the stream up to which it has left the processor: what subtitles follow. */
  get playedSeconds(): number {
    return this.#playhead.playedFrames(this.#now) / this.rateHz;
  }

  /** Pushed and not heard yet. */
  get bufferedSeconds(): number {
    return this.#playhead.bufferedFrames(this.#now) / this.rateHz;
  }

  /**
   * Appends a block of any length to the stream; it is copied. Full scale is -1 to 1, or 32768.
   *
   * @param block - one array, frame by frame where there are several channels, or an array for each
   * @returns {@link bufferedSeconds}, which must not pass `bufferSeconds`
   * @throws VoicepathError QUEUE_FULL when the block does not fit yet, VP_E_FLUSHED between end()
   *   and its last sample, OPTION, DISPOSED; nothing of the block is taken then
   */
  push(block: AudioBlock): number {
    this.#requireAlive();
    const frames = framesOf("block", block, this.channels);
    if (this.#ending)
      throw new VoicepathError("VP_E_FLUSHED", "the stream was ended and is still heard");
    if (this.#state === "drained") this.#begin();
    this.#requireRoom(frames);
    // By seconds, so that no message keeps the audio thread busy for longer than a quantum.
    for (let from = 0; from < frames; from += this.rateHz) {
      const count = Math.min(frames - from, this.rateHz);
      const planes = copyPlanes(block, this.channels, from, count);
      this.#command(
        { type: "push", block: planes, frames: count },
        planes.map(({ buffer }) => buffer),
      );
    }
    this.#playhead.push(frames, this.#now);
    return this.bufferedSeconds;
  }

  /**
   * Ends the stream. Resolves when its last sample has been heard: to true, or to false when it was
   * cleared or the node disposed of before.
   */
  end(): Promise<boolean> {
    this.#requireAlive();
    if (this.#ending) return this.#ending.promise;
    if (this.#state === "drained") return Promise.resolve(true);
    this.#ending = deferred<boolean>();
    this.#command({ type: "end" });
    return this.#ending.promise;
  }

  /**
   * Barge-in: silence from the next quantum on. All that was pushed is forgotten, and the next push
   * begins a new stream, at once.
   *
   * @returns how many clip frames of the stream were heard
   */
  clear(): Promise<number> {
    this.#requireAlive();
    const estimate = Math.round(this.#playhead.playedFrames(this.#now));
    this.#command({ type: "clear" });
    this.#begin();
    return new Promise((resolve) => this.#clearing.push({ estimate, resolve }));
  }

  /**
   * Plays slower (above 0) or faster from now on, without a step: for clocks that drift apart.
   *
   * @param ratio - -0.01 to 0.01
   * @throws VoicepathError OPTION, VP_E_MODE when the node is not `adjustable`, DISPOSED
   */
  trim(ratio: number): void {
    this.#requireAlive();
    requireNumber("ratio", ratio, -TRIM_MAX, TRIM_MAX);
    if (!this.#adjustable)
      throw new VoicepathError("VP_E_MODE", "this PlayerNode was not created to be adjustable");
    this.#command({ type: "trim", ratio });
  }

  /** Silence, and the end of the processor; a closed context does it too. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#command({ type: "stop" });
    this.#disposed = true;
    this.#disposal.abort();
    closeNode(this.node);
    this.#begin();
    for (const { estimate, resolve } of this.#clearing.splice(0)) resolve(estimate);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  get #now(): number {
    return this.node.context.currentTime;
  }

  /** The stream under way is no more. */
  #begin(): void {
    this.#playhead.clear();
    this.#state = "waiting";
    this.#settle(false);
  }

  #settle(heard: boolean): void {
    this.#ending?.resolve(heard);
    this.#ending = undefined;
  }

  #requireAlive(): void {
    if (this.#disposed) throw new VoicepathError("DISPOSED", "this PlayerNode was disposed");
  }

  #requireRoom(frames: number): void {
    const buffered = this.#playhead.bufferedFrames(this.#now);
    const room = Math.floor(this.#bufferFrames - buffered);
    if (frames <= room) return;
    throw new VoicepathError(
      "QUEUE_FULL",
      `the block has ${frames} frames, and there is room for ${room} until more is heard`,
      { option: "block", value: frames, range: `at most ${room} frames` },
    );
  }

  #command(command: PlayerCommand, transfer: Transferable[] = []): void {
    this.node.port.postMessage(command, transfer);
  }

  #hear(message: PlayerMessage): void {
    switch (message.type) {
      case "state":
        if (this.#clearing.length === 0) this.#follow(message);
        break;
      case "cleared":
        this.#clearing.shift()?.resolve(message.heardFrames);
        break;
      case "failed":
        this.#fail(failure(message));
        break;
    }
  }

  #follow({ state, instant, speed }: Extract<PlayerMessage, { type: "state" }>): void {
    const before = this.#state;
    this.#state = state;
    if (state === "playing") this.#playhead.play(instant, speed);
    else this.#playhead.stop(instant.clipSeconds);
    if (state === before) return;
    if (state === "drained") this.#settle(true);
    this.emit(state === "waiting" ? "underrun" : state, instant);
  }

  #fail(error: VoicepathError): void {
    if (this.#disposed) return;
    this.dispose();
    if (this.#onError) this.#onError(error);
    else reportUncaught(error);
  }
}

type CompleteOptions = Required<Omit<PlayerNodeOptions, "wasm" | "worklet" | "signal" | "onError">>;

/** @throws VoicepathError OPTION */
function complete(given: PlayerNodeOptions): CompleteOptions {
  const { channels = 1, mode = "balanced", adjustable = false } = given;
  const { bufferSeconds = 60, prebufferSeconds = 0.05 } = given;
  if (!MODES.includes(mode)) throw optionError("mode", mode, MODES.join(", "));
  return {
    rateHz: requireRateHz("rateHz", given.rateHz),
    channels: requireInteger("channels", channels, 1, VP_CHANNELS_MAX),
    mode,
    adjustable: requireBoolean("adjustable", adjustable),
    bufferSeconds: requireNumber("bufferSeconds", bufferSeconds, 1, MAX_BUFFER_SECONDS),
    prebufferSeconds: requireNumber("prebufferSeconds", prebufferSeconds, 0, bufferSeconds),
  };
}
