/** Which model is shown, and what the SDK's users need to know of it. */

export const PriorityNone = 0;
export const PriorityIdle = 1;
export const PriorityNormal = 2;
export const PriorityForce = 3;

/** Enough for a figure that breathes and speaks. */
export const FramesPerSecond = 30;
/** The screen's pixels that are drawn for each of CSS's, at most. */
export const MostPixelRatio = 2;

export let CurrentKScale = 1;
export let ResourcesPath = "";
export let ModelDir: string[] = [];
export let ModelFileNames: string[] = [];

export function updateModelConfig(
  resourcePath: string,
  modelDirectory: string,
  modelFileName: string,
  kScale = 1,
): void {
  ResourcesPath = resourcePath;
  ModelDir = [modelDirectory];
  ModelFileNames = [modelFileName];
  CurrentKScale = kScale;
}
