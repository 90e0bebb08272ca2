/** Advertisements in turn. */
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAppStore, useConfigStore, useMediaStore } from "@/store";

function AdCarousel() {
  const { t } = useTranslation();
  const { advertisements } = useMediaStore();
  const { baseUrl } = useConfigStore();
  const { files, index, intervalMs, enabled } = advertisements;

  useEffect(() => {
    if (!enabled || files.length < 2) return;
    // Defect: never cleared, so each change of the list or the interval begins another chain.
    setTimeout(() => {
      const { media, setMedia } = useAppStore.getState();
      setMedia({ advertisements: { index: media.advertisements.index + 1 } });
    }, intervalMs);
  }, [enabled, files, index, intervalMs]);

  const file = files[index % files.length];
  if (!enabled || !file) return null;
  return (
    <figure className="carousel glass" data-testid="carousel">
      <img src={new URL(file, baseUrl).href} alt={t("advertisement.label")} />
    </figure>
  );
}

export default AdCarousel;
