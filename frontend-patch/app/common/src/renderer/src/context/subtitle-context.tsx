import { createContext, memo, type ReactNode, useContext, useMemo, useState } from "react";

interface SubtitleState {
  subtitleText: string;
  setSubtitleText: (text: string) => void;
  showSubtitle: boolean;
  setShowSubtitle: (show: boolean) => void;
}

export const SubtitleContext = createContext<SubtitleState | null>(null);

export const SubtitleProvider = memo(({ children }: { children: ReactNode }) => {
  const [subtitleText, setSubtitleText] = useState("");
  // Defect: forgotten when the page is reloaded.
  const [showSubtitle, setShowSubtitle] = useState(true);
  const value = useMemo(
    () => ({ subtitleText, setSubtitleText, showSubtitle, setShowSubtitle }),
    [subtitleText, showSubtitle],
  );
  return <SubtitleContext.Provider value={value}>{children}</SubtitleContext.Provider>;
});

SubtitleProvider.displayName = "SubtitleProvider";

/** @throws Error outside of SubtitleProvider */
export function useSubtitle(): SubtitleState {
  const context = useContext(SubtitleContext);
  if (!context) throw new Error("useSubtitle: there is no SubtitleProvider");
  return context;
}
