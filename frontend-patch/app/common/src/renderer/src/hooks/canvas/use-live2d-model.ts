/** The character on the canvas follows the model that the server names. */
import { updateModelConfig } from "@cubismsdksamples/lappdefine";
import { onPage } from "@cubismsdksamples/lapppage";
import { initializeLive2D } from "@cubismsdksamples/main";
import { useEffect, useRef } from "react";
import type { ModelInfo } from "@/context/live2d-config-context";

const SWITCH_MS = 500;

interface UseLive2DModelProps {
  modelInfo: ModelInfo | undefined;
}

/** Of .../live2d-models/luna/luna.model3.json: what is before luna/, luna, and luna. */
function parseModelUrl(url: string) {
  const { pathname, origin } = new URL(url);
  const [file = "", folder = "", ...before] = pathname.split("/").reverse();
  const baseUrl = `${origin}${before.reverse().join("/")}/`;
  return { baseUrl, modelDir: folder, modelFileName: file.replace(".model3.json", "") };
}

export const useLive2DModel = ({ modelInfo }: UseLive2DModelProps): void => {
  const shownUrl = useRef<string | undefined>(undefined);

  useEffect(() => {
    if (!modelInfo?.url || modelInfo.url === shownUrl.current) return;
    shownUrl.current = modelInfo.url;
    const { baseUrl, modelDir, modelFileName } = parseModelUrl(modelInfo.url);
    updateModelConfig(baseUrl, modelDir, modelFileName, modelInfo.kScale);
    // Defect: a timer that nobody ends.
    setTimeout(() => {
      onPage.LAppLive2DManager?.releaseInstance();
      initializeLive2D();
    }, SWITCH_MS);
  }, [modelInfo?.url, modelInfo?.kScale]);
};
