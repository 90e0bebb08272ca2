/** Advertisements in turn, by one timer, which rests while nobody can see them. */
import { type ReactElement, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAppStore, useMediaStore } from "@/store";
import { useApp } from "@/voicepath/app";
import { useServerAddress } from "@/voicepath/server-address";
import { serverFile } from "@/voicepath/server-file";
import "@/voicepath/carousel.css";

const DAY_MS = 86_400_000;

function showNext(): void {
  const { media, setMedia } = useAppStore.getState();
  const { index, files } = media.advertisements;
  setMedia({ advertisements: { index: (index + 1) % Math.max(1, files.length) } });
}

/** @param intervalMs - null: nothing turns */
function useRotation(intervalMs: number | null): void {
  const app = useApp();
  useEffect(() => {
    if (!app || intervalMs === null) return;
    const scope = app.scope.scope("advertisements");
    const timer = scope.timer(() => {
      showNext();
      timer.start(intervalMs);
    });
    const turn = (): void => {
      if (document.hidden) timer.stop();
      else timer.start(intervalMs);
    };
    scope.listen(document, "visibilitychange", turn);
    turn();
    return () => void scope.dispose();
  }, [app, intervalMs]);
}

function AdCarousel(): ReactElement | null {
  const { t } = useTranslation();
  const { files, index, intervalMs, enabled } = useMediaStore((media) => media.advertisements);
  const { baseUrl } = useServerAddress();
  const turns = enabled && files.length > 1 && intervalMs > 0 && intervalMs <= DAY_MS;
  useRotation(turns ? intervalMs : null);

  const file = files[index % files.length];
  if (!enabled || !file) return null;
  return (
    <figure className="voicepath-carousel carousel glass" data-testid="carousel">
      <img src={serverFile(file, baseUrl)} alt={t("advertisement.label")} />
    </figure>
  );
}

export default AdCarousel;
