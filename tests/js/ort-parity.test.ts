/**
 * Silero v5 and v6 on ONNX Runtime, through the C API, against our own engine: more than half an hour of
 * speech, clean and in noise, each minute a stream of its own.
 *
 * The two add in different orders. With v5 they agree to 1e-5 in every frame, with v6 in more than 99.9 %;
 * whose rounding it is, the network in double precision tells, on the worst minute.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FRAME_MS, loadAudio, Vad, VadModel } from "../../dist/index.js";
import { SileroOnnx } from "../../dist/ort/index.js";
import { SileroDouble } from "../../wasm/weights/silero-double.js";
import { readSilero } from "../../wasm/weights/silero-onnx.js";
import { clean, corpus } from "./corpus.js";
import { FRAME_SAMPLES, probabilities, RATE_HZ } from "./vad-web-reference.js";

const onnxPath = (version: string): string =>
  `node_modules/@ricky0123/vad-web/dist/silero_vad_${version}.onnx`;

/** v6 has some frames in ten thousand where our single precision rounds more than ONNX Runtime's. */
const LIMITS = {
  v5: { difference: 1e-5, ourError: 1e-5 },
  v6: { difference: 4e-5, ourError: 3e-5 },
};

const MINUTE = 60 * RATE_HZ;

/** Whole minutes of speech: from the clean corpus, and every eighth of the one in noise. */
async function minutes(): Promise<Float32Array[]> {
  const split = (speech: Float32Array): Float32Array[] =>
    Array.from({ length: Math.floor(speech.length / MINUTE) }, (_, i) =>
      speech.subarray(i * MINUTE, (i + 1) * MINUTE),
    );
  const quiet = split(await clean());
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

interface Worst {
  readonly difference: number;
  readonly minute: Float32Array;
  readonly theirs: readonly number[];
  readonly ours: readonly number[];
}

const speech = await minutes();

test.each(["v5", "v6"] as const)(
  "%s against our own engine",
  { timeout: 240_000 },
  async (version) => {
    using model = await SileroOnnx.load({ model: readFileSync(onnxPath(version)), mode: "sync" });
    const weights = await VadModel.load({ version, precision: "f32" });
    using vad = Vad.create(await loadAudio(), { model: weights });
    const all: number[] = [];
    let worst: Worst = { difference: -1, minute: new Float32Array(), theirs: [], ours: [] };
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
      const difference = largest(differences);
      if (difference > worst.difference) worst = { difference, minute, theirs, ours };
    }

    const silero = new SileroDouble(readSilero(onnxPath(version)));
    const exact = frames(worst.minute).map((frame) => silero.process(frame));
    const ourError = largest(apart(worst.ours, exact));
    const theirError = largest(apart(worst.theirs, exact));
    all.sort((a, b) => a - b);
    const share = all.filter((difference) => difference <= 1e-5).length / all.length;
    const p999 = all[Math.floor(all.length * 0.999)] ?? Number.NaN;
    const total = (all.length * FRAME_MS) / 60_000;
    console.log(
      `${version}: ${total.toFixed(1)} minutes, |Δp| max ${worst.difference.toExponential(2)}, ` +
        `p99.9 ${p999.toExponential(2)}, ${(100 * share).toFixed(3)} % within 1e-5; in the worst minute ` +
        `voicepath is ${ourError.toExponential(2)} from double precision, ONNX Runtime ${theirError.toExponential(2)}`,
    );
    expect(total).toBeGreaterThan(30);
    expect(p999).toBeLessThanOrEqual(1e-5);
    expect(worst.difference).toBeLessThanOrEqual(LIMITS[version].difference);
    expect(ourError).toBeLessThanOrEqual(LIMITS[version].ourError);
    expect(theirError).toBeLessThanOrEqual(1e-5);
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
