/**
 * Frames that cover a duration.
 *
 * @param targetDuration - milliseconds
 * @param frameSamples - samples of one frame
 * @param sr - samples a second
 */
export function minFramesForTargetMS(
  targetDuration: number,
  frameSamples: number,
  sr = 16000,
): number {
  return Math.ceil((targetDuration * sr) / 1000 / frameSamples);
}
