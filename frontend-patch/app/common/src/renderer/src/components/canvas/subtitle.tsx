import { memo } from "react";
import { useSubtitle } from "@/context/subtitle-context";
import { useSubtitleDisplay } from "@/hooks/canvas/use-subtitle-display";

const Subtitle = memo(() => {
  const { subtitleText, isLoaded } = useSubtitleDisplay();
  const { showSubtitle } = useSubtitle();
  if (!isLoaded || !subtitleText || !showSubtitle) return null;
  return <p className="subtitle-text glass">{subtitleText}</p>;
});

Subtitle.displayName = "Subtitle";

export default Subtitle;
