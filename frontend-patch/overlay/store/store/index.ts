/**
 * The one store of the application: slices, what changes them, and a hook for each that renders only
 * when what it selects is another.
 *
 * The state is frozen, is never changed in place, and is kept in localStorage but for what is only true
 * now. Kept values that are of the wrong type or out of their range are refused by name.
 */
import { create } from "zustand";
import { devtools, persist, subscribeWithSelector } from "zustand/middleware";
import { useShallow } from "zustand/react/shallow";
import type { AiState } from "@/context/ai-state-context";
import type { ModelInfo } from "@/context/live2d-config-context";
import type { VADSettings } from "@/context/vad-context";
import { settingsNotice } from "@/voicepath/settings-notice";
import { frozen } from "@/voicepath/store/frozen";
import { type Kept, KeptState } from "@/voicepath/store/kept-state";
import { initialState, keptState, merged } from "@/voicepath/store/merge";
import { VERSION } from "@/voicepath/store/migrate";
import { STATE } from "@/voicepath/store/state";

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

interface Slices {
  ai: AiSlice;
  vad: VADSlice;
  media: MediaSlice;
  chat: ChatSlice;
  config: ConfigSlice;
  proactive: ProactiveSlice;
  backendSynthComplete: boolean;
}

type MediaChanges = { [Part in keyof MediaSlice]?: Partial<MediaSlice[Part]> };

interface Actions {
  setAi(changes: Partial<AiSlice>): void;
  setVAD(changes: Partial<VADSlice>): void;
  /** Each part keeps what is not mentioned. */
  setMedia(changes: MediaChanges): void;
  setChat(changes: Partial<ChatSlice>): void;
  setConfig(changes: Partial<ConfigSlice>): void;
  setProactive(changes: Partial<ProactiveSlice>): void;
  setBackendSynthComplete(complete: boolean): void;
}

export interface AppState extends Slices, Actions {}

const NAME = "app-store";

const kept = new KeptState(() => localStorage, settingsNotice);

/** `state` with what `saved` has of it; says once what was refused. */
function withKept(saved: unknown, state: AppState): AppState {
  const refused: string[] = [];
  const all = merged(STATE, state, saved, (path, value, range) =>
    refused.push(`${path} is ${JSON.stringify(value)?.slice(0, 40)}, and must be ${range}`),
  );
  if (refused.length > 0) settingsNotice("Settings that were not taken over", refused.join("; "));
  return all;
}

/** The same object when nothing is another. */
function changed<Slice extends object>(slice: Slice, changes: Partial<Slice>): Slice {
  const all: Slice = { ...slice, ...changes };
  const names = Object.keys(all) as (keyof Slice)[];
  return names.every((name) => Object.is(all[name], slice[name])) ? slice : all;
}

export const useAppStore = create<AppState>()(
  devtools(
    persist(
      subscribeWithSelector((set) => ({
        ...(initialState(STATE) as Slices),
        setAi: (changes) => set(({ ai }) => ({ ai: changed(ai, changes) })),
        setVAD: (changes) => set(({ vad }) => ({ vad: changed(vad, changes) })),
        setMedia: ({ background = {}, stream = {}, advertisements = {} }) =>
          set(({ media }) => ({
            media: changed(media, {
              background: changed(media.background, background),
              stream: changed(media.stream, stream),
              advertisements: changed(media.advertisements, advertisements),
            }),
          })),
        setChat: (changes) => set(({ chat }) => ({ chat: changed(chat, changes) })),
        setConfig: (changes) => set(({ config }) => ({ config: changed(config, changes) })),
        setProactive: (changes) =>
          set(({ proactive }) => ({ proactive: changed(proactive, changes) })),
        setBackendSynthComplete: (backendSynthComplete) => set({ backendSynthComplete }),
      })),
      {
        name: NAME,
        version: VERSION,
        storage: kept,
        partialize: (state): Kept => keptState(STATE, state),
        // Version 0 has the same slices; what it has too much is left out when it is merged.
        migrate: (saved) => saved as Kept,
        merge: withKept,
      },
    ),
    { name: NAME },
  ),
);

frozen(useAppStore.getState());
useAppStore.subscribe(frozen);

// Another tab's settings hold here too, but for its microphone.
if (typeof window !== "undefined")
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== NAME || newValue === null) return;
    kept.written(newValue, ({ state }) =>
      useAppStore.setState((before) => {
        const after = withKept(state, before);
        return { ...after, vad: changed(after.vad, { micOn: before.vad.micOn }) };
      }),
    );
  });

interface SliceHook<Slice> {
  (): Slice;
  <T>(selector: (slice: Slice) => T): T;
}

/** Renders when what is selected is another; objects that are made anew are compared field by field. */
function sliceHook<Name extends keyof Slices>(name: Name): SliceHook<Slices[Name]> {
  return <T>(selector?: (slice: Slices[Name]) => T): T | Slices[Name] =>
    useAppStore(useShallow((state) => (selector ? selector(state[name]) : state[name])));
}

export const useVADStore = sliceHook("vad");
export const useMediaStore = sliceHook("media");
export const useChatStore = sliceHook("chat");
export const useConfigStore = sliceHook("config");
