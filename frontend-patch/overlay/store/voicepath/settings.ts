/** What the person set, as fields of the store. */
import { useCallback, useRef } from "react";
import { type AppState, useAppStore } from "@/store";
import { STATE } from "@/voicepath/store/state";
import type { VoiceSettings } from "@/voicepath/voice-settings";

export type { VoiceSettings };

interface Place<T> {
  readonly read: (state: AppState) => T;
  readonly write: (state: AppState, value: T) => void;
  /** The store's own value where it stands for "not chosen yet". */
  readonly unchosen?: T;
}

const PLACES: { readonly [K in keyof VoiceSettings]: Place<VoiceSettings[K]> } = {
  micOn: {
    read: ({ vad }) => vad.micOn,
    write: (state, micOn) => state.setVAD({ micOn }),
  },
  autoStopMic: {
    read: ({ vad }) => vad.autoStopMic,
    write: (state, autoStopMic) => state.setVAD({ autoStopMic }),
  },
  autoStartMicOn: {
    read: ({ vad }) => vad.autoStartMicOn,
    write: (state, autoStartMicOn) => state.setVAD({ autoStartMicOn }),
  },
  autoStartMicOnConvEnd: {
    read: ({ vad }) => vad.autoStartMicOnConvEnd,
    write: (state, autoStartMicOnConvEnd) => state.setVAD({ autoStartMicOnConvEnd }),
  },
  vadSettings: {
    read: ({ vad }) => vad.settings,
    write: (state, settings) => state.setVAD({ settings }),
  },
  wsUrl: {
    read: ({ config }) => config.wsUrl,
    write: (state, wsUrl) => state.setConfig({ wsUrl }),
    unchosen: STATE.config.wsUrl.initial,
  },
  baseUrl: {
    read: ({ config }) => config.baseUrl,
    write: (state, baseUrl) => state.setConfig({ baseUrl }),
    unchosen: STATE.config.baseUrl.initial,
  },
  backgroundUrl: {
    read: ({ media }) => media.background.url,
    write: (state, url) => state.setMedia({ background: { url } }),
    unchosen: STATE.media.background.url.initial,
  },
};

/**
 * All users of a key see a change at once. The setter is always the same. `initial` is what holds until
 * an address is chosen: the store's own is right for the server's machine only.
 */
export function useSetting<K extends keyof VoiceSettings>(
  key: K,
  initial: VoiceSettings[K],
): readonly [
  VoiceSettings[K],
  (value: VoiceSettings[K] | ((old: VoiceSettings[K]) => VoiceSettings[K])) => void,
] {
  const latest = useRef(initial);
  latest.current = initial;
  const value = useAppStore((state) => chosen(PLACES[key], state, initial));
  const set = useCallback(
    (given: VoiceSettings[K] | ((old: VoiceSettings[K]) => VoiceSettings[K])): void => {
      const state = useAppStore.getState();
      const place = PLACES[key];
      place.write(
        state,
        given instanceof Function ? given(chosen(place, state, latest.current)) : given,
      );
    },
    [key],
  );
  return [value, set];
}

function chosen<T>(place: Place<T>, state: AppState, initial: T): T {
  const value = place.read(state);
  return value === place.unchosen ? initial : value;
}
