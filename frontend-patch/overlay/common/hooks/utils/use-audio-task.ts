/** The AI's sentences, one after the other, and the word to the server that they were heard. */
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useAiState } from "@/context/ai-state-context";
import { useChatHistory } from "@/context/chat-history-context";
import { useSubtitle } from "@/context/subtitle-context";
import { useWebSocket } from "@/context/websocket-context";
import { useLive2DExpression } from "@/hooks/canvas/use-live2d-expression";
import { audioManager } from "@/utils/audio-manager";
import { audioTaskQueue } from "@/utils/task-queue";
import { useAiNow } from "@/voicepath/ai-now";
import { type SentenceOptions, SpokenSentence, type Stage } from "@/voicepath/sentence";
import type { Subtitles } from "@/voicepath/subtitles";
import { markTurn } from "@/voicepath/turn-marks";
import { turns, whenHeard } from "@/voicepath/turns";
import { openVoice } from "@/voicepath/voice";

/** The hook is used in many places, and all of them see the same change. */
let synthCompleteSeen = false;

export const useAudioTask = () => {
  const ai = useAiNow();
  const stage = useStage();
  const { backendSynthComplete, setBackendSynthComplete } = useAiState();
  const { appendResponse } = useChatHistory();

  useEffect(
    () =>
      whenHeard(() => {
        markTurn("end");
        stage().sendMessage({ type: "frontend-playback-complete" });
      }),
    [stage],
  );

  // The flag is a message: it is taken down at once, so that the next one is seen.
  useEffect(() => {
    if (backendSynthComplete) {
      setBackendSynthComplete(false);
      if (!synthCompleteSeen) turns.synthComplete();
    }
    synthCompleteSeen = backendSynthComplete;
  }, [backendSynthComplete, setBackendSynthComplete]);

  const addAudioTask = useCallback(
    async (options: SentenceOptions): Promise<void> => {
      if (ai.state === "interrupted") return;
      const sentence = new SpokenSentence(options, stage);
      const { first, over } = turns.sentence(sentence.expectedMs, sentence.hurry);
      if (first) stage().subtitles?.begin();
      // Fetched while what comes before is still heard; if it fails, the sentence itself will say so.
      if (options.audioBase64) openVoice().catch(() => {});
      const speak = async (interrupted: AbortSignal): Promise<void> => {
        if (ai.state !== "interrupted") await sentence.speak(interrupted);
        over();
      };
      audioTaskQueue.addTask(speak, () => turns.abandon());
    },
    [ai, stage],
  );

  const stopCurrentAudioAndLipSync = useCallback((): void => {
    turns.abandon();
    markTurn("cancel");
    stage().subtitles?.interrupt();
    audioManager.stopCurrentAudioAndLipSync();
  }, [stage]);

  return { addAudioTask, appendResponse, stopCurrentAudioAndLipSync };
};

/** What the frontend's hooks gave with the last render; the function itself never changes. */
function useStage(): () => Stage {
  const { t } = useTranslation();
  // The frontend's own subtitles know of no voices.
  const subtitle: ReturnType<typeof useSubtitle> & { subtitles?: Subtitles | undefined } =
    useSubtitle();
  const { subtitles, setSubtitleText } = subtitle;
  const { appendResponse, appendAIMessage } = useChatHistory();
  const { sendMessage } = useWebSocket();
  const { setExpression } = useLive2DExpression();
  const stage: Stage = {
    subtitles,
    t,
    setSubtitleText,
    appendResponse,
    appendAIMessage,
    sendMessage,
    setExpression,
  };
  const latest = useRef(stage);
  latest.current = stage;
  return useCallback(() => latest.current, []);
}
