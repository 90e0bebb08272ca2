/** The microphone: when it is on, what it takes for speech, and what happens when somebody speaks. */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { VoicepathError } from "voicepath/vad-web";
import { useInterrupt } from "@/components/canvas/live2d";
import { useSubtitle } from "@/context/subtitle-context";
import { useSendAudio } from "@/hooks/utils/use-send-audio";
import { audioTaskQueue } from "@/utils/task-queue";
import { useAiNow } from "@/voicepath/ai-now";
import { Microphone, type MicrophoneEvents } from "@/voicepath/microphone";
import { useSetting } from "@/voicepath/settings";
import type { SpeechSender } from "@/voicepath/speech-sender";
import { reason, toast } from "@/voicepath/toasts";
import { openWire } from "@/voicepath/wire";

export interface VADSettings {
  /** 0 to 100: a frame at or above it is speech. */
  positiveSpeechThreshold: number;
  /** 0 to 100: a frame below it is silence. */
  negativeSpeechThreshold: number;
  /** Silent frames, of 32 ms, that end the speech. */
  redemptionFrames: number;
}

interface VADState {
  /** Whether the microphone is turned off when the person has spoken. */
  autoStopMic: boolean;
  setAutoStopMic: (value: boolean) => void;
  micOn: boolean;
  setMicOn: (value: boolean) => void;
  startMic: () => Promise<void>;
  stopMic: () => void;
  /** Of the first frame after a start, and of speech as it begins; 0 when it is over. */
  previousTriggeredProbability: number;
  setPreviousTriggeredProbability: (value: number) => void;
  settings: VADSettings;
  /** In effect from the next frame on. */
  updateSettings: (settings: VADSettings) => void;
  /** Whether the microphone is turned on when the AI is interrupted. */
  autoStartMicOn: boolean;
  setAutoStartMicOn: (value: boolean) => void;
  /** Whether the microphone is turned on when the AI has spoken. */
  autoStartMicOnConvEnd: boolean;
  setAutoStartMicOnConvEnd: (value: boolean) => void;
}

const DEFAULT_SETTINGS: VADSettings = {
  positiveSpeechThreshold: 50,
  negativeSpeechThreshold: 35,
  redemptionFrames: 35,
};

export const VADContext = createContext<VADState | null>(null);

/** Why there is no microphone, and what to do about it. */
function startProblem(error: unknown): string {
  if (window.isSecureContext) return reason(error);
  const { origin } = window.location;
  return (
    `browsers give ${origin} no microphone, because it is neither https nor this machine. ` +
    "Open the page by https, or on the server's own machine as http://localhost."
  );
}

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
  const [probability, setProbability] = useState(0);
  const { speech } = useSendAudio();

  const microphone = useRef<Microphone | null>(null);
  const latestSettings = useRef(settings);
  latestSettings.current = settings;

  const stopMic = useCallback((): void => {
    microphone.current?.stop();
    setProbability(0);
    setMicOn(false);
    // The server has heard the beginning and cannot forget it: the next speech must not follow it.
    if (speech.underWay) void speech.end();
  }, [setMicOn, speech]);

  const stoppedByItself = (error: VoicepathError): void => {
    stopMic();
    toast("microphone", `${t("error.failedStartVAD")}: ${error.message}`);
  };
  const events = useMicrophoneEvents({
    speech,
    autoStopMic,
    positiveThreshold: settings.positiveSpeechThreshold / 100,
    stopMic,
    stoppedByItself,
    setProbability,
  });

  const opened = useCallback((): Microphone => {
    microphone.current ??= new Microphone(events, latestSettings.current);
    return microphone.current;
  }, [events]);

  const startMic = useCallback(async (): Promise<void> => {
    // Without it speech is sent as well, only with more work.
    openWire().catch(() => {});
    try {
      if (await opened().start()) setMicOn(true);
    } catch (error) {
      setMicOn(false);
      toast("microphone", `${t("error.failedStartVAD")}: ${startProblem(error)}`);
    }
  }, [opened, setMicOn, t]);

  // A page that was just loaded hears nothing yet, whatever was saved.
  useEffect(() => {
    setMicOn(false);
    return () => {
      microphone.current?.dispose();
      microphone.current = null;
    };
  }, [setMicOn]);

  const updateSettings = useCallback(
    (changed: VADSettings): void => {
      try {
        opened().configure(changed);
        setSettings(changed);
      } catch (error) {
        toast("vad-settings", reason(error));
      }
    },
    [opened, setSettings],
  );
  // Also when they were changed elsewhere: in another tab, or by whoever else writes settings.
  useEffect(() => {
    try {
      microphone.current?.configure(settings);
    } catch (error) {
      toast("vad-settings", reason(error));
    }
  }, [settings]);

  const value = useMemo<VADState>(
    () => ({
      autoStopMic,
      setAutoStopMic,
      micOn,
      setMicOn,
      startMic,
      stopMic,
      previousTriggeredProbability: probability,
      setPreviousTriggeredProbability: setProbability,
      settings,
      updateSettings,
      autoStartMicOn,
      setAutoStartMicOn,
      autoStartMicOnConvEnd,
      setAutoStartMicOnConvEnd,
    }),
    [
      autoStopMic,
      setAutoStopMic,
      micOn,
      setMicOn,
      startMic,
      stopMic,
      probability,
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

interface Speaking {
  readonly speech: SpeechSender;
  readonly autoStopMic: boolean;
  readonly positiveThreshold: number;
  stopMic(): void;
  stoppedByItself(error: VoicepathError): void;
  setProbability(change: (before: number) => number): void;
}

/** What the conversation does when somebody speaks; the same object for ever. */
function useMicrophoneEvents(speaking: Speaking): MicrophoneEvents {
  const { t } = useTranslation();
  const ai = useAiNow();
  const { interrupt } = useInterrupt();
  const { setSubtitleText } = useSubtitle();
  const now = { ...speaking, interrupt, setSubtitleText, t };
  const latest = useRef(now);
  latest.current = now;

  const [events] = useState<MicrophoneEvents>(() => {
    const { speech, setProbability } = speaking;
    const atLeast = (probability: number) => (before: number) => Math.max(before, probability);
    const bargeIn = (): void => {
      if (ai.state === "thinking-speaking") latest.current.interrupt();
    };
    return {
      onFrame: (probability) => setProbability(atLeast(probability)),
      // A misfire may follow: the AI goes on, and its state stays as it is.
      onSpeechStart: () => setProbability(atLeast(latest.current.positiveThreshold)),
      onVADMisfire() {
        setProbability(() => 0);
        latest.current.setSubtitleText(latest.current.t("error.vadMisfire"));
      },
      onSpeechRealStart() {
        bargeIn();
        ai.set("listening");
        speech.begin();
      },
      // What arrives when it was ended already, because the microphone was turned off, is not sent.
      onSpeechPart(audio) {
        if (speech.underWay) speech.part(audio);
      },
      onSpeechEnd() {
        if (!speech.underWay) return;
        // An answer to something else may have begun while the person spoke.
        bargeIn();
        audioTaskQueue.clearQueue();
        void speech.end();
        if (latest.current.autoStopMic) latest.current.stopMic();
        setProbability(() => 0);
        ai.set("thinking-speaking");
      },
      onError: (error) => latest.current.stoppedByItself(error),
    };
  });
  return events;
}

export function useVAD(): VADState {
  const context = useContext(VADContext);
  if (!context) throw new Error("useVAD must be used within a VADProvider");
  return context;
}
