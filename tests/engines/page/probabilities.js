import { loadAudio, Vad, VadModel } from "/dist/index.js";

export const floats = async (path) => new Float32Array(await (await fetch(path)).arrayBuffer());

/** Bits of the probability of every frame. */
export async function probabilities() {
  const speech = await floats("/speech-16k.f32");
  const vad = Vad.create(await loadAudio(), { model: await VadModel.load() });
  const result = new Float32Array(Math.floor(speech.length / 512));
  for (let i = 0; i < result.length; i++) {
    vad.push(speech.subarray(i * 512, (i + 1) * 512));
    result[i] = vad.probability;
  }
  vad.dispose();
  return [...new Uint32Array(result.buffer)];
}
