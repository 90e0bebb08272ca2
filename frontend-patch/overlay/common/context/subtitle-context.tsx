import {
  createContext,
  memo,
  type ReactElement,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from "react";
import { useApp } from "@/voicepath/app";
import { type Show, type Shown, VoiceSubtitles } from "@/voicepath/subtitles";
import { useStoredValue } from "@/voicepath/use-stored-value";

interface SubtitleState {
  /** What was set, or is spoken. */
  subtitleText: string;
  /** Shows a notice at once; an empty one leaves nothing on show. */
  setSubtitleText: (text: string) => void;
  showSubtitle: boolean;
  setShowSubtitle: (show: boolean) => void;
  /** For voices; absent until it is loaded. */
  subtitles?: VoiceSubtitles | undefined;
  /** Which of the two is on show. Default "notice". */
  shown?: Shown["kind"];
}

const NOTHING: Shown = { kind: "notice", text: "" };

export const SubtitleContext = createContext<SubtitleState | null>(null);

function useVoiceSubtitles(show: Show): VoiceSubtitles | undefined {
  const app = useApp();
  const [subtitles, setSubtitles] = useState<VoiceSubtitles>();
  useEffect(() => {
    if (!app) return;
    const made = new VoiceSubtitles(app, show);
    setSubtitles(made);
    return () => {
      setSubtitles(undefined);
      made.dispose();
    };
  }, [app, show]);
  return subtitles;
}

export const SubtitleProvider = memo(({ children }: { children: ReactNode }): ReactElement => {
  const [shown, setShown] = useState(NOTHING);
  const [showSubtitle, setShowSubtitle] = useStoredValue("showSubtitle", true);
  const subtitles = useVoiceSubtitles(setShown);
  const setSubtitleText = useCallback((text: string) => setShown({ kind: "notice", text }), []);
  const value = useMemo(
    () => ({
      subtitleText: shown.text,
      setSubtitleText,
      showSubtitle,
      setShowSubtitle,
      subtitles,
      shown: shown.kind,
    }),
    [shown, setSubtitleText, showSubtitle, setShowSubtitle, subtitles],
  );
  return <SubtitleContext.Provider value={value}>{children}</SubtitleContext.Provider>;
});

SubtitleProvider.displayName = "SubtitleProvider";

/** @throws Error outside of a SubtitleProvider */
export function useSubtitle(): SubtitleState {
  const context = useContext(SubtitleContext);
  if (context) return context;
  throw new Error("useSubtitle must be used within a SubtitleProvider");
}
