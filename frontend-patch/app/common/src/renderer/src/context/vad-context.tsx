/** The microphone: on and off, and what is done with the speech in it. */
import { MicVAD } from "@ricky0123/vad-web";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useInterrupt } from "@/components/canvas/live2d";
import { toaster } from "@/components/ui/toaster";
import { useSendAudio } from "@/hooks/utils/use-send-audio";
import { useSetting } from "@/hooks/utils/use-setting";
import { audioTaskQueue } from "@/utils/task-queue";
import { type AiState, useAiState } from "./ai-state-context";
import { useSubtitle } from "./subtitle-context";

export interface VADSettings {
  /** In percent. */
  positiveSpeechThreshold: number;
  /** In percent. */
  negativeSpeechThreshold: number;
  /** Of silence, before speech counts as over. */
  redemptionFrames: number;
}

interface VADState {
  autoStopMic: boolean;
  micOn: boolean;
  setMicOn: (value: boolean) => void;
  setAutoStopMic: (value: boolean) => void;
  startMic: () => Promise<void>;
  stopMic: () => void;
  previousTriggeredProbability: number;
  setPreviousTriggeredProbability: (value: number) => void;
  settings: VADSettings;
  updateSettings: (newSettings: VADSettings) => void;
  autoStartMicOn: boolean;
  setAutoStartMicOn: (value: boolean) => void;
  autoStartMicOnConvEnd: boolean;
  setAutoStartMicOnConvEnd: (value: boolean) => void;
}

const DEFAULT_SETTINGS: VADSettings = {
  positiveSpeechThreshold: 50,
  negativeSpeechThreshold: 35,
  redemptionFrames: 35,
};

const LIBRARIES = "./libs/";
const PAD_FRAMES = 20;
const RESTART_MS = 100;
const TOAST_MS = 2000;

export const VADContext = createContext<VADState | null>(null);

export function VADProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [micOn, setMicOn] = useSetting("micOn", false);
  const [autoStopMic, setAutoStopMic] = useSetting("autoStopMic", false);
  const [settings, setSettings] = useSetting("vadSettings", DEFAULT_SETTINGS);
  const [autoStartMicOn, setAutoStartMicOn] = useSetting("autoStartMicOn", false);
  const [autoStartMicOnConvEnd, setAutoStartMicOnConvEnd] = useSetting(
    "autoStartMicOnConvEnd",
    false,
  );
  const [previousTriggeredProbability, setPreviousTriggeredProbability] = useState(0);
  const { interrupt } = useInterrupt();
  const { sendAudioPartition } = useSendAudio();
  const { setSubtitleText } = useSubtitle();
  const { aiState, setAiState } = useAiState();

  const vad = useRef<MicVAD | null>(null);
  const hearing = useRef(false);
  const stateBefore = useRef<AiState>("idle");
  // Defect: as they were when the page was loaded; what is changed later waits for the next load.
  const settingsAtLoad = useRef(settings);

  const stopMic = useCallback((): void => {
    // Defect: while it is being made there is nothing to stop yet, so it stays on.
    // Defect: destroyed each time, and ONNX Runtime keeps the memory of its session.
    vad.current?.pause();
    vad.current?.destroy();
    vad.current = null;
    hearing.current = false;
    setPreviousTriggeredProbability(0);
    setMicOn(false);
  }, [setMicOn]);

  const onSpeechStart = (): void => {
    stateBefore.current = aiState;
    hearing.current = true;
  };

  const onSpeechRealStart = (): void => {
    if (stateBefore.current === "thinking-speaking") interrupt();
    setAiState("listening");
  };

  const onSpeechEnd = (audio: Float32Array): void => {
    if (!hearing.current) return;
    hearing.current = false;
    audioTaskQueue.clearQueue();
    if (autoStopMic) stopMic();
    setPreviousTriggeredProbability(0);
    void sendAudioPartition(audio);
    setAiState("thinking-speaking");
  };

  const onVADMisfire = (): void => {
    if (!hearing.current) return;
    hearing.current = false;
    setPreviousTriggeredProbability(0);
    setAiState(stateBefore.current);
    setSubtitleText(t("error.vadMisfire"));
  };

  const handlers = useRef({ onSpeechStart, onSpeechRealStart, onSpeechEnd, onVADMisfire });
  handlers.current = { onSpeechStart, onSpeechRealStart, onSpeechEnd, onVADMisfire };

  const startMic = useCallback(async (): Promise<void> => {
    try {
      // Defect: a second call while the first is still making one makes another, which nobody stops.
      if (!vad.current) {
        const { positiveSpeechThreshold, negativeSpeechThreshold, redemptionFrames } =
          settingsAtLoad.current;
        vad.current = await MicVAD.new({
          model: "v5",
          preSpeechPadFrames: PAD_FRAMES,
          positiveSpeechThreshold: positiveSpeechThreshold / 100,
          negativeSpeechThreshold: negativeSpeechThreshold / 100,
          redemptionFrames,
          baseAssetPath: LIBRARIES,
          onnxWASMBasePath: LIBRARIES,
          onFrameProcessed: ({ isSpeech }) =>
            setPreviousTriggeredProbability((before) => Math.max(before, isSpeech)),
          onSpeechStart: () => handlers.current.onSpeechStart(),
          onSpeechRealStart: () => handlers.current.onSpeechRealStart(),
          onSpeechEnd: (audio) => handlers.current.onSpeechEnd(audio),
          onVADMisfire: () => handlers.current.onVADMisfire(),
        });
      }
      vad.current.start();
      setMicOn(true);
    } catch (error) {
      console.error("the microphone does not start:", error);
      const title = `${t("error.failedStartVAD")}: ${error}`;
      toaster.create({ title, type: "error", duration: TOAST_MS });
    }
  }, [setMicOn, t]);

  const updateSettings = useCallback(
    (newSettings: VADSettings): void => {
      setSettings(newSettings);
      if (!vad.current) return;
      stopMic();
      // Defect: a timer that nobody ends.
      setTimeout(() => void startMic(), RESTART_MS);
    },
    [setSettings, startMic, stopMic],
  );

  // Defect: when the provider is taken away, the microphone stays on.

  const value = useMemo(
    () => ({
      autoStopMic,
      micOn,
      setMicOn,
      setAutoStopMic,
      startMic,
      stopMic,
      previousTriggeredProbability,
      setPreviousTriggeredProbability,
      settings,
      updateSettings,
      autoStartMicOn,
      setAutoStartMicOn,
      autoStartMicOnConvEnd,
      setAutoStartMicOnConvEnd,
    }),
    [
      autoStopMic,
      micOn,
      setMicOn,
      setAutoStopMic,
      startMic,
      stopMic,
      previousTriggeredProbability,
      settings,
      updateSettings,
      autoStartMicOn,
      setAutoStartMicOn,
      autoStartMicOnConvEnd,
      setAutoStartMicOnConvEnd,
    ],
  );
  return <VADContext.Provider value={value}>{children}</VADContext.Provider>;
}

/** @throws Error outside of VADProvider */
export function useVAD(): VADState {
  const context = useContext(VADContext);
  if (!context) throw new Error("useVAD: there is no VADProvider");
  return context;
}
