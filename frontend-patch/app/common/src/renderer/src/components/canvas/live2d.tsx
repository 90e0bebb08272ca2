/** The character. */
import { onPage } from "@cubismsdksamples/lapppage";
import { memo, useEffect } from "react";
import { AiStateEnum, useAiState } from "@/context/ai-state-context";
import { useLive2DConfig } from "@/context/live2d-config-context";
import { useLive2DExpression } from "@/hooks/canvas/use-live2d-expression";
import { useLive2DModel } from "@/hooks/canvas/use-live2d-model";
import { useAudioTask } from "@/hooks/utils/use-audio-task";
import { useInterrupt } from "@/hooks/utils/use-interrupt";

export const Live2D = memo(() => {
  const { modelInfo } = useLive2DConfig();
  const { aiState } = useAiState();
  const { resetExpression } = useLive2DExpression();
  useLive2DModel({ modelInfo });
  useInterrupt();
  useAudioTask();

  useEffect(() => {
    const adapter = onPage.getLAppAdapter?.();
    if (adapter && aiState === AiStateEnum.IDLE) resetExpression(adapter, modelInfo);
  }, [aiState, modelInfo, resetExpression]);

  return (
    <canvas
      id="canvas"
      className="character"
      data-testid="character-canvas"
      role="img"
      aria-label={modelInfo?.name ?? "character"}
    />
  );
});

Live2D.displayName = "Live2D";

export { useAudioTask, useInterrupt };
