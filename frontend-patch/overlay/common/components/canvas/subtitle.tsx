import { memo, type ReactElement } from "react";
import { RegistryProvider, Subtitle as VoiceSubtitle } from "voicepath/react";
import { useSubtitle } from "@/context/subtitle-context";
import { useApp } from "@/voicepath/app";
import { SubtitleWidth } from "@/voicepath/subtitle-width";
import "@/voicepath/subtitle.css";

/**
 * The box below the character. Its look is in subtitle.css, and is the page's to change by the variables
 * of voicepath's subtitle and by `--voicepath-subtitle-width`.
 */
const Subtitle = memo((): ReactElement | null => {
  const { subtitleText, showSubtitle, subtitles, shown = "notice" } = useSubtitle();
  const app = useApp();
  if (!showSubtitle) return null;
  return (
    <SubtitleWidth>
      <div className="voicepath-subtitles" data-shown={shown}>
        {app && subtitles && (
          <RegistryProvider registry={app.registry}>
            <VoiceSubtitle buffer={subtitles.buffer} width="100%" parent={app.scope} />
          </RegistryProvider>
        )}
        <p className="voicepath-notice" role="status">
          {shown === "notice" ? subtitleText : ""}
        </p>
      </div>
    </SubtitleWidth>
  );
});

Subtitle.displayName = "Subtitle";

export default Subtitle;
