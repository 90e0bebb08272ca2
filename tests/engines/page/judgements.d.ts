import type * as ort from "../../../dist/ort/index.js";

export function tellJudgements(
  module: typeof ort,
  options: Omit<ort.SileroOnnxOptions, "mode">,
  hasJspi: boolean,
): Promise<string[]>;
