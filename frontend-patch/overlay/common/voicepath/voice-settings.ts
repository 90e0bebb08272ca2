/** What the person set, for voicepath/settings.ts, of which each shape of the frontend has its own. */
import type { VADSettings } from "@/context/vad-context";

export interface VoiceSettings {
  micOn: boolean;
  autoStopMic: boolean;
  autoStartMicOn: boolean;
  autoStartMicOnConvEnd: boolean;
  vadSettings: VADSettings;
  wsUrl: string;
  baseUrl: string;
  backgroundUrl: string;
}
