/**
 * Silero v5 and v6 on ONNX Runtime, through the C API, against our own engine: a quarter of an hour of
 * speech (twice that with CORPUS=all), clean and in noise, each minute a stream of its own.
 *
 * The two add in different orders. They agree to 1e-5, but where ONNX Runtime's own rounding is more than
 * that: the network in double precision is asked for every such frame.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FRAME_MS, loadAudio, Vad, VadModel } from "../../dist/index.js";
import { SileroOnnx } from "../../dist/ort/index.js";
import { SileroDouble } from "../../wasm/weights/silero-double.js";
import { readSilero } from "../../wasm/weights/silero-onnx.js";
import { clean, corpus, WHOLE_CORPUS } from "./corpus.js";
import { FRAME_SAMPLES, probabilities, RATE_HZ } from "./vad-web-reference.js";

const onnxPath = (version: string): string =>
  `node_modules/@ricky0123/vad-web/dist/silero_vad_${version}.onnx`;

/** In probability. */
const LIMIT = 1e-5;

const MINUTE = 60 * RATE_HZ;

/**
 * Whole minutes of speech: from the clean corpus, every second one unless all is asked for, and every
 * eighth of the one in noise.
 */
async function minutes(): Promise<Float32Array[]> {
  const split = (speech: Float32Array): Float32Array[] =>
    Array.from({ length: Math.floor(speech.length / MINUTE) }, (_, i) =>
      speech.subarray(i * MINUTE, (i + 1) * MINUTE),
    );
  const quiet = split(await clean()).filter((_, m) => WHOLE_CORPUS || m % 2 === 0);
  return quiet.concat(split(await corpus(3)).filter((_, m) => m % 8 === 2));
}

function frames(speech: Float32Array): Float32Array[] {
  return Array.from({ length: Math.floor(speech.length / FRAME_SAMPLES) }, (_, i) =>
    speech.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
  );
}

const apart = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((x, i) => Math.abs(x - (b[i] ?? Number.NaN)));
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

const speech = await minutes();

test.each(["v5", "v6"] as const)(
  "%s against our own engine",
  { timeout: 240_000 },
  async (version) => {
    using model = await SileroOnnx.load({ model: readFileSync(onnxPath(version)), mode: "sync" });
    const weights = await VadModel.load({ version, precision: "f32" });
    using vad = Vad.create(await loadAudio(), { model: weights });
    const all: number[] = [];
    /** Of the frames of minutes with a difference above the limit. */
    const errors = { frames: 0, ours: 0, theirs: 0 };
    for (const minute of speech) {
      model.reset();
      vad.reset();
      const theirs: number[] = [];
      const ours: number[] = [];
      for (const frame of frames(minute)) {
        theirs.push(Number(model.process(frame)));
        vad.push(frame);
        ours.push(vad.probability);
      }
      const differences = apart(ours, theirs);
      for (const difference of differences) all.push(difference);
      if (largest(differences) <= LIMIT) continue;
      const silero = new SileroDouble(readSilero(onnxPath(version)));
      const exact = frames(minute).map((frame) => silero.process(frame));
      const [ourErrors, theirErrors] = [apart(ours, exact), apart(theirs, exact)];
      errors.ours = Math.max(errors.ours, largest(ourErrors));
      errors.theirs = Math.max(errors.theirs, largest(theirErrors));
      for (const [i, difference] of differences.entries()) {
        if (difference <= LIMIT) continue;
        errors.frames++;
        expect(ourErrors[i], `frame ${i}`).toBeLessThan(theirErrors[i] ?? 0);
      }
    }

    const total = (all.length * FRAME_MS) / 60_000;
    const { frames: beyond } = errors;
    all.sort((a, b) => a - b);
    const p999 = all[Math.floor(all.length * 0.999)] ?? Number.NaN;
    console.log(
      `${version}: ${total.toFixed(1)} minutes, |Δp| max ${largest(all).toExponential(2)}, p99.9 ` +
        `${p999.toExponential(2)}; ${beyond} of ${all.length} frames beyond 1e-5, in whose minutes ` +
        `voicepath is at most ${errors.ours.toExponential(2)} from double precision, ` +
        `ONNX Runtime ${errors.theirs.toExponential(2)}`,
    );
    expect(total).toBeGreaterThan(WHOLE_CORPUS ? 30 : 15);
    expect(errors.ours).toBeLessThanOrEqual(LIMIT);
    expect(beyond).toBeLessThanOrEqual(all.length / 1000);
  },
);

test.each(["v5", "v6"] as const)(
  "%s: bit by bit what onnxruntime-web says itself",
  { timeout: 60_000 },
  async (version) => {
    const heard = speech[1] as Float32Array;
    using model = await SileroOnnx.load({ model: readFileSync(onnxPath(version)), mode: "sync" });
    const found = frames(heard).map((frame) => model.process(frame));
    expect(found).toEqual(await probabilities(version, heard));
  },
);
