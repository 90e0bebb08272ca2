import { type KeyboardEvent, useState } from "react";
import { useInterrupt } from "@/components/canvas/live2d";
import { useAiState } from "@/context/ai-state-context";
import { useChatHistory } from "@/context/chat-history-context";
import { useVAD } from "@/context/vad-context";
import { useWebSocket } from "@/context/websocket-context";
import { useMediaCapture } from "@/hooks/utils/use-media-capture";

export function useTextInput() {
  const [inputText, setInputText] = useState("");
  const { sendMessage } = useWebSocket();
  const { aiState } = useAiState();
  const { interrupt } = useInterrupt();
  const { appendHumanMessage } = useChatHistory();
  const { stopMic, autoStopMic } = useVAD();
  const { captureAllMedia } = useMediaCapture();

  const handleSend = async (): Promise<void> => {
    const text = inputText.trim();
    if (!text) return;
    if (aiState === "thinking-speaking") interrupt();
    setInputText("");
    const images = await captureAllMedia();
    appendHumanMessage(text);
    sendMessage({ type: "text-input", text, images });
    if (autoStopMic) stopMic();
  };

  const handleKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    // While a Chinese word is being composed, Enter chooses it.
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void handleSend();
  };
  return { inputText, setInputText, handleSend, handleKeyDown };
}
