import type { LAppAdapter } from "@cubismsdksamples/lappadapter";
import { useCallback } from "react";
import type { ModelInfo } from "@/context/live2d-config-context";

export const useLive2DExpression = () => {
  /** @param expression - its name, or its number among the model's */
  const setExpression = useCallback(
    (expression: string | number, adapter: LAppAdapter, logMessage?: string): void => {
      const name =
        typeof expression === "number" ? adapter.getExpressionName(expression) : expression;
      if (name) adapter.setExpression(name);
      if (logMessage) console.log(logMessage);
    },
    [],
  );

  const resetExpression = useCallback(
    (adapter: LAppAdapter, modelInfo?: ModelInfo): void => {
      if (adapter.getModel()) setExpression(modelInfo?.defaultEmotion ?? 0, adapter);
    },
    [setExpression],
  );
  return { setExpression, resetExpression };
};
