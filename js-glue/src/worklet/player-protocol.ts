/** What PlayerNode and the processor on the audio thread say to each other. */
import type { Instant } from "../playback/playhead.js";
import type { PlayerState, StreamPlayerOptions } from "../playback/stream-player.js";
import type { FailedMessage, ReadyMessage, StopCommand } from "./protocol.js";

export const PLAYER_PROCESSOR = "voicepath-player";

/** Handed to the processor's constructor; the rate to play at is the processor's own. */
export interface PlayerProcessorOptions extends Omit<StreamPlayerOptions, "rateHz"> {
  readonly module: WebAssembly.Module;
}

/** Main thread to audio thread. */
export type PlayerCommand =
  | { readonly type: "push"; readonly block: readonly Float32Array[]; readonly frames: number }
  | { readonly type: "end" }
  /** Answered by `cleared`. */
  | { readonly type: "clear" }
  | { readonly type: "trim"; readonly ratio: number }
  | StopCommand;

/** Audio thread to main thread. */
export type PlayerMessage =
  | ReadyMessage
  | FailedMessage
  /** The state or the speed has changed; `instant` is one of the stream's, at the change. */
  | {
      readonly type: "state";
      readonly state: PlayerState;
      readonly instant: Instant;
      /** Clip seconds a second while playing. */
      readonly speed: number;
    }
  | { readonly type: "cleared"; readonly heardFrames: number };
