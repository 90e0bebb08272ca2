/** Everything the store has, with its defaults, and which of it is kept between visits. */
import type { AiState } from "@/context/ai-state-context";
import type { ModelInfo } from "@/context/live2d-config-context";
import { Field, flag, integer, number, ofThisVisit, type StateOf, text, texts } from "./field";
import { isObject } from "./merge";

const DAY_S = 86_400;
const DAY_MS = 1000 * DAY_S;
const SERVER = "127.0.0.1:12393";

/** What the server tells of a model, without its address, which is right for this visit only. */
function modelInfo(): Field<ModelInfo | null> {
  return new Field<ModelInfo | null>(null, {
    accepts: (value): value is ModelInfo | null =>
      value === null || (isObject(value) && typeof value["url"] === "string"),
    range: "null, or a model with its url",
    keep: (value) => value && { ...value, url: "" },
  });
}

export const STATE = {
  ai: { state: ofThisVisit<AiState>("loading") },
  vad: {
    micOn: flag(false),
    autoStopMic: flag(false),
    autoStartMicOn: flag(false),
    autoStartMicOnConvEnd: flag(false),
    settings: {
      positiveSpeechThreshold: number(50, 0, 100),
      negativeSpeechThreshold: number(35, 0, 100),
      redemptionFrames: integer(35, 1, 1000),
    },
  },
  media: {
    background: {
      url: text(`http://${SERVER}/bg/ceiling-window-room-night.jpeg`),
      useCamera: ofThisVisit(false),
    },
    stream: { isStreaming: ofThisVisit(false) },
    advertisements: {
      files: texts(),
      index: ofThisVisit(0),
      intervalMs: number(10_000, 100, DAY_MS),
      enabled: flag(true),
    },
  },
  chat: { historyUid: ofThisVisit<string | null>(null) },
  config: {
    modelInfo: modelInfo(),
    wsUrl: text(`ws://${SERVER}/client-ws`),
    baseUrl: text(`http://${SERVER}`),
    wsState: ofThisVisit("CLOSED"),
  },
  proactive: {
    allowProactiveSpeak: flag(false),
    idleSecondsToSpeak: number(5, 0, DAY_S),
    allowButtonTrigger: flag(false),
  },
  backendSynthComplete: ofThisVisit(false),
};

export type State = StateOf<typeof STATE>;
