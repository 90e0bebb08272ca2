import { useAiState } from "@/context/ai-state-context";
import { useChatHistory } from "@/context/chat-history-context";
import { useSubtitle } from "@/context/subtitle-context";
import { useWebSocket } from "@/context/websocket-context";
import { audioTaskQueue } from "@/utils/task-queue";
import { useAudioTask } from "./use-audio-task";

const THINKING = "Thinking...";

export const useInterrupt = () => {
  const { aiState, setAiState } = useAiState();
  const { sendMessage } = useWebSocket();
  const { fullResponse, clearResponse } = useChatHistory();
  const { subtitleText, setSubtitleText } = useSubtitle();
  const { stopCurrentAudioAndLipSync } = useAudioTask();

  /** @param sendSignal - false when the server knows of it */
  const interrupt = (sendSignal = true): void => {
    if (aiState !== "thinking-speaking") return;
    stopCurrentAudioAndLipSync();
    audioTaskQueue.clearQueue();
    setAiState("interrupted");
    if (sendSignal) sendMessage({ type: "interrupt-signal", text: fullResponse });
    clearResponse();
    if (subtitleText === THINKING) setSubtitleText("");
  };
  return { interrupt };
};
