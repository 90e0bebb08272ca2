/** A setting of the app, kept in its slice of the store. */
import { useCallback } from "react";
import type { VADSettings } from "@/context/vad-context";
import { type AppState, useAppStore } from "@/store";

interface Settings {
  micOn: boolean;
  autoStopMic: boolean;
  autoStartMicOn: boolean;
  autoStartMicOnConvEnd: boolean;
  vadSettings: VADSettings;
  wsUrl: string;
  baseUrl: string;
  backgroundUrl: string;
}

interface Place<T> {
  readonly read: (state: AppState) => T;
  readonly write: (state: AppState, value: T) => void;
}

const PLACES: { readonly [K in keyof Settings]: Place<Settings[K]> } = {
  micOn: { read: ({ vad }) => vad.micOn, write: ({ setVAD }, micOn) => setVAD({ micOn }) },
  autoStopMic: {
    read: ({ vad }) => vad.autoStopMic,
    write: ({ setVAD }, autoStopMic) => setVAD({ autoStopMic }),
  },
  autoStartMicOn: {
    read: ({ vad }) => vad.autoStartMicOn,
    write: ({ setVAD }, autoStartMicOn) => setVAD({ autoStartMicOn }),
  },
  autoStartMicOnConvEnd: {
    read: ({ vad }) => vad.autoStartMicOnConvEnd,
    write: ({ setVAD }, autoStartMicOnConvEnd) => setVAD({ autoStartMicOnConvEnd }),
  },
  vadSettings: {
    read: ({ vad }) => vad.settings,
    write: ({ setVAD }, settings) => setVAD({ settings }),
  },
  wsUrl: {
    read: ({ config }) => config.wsUrl,
    write: ({ setConfig }, wsUrl) => setConfig({ wsUrl }),
  },
  baseUrl: {
    read: ({ config }) => config.baseUrl,
    write: ({ setConfig }, baseUrl) => setConfig({ baseUrl }),
  },
  backgroundUrl: {
    read: ({ media }) => media.background.url,
    write: ({ setMedia }, url) => setMedia({ background: { url } }),
  },
};

/** @param _initial - the store has its own */
export function useSetting<K extends keyof Settings>(key: K, _initial: Settings[K]) {
  const value = useAppStore((state) => PLACES[key].read(state));
  const setValue = useCallback(
    (next: Settings[K]): void => PLACES[key].write(useAppStore.getState(), next),
    [key],
  );
  return [value, setValue] as const;
}
