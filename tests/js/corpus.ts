/** More than half an hour of real speech at 16 kHz, in silence and in noise. */
import { loadAudio, Resampler } from "../../dist/index.js";
import { joinSamples } from "../../js-glue/src/samples.js";
import { asteriskFiles, pocketsphinxFiles, readWav } from "../../tools/speech.js";
import { RATE_HZ } from "./vad-web-reference.js";

/** `CORPUS=all npm test` takes all of it where half will do. */
export const WHOLE_CORPUS = process.env["CORPUS"] === "all";

/** Signal to noise ratios, dB, that follow each other from minute to minute. */
const CONDITIONS = [Number.POSITIVE_INFINITY, 20, 10, 0] as const;

/** Normally distributed, from a seed: Marsaglia's polar method over a 32-bit xorshift. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  return () => {
    for (;;) {
      const x = uniform();
      const y = uniform();
      const r = x * x + y * y;
      if (r > 0 && r < 1) return x * Math.sqrt((-2 * Math.log(r)) / r);
    }
  };
}

const power = (samples: Float32Array): number =>
  samples.reduce((sum, x) => sum + x * x, 0) / samples.length;

/** All clips one after the other, with pauses between them that differ in length. */
export async function clean(): Promise<Float32Array> {
  const audio = await loadAudio();
  const parts: Float32Array[] = [];
  for (const [index, path] of [...pocketsphinxFiles(), ...asteriskFiles()].entries()) {
    const { rateHz, samples } = readWav(path);
    if (rateHz === RATE_HZ) {
      parts.push(samples);
    } else {
      const resampler = Resampler.create(audio, { inputRateHz: rateHz, outputRateHz: RATE_HZ });
      parts.push(resampler.process(samples), resampler.flush());
      resampler.dispose();
    }
    parts.push(new Float32Array(((index * 7) % 5) * 0.45 * RATE_HZ));
  }
  return joinSamples(parts);
}

/**
 * The corpus, about half an hour in one variant; minute m has the noise of condition
 * (m + variant) mod 4.
 */
export async function corpus(variant: number): Promise<Float32Array> {
  const samples = await clean();
  const next = noise(12345 + variant);
  const minute = 60 * RATE_HZ;
  for (let m = 0; m * minute < samples.length; m++) {
    const snr = CONDITIONS[(m + variant) % CONDITIONS.length] ?? Number.POSITIVE_INFINITY;
    if (!Number.isFinite(snr)) continue;
    const part = samples.subarray(m * minute, (m + 1) * minute);
    const gain = Math.sqrt(power(part) / 10 ** (snr / 10));
    for (let i = 0; i < part.length; i++) part[i] = (part[i] ?? 0) + gain * next();
  }
  return samples;
}
