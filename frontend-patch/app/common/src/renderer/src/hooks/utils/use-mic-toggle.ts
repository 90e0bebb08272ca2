import { useAiState } from "@/context/ai-state-context";
import { useVAD } from "@/context/vad-context";

export function useMicToggle() {
  const { startMic, stopMic, micOn } = useVAD();
  const { aiState, setAiState } = useAiState();

  const handleMicToggle = async (): Promise<void> => {
    if (!micOn) {
      await startMic();
      return;
    }
    stopMic();
    if (aiState === "listening") setAiState("idle");
  };
  return { handleMicToggle, micOn };
}
