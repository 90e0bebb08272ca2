/** What MicNode and the processor on the audio thread say to each other. */
import type { RawSpeechEvent } from "../speech-events.js";
import type { DetectorConfig } from "../speech-options.js";
import type { FailedMessage, ReadyMessage, StopCommand } from "./protocol.js";

export const MIC_PROCESSOR = "voicepath-mic";

/** Handed to the processor's constructor. */
export interface MicProcessorOptions {
  readonly module: WebAssembly.Module;
  /** `null` when frames are judged elsewhere. */
  readonly model: { readonly version: "v5" | "v6"; readonly bytes: Uint8Array } | null;
  readonly config: DetectorConfig;
}

/** Main thread to audio thread. A `request` is answered by `done` once its events were sent. */
export type MicCommand =
  | { readonly type: "configure"; readonly config: DetectorConfig }
  | { readonly type: "listen"; readonly active: boolean }
  | { readonly type: "end" | "reset"; readonly request: number }
  | { readonly type: "push"; readonly request: number; readonly samples: Float32Array }
  | StopCommand;

/** Audio thread to main thread. */
export type MicMessage =
  | ReadyMessage
  | FailedMessage
  | { readonly type: "event"; readonly event: RawSpeechEvent }
  | { readonly type: "done"; readonly request: number };
