/** Silero over speech by two engines: voicepath's own in C, and ONNX Runtime called from C. */
import { Vad, VadModel } from "voicepath";
import type { ProgramChoice } from "../../peers/ort";
import type { VadWebVersion } from "../../peers/vad-web";
import { openAudio } from "../../peers/voicepath";

/** The page may breathe after so many: about 20 ms. */
const FRAMES_AT_ONCE = 40;
const MILLION = 1e6;

export interface Curves {
  readonly ours: readonly number[];
  readonly onnx: readonly number[];
}

async function judgeNatively(
  frames: readonly Float32Array[],
  version: VadWebVersion,
): Promise<number[]> {
  // With the network's own weights; the package's default rounds them to 16 bits.
  const model = await VadModel.load({ version, precision: "f32" });
  const vad = Vad.create(await openAudio(), { model });
  try {
    return frames.map((frame) => {
      vad.push(frame);
      return vad.probability;
    });
  } finally {
    vad.dispose();
  }
}

async function judgeByOnnx(
  frames: readonly Float32Array[],
  version: VadWebVersion,
  choice: ProgramChoice,
): Promise<number[]> {
  const { openSileroOnnx } = await import("../../peers/ort");
  const model = await openSileroOnnx(version, choice);
  try {
    const probabilities: number[] = [];
    for (const frame of frames) {
      probabilities.push(await model.process(frame));
      if (probabilities.length % FRAMES_AT_ONCE !== 0) continue;
      await new Promise((resolve) => setTimeout(resolve));
      choice.signal?.throwIfAborted();
    }
    return probabilities;
  } finally {
    model.dispose();
  }
}

/** @param frames - of 512 samples */
export async function judgeTwice(
  frames: readonly Float32Array[],
  version: VadWebVersion,
  choice: ProgramChoice,
): Promise<Curves> {
  const onnx = await judgeByOnnx(frames, version, choice);
  return { ours: await judgeNatively(frames, version), onnx };
}

/** Ours less ONNX Runtime's, in millionths. */
export function differences({ ours, onnx }: Curves): number[] {
  return ours.map((p, i) => (p - (onnx[i] ?? Number.NaN)) * MILLION);
}

/** The largest difference, in millionths. */
export function apart(curves: Curves): number {
  return Math.max(...differences(curves).map(Math.abs));
}
