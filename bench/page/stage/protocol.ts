/** The part of Open-LLM-VTuber's protocol that a spoken answer takes. */
import type { AudioMessage } from "../subtitle/turn.js";

export const HEARTBEAT = { type: "heartbeat" } as const;

export type ServerMessage =
  | AudioMessage
  | { readonly type: "full-text"; readonly text: string }
  | { readonly type: "control"; readonly text: string }
  | { readonly type: "backend-synth-complete" | "force-new-message" | "heartbeat-ack" };

export type ClientMessage =
  | { readonly type: "text-input"; readonly text: string }
  | { readonly type: "frontend-playback-complete" }
  | typeof HEARTBEAT;
