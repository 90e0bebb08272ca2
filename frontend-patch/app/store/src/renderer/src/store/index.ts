/** The one store of the application. */
import { create } from "zustand";
import { devtools, persist, subscribeWithSelector } from "zustand/middleware";
import { immer } from "zustand/middleware/immer";
import type { AiState } from "@/context/ai-state-context";
import type { ModelInfo } from "@/context/live2d-config-context";
import type { VADSettings } from "@/context/vad-context";

export interface AiSlice {
  state: AiState;
}

export interface VADSlice {
  micOn: boolean;
  autoStopMic: boolean;
  autoStartMicOn: boolean;
  autoStartMicOnConvEnd: boolean;
  settings: VADSettings;
}

export interface MediaSlice {
  background: { url: string; useCamera: boolean };
  stream: { isStreaming: boolean };
  advertisements: { files: string[]; index: number; intervalMs: number; enabled: boolean };
}

export interface ChatSlice {
  historyUid: string | null;
}

export interface ConfigSlice {
  modelInfo: ModelInfo | null;
  wsUrl: string;
  baseUrl: string;
  wsState: string;
}

export interface ProactiveSlice {
  allowProactiveSpeak: boolean;
  idleSecondsToSpeak: number;
  allowButtonTrigger: boolean;
}

export interface AppState {
  ai: AiSlice;
  vad: VADSlice;
  media: MediaSlice;
  chat: ChatSlice;
  config: ConfigSlice;
  proactive: ProactiveSlice;
  backendSynthComplete: boolean;
  setAi(changes: Partial<AiSlice>): void;
  setVAD(changes: Partial<VADSlice>): void;
  setMedia(changes: { [Part in keyof MediaSlice]?: Partial<MediaSlice[Part]> }): void;
  setChat(changes: Partial<ChatSlice>): void;
  setConfig(changes: Partial<ConfigSlice>): void;
  setProactive(changes: Partial<ProactiveSlice>): void;
  setBackendSynthComplete(complete: boolean): void;
}

const NAME = "app-store";
const SERVER = "127.0.0.1:12393";

export const useAppStore = create<AppState>()(
  devtools(
    persist(
      subscribeWithSelector(
        immer((set) => ({
          ai: { state: "loading" },
          vad: {
            micOn: false,
            autoStopMic: false,
            autoStartMicOn: false,
            autoStartMicOnConvEnd: false,
            settings: {
              positiveSpeechThreshold: 50,
              negativeSpeechThreshold: 35,
              redemptionFrames: 35,
            },
          },
          media: {
            background: {
              url: `http://${SERVER}/bg/ceiling-window-room-night.jpeg`,
              useCamera: false,
            },
            stream: { isStreaming: false },
            advertisements: { files: [], index: 0, intervalMs: 10_000, enabled: true },
          },
          chat: { historyUid: null },
          config: {
            modelInfo: null,
            wsUrl: `ws://${SERVER}/client-ws`,
            baseUrl: `http://${SERVER}`,
            wsState: "CLOSED",
          },
          proactive: {
            allowProactiveSpeak: false,
            idleSecondsToSpeak: 5,
            allowButtonTrigger: false,
          },
          backendSynthComplete: false,
          setAi: (changes) =>
            set(({ ai }) => {
              Object.assign(ai, changes);
            }),
          setVAD: (changes) =>
            set(({ vad }) => {
              Object.assign(vad, changes);
            }),
          setMedia: ({ background, stream, advertisements }) =>
            set(({ media }) => {
              Object.assign(media.background, background);
              Object.assign(media.stream, stream);
              Object.assign(media.advertisements, advertisements);
            }),
          setChat: (changes) =>
            set(({ chat }) => {
              Object.assign(chat, changes);
            }),
          setConfig: (changes) =>
            set(({ config }) => {
              Object.assign(config, changes);
            }),
          setProactive: (changes) =>
            set(({ proactive }) => {
              Object.assign(proactive, changes);
            }),
          setBackendSynthComplete: (complete) =>
            set((state) => {
              state.backendSynthComplete = complete;
            }),
        })),
      ),
      // Defect: merged slice by slice, so a field that a kept slice does not know yet is undefined;
      // and what is only true now, such as the connection's state, is kept too.
      { name: NAME },
    ),
    { name: NAME },
  ),
);

interface SliceHook<Slice> {
  (): Slice;
  <T>(selector: (slice: Slice) => T): T;
}

/** Defect: selects a new object out of the whole state, so whatever changes renders all its users. */
function sliceHook<Slice extends object>(slice: (state: AppState) => Slice): SliceHook<Slice> {
  return <T>(selector?: (slice: Slice) => T): T | Slice => {
    const selected = { ...slice(useAppStore()) };
    return selector ? selector(selected) : selected;
  };
}

export const useVADStore = sliceHook(({ vad }) => vad);
export const useMediaStore = sliceHook(({ media }) => media);
export const useChatStore = sliceHook(({ chat }) => chat);
export const useConfigStore = sliceHook(({ config }) => config);
