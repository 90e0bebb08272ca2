/** A sentence of the answer: heard, shown, and spoken by the character's mouth. */
import { PriorityNormal } from "@cubismsdksamples/lappdefine";
import type { LAppModel } from "@cubismsdksamples/lappmodel";
import { onPage } from "@cubismsdksamples/lapppage";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { toaster } from "@/components/ui/toaster";
import { useAiState } from "@/context/ai-state-context";
import { useChatHistory } from "@/context/chat-history-context";
import { useSubtitle } from "@/context/subtitle-context";
import { useWebSocket } from "@/context/websocket-context";
import { useLive2DExpression } from "@/hooks/canvas/use-live2d-expression";
import type { DisplayText } from "@/services/websocket-service";
import { audioManager } from "@/utils/audio-manager";
import { audioTaskQueue } from "@/utils/task-queue";

interface AudioTaskOptions {
  audioBase64: string;
  volumes: number[];
  sliceLength: number;
  displayText?: DisplayText | null;
  expressions?: string[] | number[] | null;
  speaker_uid?: string;
  forwarded?: boolean;
}

/** Mouths open wider than the loudness of speech says. */
const MOUTH_GAIN = 2;
const MOUTH_MOST = 2;
const TOAST_MS = 2000;

export const useAudioTask = () => {
  const { t } = useTranslation();
  const { aiState, backendSynthComplete, setBackendSynthComplete } = useAiState();
  const { setSubtitleText } = useSubtitle();
  const { appendResponse, appendAIMessage } = useChatHistory();
  const { sendMessage } = useWebSocket();
  const { setExpression } = useLive2DExpression();
  const state = useRef(aiState);
  state.current = aiState;

  const stopCurrentAudioAndLipSync = useCallback(
    () => audioManager.stopCurrentAudioAndLipSync(),
    [],
  );

  const show = ({ audioBase64, displayText, forwarded }: AudioTaskOptions): void => {
    if (!displayText) return;
    appendResponse(displayText.text);
    appendAIMessage(displayText.text, displayText.name, displayText.avatar);
    // Defect: the whole sentence at once, however long it takes to say.
    if (audioBase64) setSubtitleText(displayText.text);
    if (forwarded) return;
    sendMessage({ type: "audio-play-start", display_text: displayText, forwarded: true });
  };

  const perform = async (options: AudioTaskOptions): Promise<void> => {
    if (state.current === "interrupted") return;
    show(options);
    const model = onPage.getLive2DManager?.().getModel(0);
    if (!options.audioBase64 || !model) return;
    const [expression] = options.expressions ?? [];
    const adapter = onPage.getLAppAdapter?.();
    if (adapter && expression !== undefined) setExpression(expression, adapter);
    model.startRandomMotion("Talk", PriorityNormal);
    try {
      await play(`data:audio/wav;base64,${options.audioBase64}`, model);
    } catch (error) {
      console.error("a sentence cannot be heard:", error);
      const title = `${t("error.audioPlayback")}: ${error}`;
      toaster.create({ title, type: "error", duration: TOAST_MS });
    }
  };

  useEffect(() => {
    let isCurrent = true;
    const tellWhenHeard = async (): Promise<void> => {
      await audioTaskQueue.waitForCompletion();
      if (!isCurrent || !backendSynthComplete) return;
      stopCurrentAudioAndLipSync();
      // Defect: a hook of many components, and each of them tells it.
      sendMessage({ type: "frontend-playback-complete" });
      setBackendSynthComplete(false);
    };
    void tellWhenHeard();
    return () => {
      isCurrent = false;
    };
  }, [backendSynthComplete, sendMessage, setBackendSynthComplete, stopCurrentAudioAndLipSync]);

  const addAudioTask = async (options: AudioTaskOptions): Promise<void> => {
    if (state.current === "interrupted") return;
    audioTaskQueue.addTask(() => perform(options));
  };
  return { addAudioTask, appendResponse, stopCurrentAudioAndLipSync };
};

/** Resolves at its end; also when it is stopped, which takes its source away. */
function play(url: string, model: LAppModel): Promise<void> {
  const audio = new Audio(url);
  audioManager.setCurrentAudio(audio, model);
  return new Promise((resolve, reject) => {
    const end = (error?: unknown): void => {
      const wasStopped = !audioManager.hasCurrentAudio();
      audioManager.clearCurrentAudio(audio);
      if (error === undefined || wasStopped) resolve();
      else reject(error);
    };
    audio.addEventListener("canplaythrough", () => {
      if (!audioManager.hasCurrentAudio()) {
        end();
        return;
      }
      audio.play().catch(end);
      openWider(model);
      model._wavFileHandler.start(url);
    });
    audio.addEventListener("ended", () => end());
    audio.addEventListener("error", () => end(audio.error?.message ?? "unknown error"));
    audio.load();
  });
}

/** Once for each model. */
function openWider({ _wavFileHandler: mouth }: LAppModel): void {
  if (mouth._initialized) return;
  mouth._initialized = true;
  const update = mouth.update.bind(mouth);
  mouth.update = (deltaSeconds) => {
    const hasMore = update(deltaSeconds);
    mouth._lastRms = Math.min(MOUTH_MOST, mouth._lastRms * MOUTH_GAIN);
    return hasMore;
  };
}
