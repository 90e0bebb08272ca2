import { AiStateEnum, useAiState } from "@/context/ai-state-context";
import { useVAD } from "@/context/vad-context";
import { useInterrupt } from "@/hooks/utils/use-interrupt";
import { useMicToggle } from "@/hooks/utils/use-mic-toggle";
import { useTextInput } from "./use-text-input";

export const useFooter = () => {
  const { inputText, setInputText, handleSend, handleKeyDown } = useTextInput();
  const { aiState, setAiState } = useAiState();
  const { interrupt } = useInterrupt();
  const { startMic, autoStartMicOn } = useVAD();
  const { handleMicToggle, micOn } = useMicToggle();

  const handleInputChange = (text: string): void => {
    setInputText(text);
    setAiState(AiStateEnum.WAITING);
  };

  const handleInterrupt = (): void => {
    interrupt();
    if (autoStartMicOn) void startMic();
  };

  const isSpeaking = aiState === AiStateEnum.THINKING_SPEAKING;
  return {
    inputText,
    handleInputChange,
    handleKeyDown,
    handleSend,
    handleInterrupt,
    isSpeaking,
    handleMicToggle,
    micOn,
  };
};
