import { useTranslation } from "react-i18next";
import { useInterrupt } from "@/components/canvas/live2d";
import { useAiState } from "@/context/ai-state-context";
import { useConfig } from "@/context/character-config-context";
import { useLive2DConfig } from "@/context/live2d-config-context";
import { useSubtitle } from "@/context/subtitle-context";
import { useVAD } from "@/context/vad-context";
import { useWebSocket } from "@/context/websocket-context";

export function useSwitchCharacter() {
  const { t } = useTranslation();
  const { sendMessage } = useWebSocket();
  const { confName, getFilenameByName } = useConfig();
  const { interrupt } = useInterrupt();
  const { stopMic } = useVAD();
  const { setSubtitleText } = useSubtitle();
  const { setAiState } = useAiState();
  const { setModelInfo } = useLive2DConfig();

  const switchCharacter = (fileName: string): void => {
    if (getFilenameByName(confName) === fileName) return;
    setSubtitleText(t("notification.characterLoading"));
    interrupt();
    stopMic();
    setAiState("loading");
    setModelInfo(undefined);
    sendMessage({ type: "switch-config", file: fileName });
  };
  return { switchCharacter };
}
