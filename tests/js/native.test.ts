/** The same C gives the same bits natively and as WebAssembly. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { loadAudio, Vad, VadModel } from "../../dist/index.js";
import { corpus } from "./corpus.js";

const FRAME_SAMPLES = 512;

test.each(["v5", "v6"] as const)("probabilities of %s are bit-identical", async (version) => {
  const speech = (await corpus(1)).subarray(0, FRAME_SAMPLES * 10_000);
  const native = execFileSync(
    "build/native/tests/c/probabilities",
    [`dist/assets/silero-${version}-f16.vpw`],
    { input: Buffer.from(speech.buffer, speech.byteOffset, speech.byteLength), maxBuffer: 1 << 24 },
  );
  const vad = Vad.create(await loadAudio(), { model: await VadModel.load({ version }) });
  const wasm = new Float32Array(speech.length / FRAME_SAMPLES);
  for (let i = 0; i < wasm.length; i++) {
    vad.push(speech.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES));
    wasm[i] = vad.probability;
  }
  vad.dispose();
  expect(wasm.length).toBe(10_000);
  expect(Buffer.from(wasm.buffer).equals(native)).toBe(true);
});
