/** The same clip through vad-web's model. Its code, and ORT's 14 MB, are loaded when asked for. */
import type { VadWebVersion } from "../../peers/vad-web";
import { split } from "../speech";

const FRAME_SAMPLES = 512;

export async function peerCurve(
  samples: Float32Array,
  version: VadWebVersion,
): Promise<readonly number[]> {
  const { openModel } = await import("../../peers/vad-web");
  const model = await openModel(version);
  try {
    const probabilities: number[] = [];
    for (const frame of split(samples, FRAME_SAMPLES))
      probabilities.push((await model.process(frame)).isSpeech);
    return probabilities;
  } finally {
    await model.release();
  }
}
