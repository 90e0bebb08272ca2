/** What the person set, each in a localStorage key of its own, as upstream has it. */
import { type SetStoredValue, useStoredValue } from "@/voicepath/use-stored-value";
import type { VoiceSettings } from "@/voicepath/voice-settings";

export type { VoiceSettings };

/** Whether a microphone is on is a matter of its tab: what a filter has passed stays there. */
const OF_THIS_TAB: ReadonlySet<keyof VoiceSettings> = new Set(["micOn"]);
const asItIs = <T>(value: T): T => value;

/** All users of a key see a change at once. The setter is always the same. */
export function useSetting<K extends keyof VoiceSettings>(
  key: K,
  initial: VoiceSettings[K],
): readonly [VoiceSettings[K], SetStoredValue<VoiceSettings[K]>] {
  return useStoredValue(key, initial, OF_THIS_TAB.has(key) ? { filter: asItIs } : {});
}
