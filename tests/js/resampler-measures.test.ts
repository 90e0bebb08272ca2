/** The measures of bench/resampler, on conversions whose answers are known in closed form. */
import { expect, test } from "vitest";
import { aliasFrequencies, foldedHz, measureAliases } from "../../bench/resampler/alias.js";
import {
  type Conversion,
  concatenate,
  NOTHING,
  type Rates,
  type ResamplerContender,
  wholeClip,
} from "../../bench/resampler/conversion.js";
import { amplitudeOf, decibel } from "../../bench/resampler/decibel.js";
import { dot } from "../../bench/resampler/dot.js";
import { Fft } from "../../bench/resampler/fft.js";
import { measureGroupDelays, measureLatency } from "../../bench/resampler/latency.js";
import { whiteNoise } from "../../bench/resampler/noise.js";
import { measurePassBand } from "../../bench/resampler/pass-band.js";
import { measureDistortion, measureResidual, REFERENCE } from "../../bench/resampler/purity.js";
import { spectrogram } from "../../bench/resampler/spectrogram.js";
import { checkStreamLaws } from "../../bench/resampler/stream-laws.js";
import { sweepSignal } from "../../bench/resampler/sweep.js";
import { measureTone } from "../../bench/resampler/tone.js";

const SAME: Rates = { inputHz: 48000, outputHz: 48000 };
const THIRD: Rates = { inputHz: 48000, outputHz: 16000 };
const TWICE: Rates = { inputHz: 24000, outputHz: 48000 };

/** Each output sample by its number, from the whole clip. */
function clipContender(
  outputOf: (clip: Float32Array, sample: number) => number,
): ResamplerContender {
  return {
    name: "synthetic",
    open: ({ inputHz, outputHz }) =>
      wholeClip((clip) =>
        Float32Array.from({ length: Math.ceil((clip.length * outputHz) / inputHz) }, (_, k) =>
          outputOf(clip, k),
        ),
      ),
  };
}

const at = (clip: Float32Array, i: number): number => clip[i] ?? 0;

/** A low-pass filter by Kaiser's window, its delay taken out; gain 1 at DC. */
function lowPass(halfTaps: number, cutoff: number, beta: number): Float64Array {
  const bessel = (x: number): number => {
    let [sum, term] = [1, 1];
    for (let k = 1; k < 60; k++) {
      term *= (x / 2 / k) ** 2;
      sum += term;
    }
    return sum;
  };
  const taps = Float64Array.from({ length: 2 * halfTaps + 1 }, (_, i) => {
    const n = i - halfTaps;
    const sinc = n === 0 ? cutoff : Math.sin(Math.PI * cutoff * n) / (Math.PI * n);
    return sinc * bessel(beta * Math.sqrt(1 - (n / (halfTaps + 1)) ** 2));
  });
  const sum = taps.reduce((a, b) => a + b);
  return taps.map((tap) => tap / sum);
}

/** Of a symmetric filter at a frequency in periods a sample. */
const responseOf = (taps: Float64Array, frequency: number): number =>
  taps.reduce(
    (sum, tap, i) => sum + tap * Math.cos(2 * Math.PI * frequency * (i - (taps.length - 1) / 2)),
    0,
  );

function filtered(taps: Float64Array, clip: Float32Array, centre: number): number {
  const half = (taps.length - 1) / 2;
  let sum = 0;
  for (let i = 0; i < taps.length; i++) sum += (taps[i] ?? 0) * at(clip, centre + i - half);
  return sum;
}

const identity = clipContender(at);

test("the rounding of the test tone is not in the figures", async () => {
  // What passes floats on unchanged adds nothing to the tone in double precision.
  expect(await measureDistortion(identity, SAME)).toBeLessThan(-280);
  // The tone alone, without its rest, would be 153 dB above its own noise.
  const { residual } = await measureTone(identity, SAME, REFERENCE, { exact: false });
  expect(decibel(residual)).toBeGreaterThan(-155);
  expect(decibel(residual)).toBeLessThan(-151);
});

test("rounding of the output is the contender's, and uniform", async () => {
  const step = 2 ** -15;
  const coarse = clipContender((clip, k) => Math.round(at(clip, k) / step) * step);
  const expected = decibel((step / Math.sqrt(12)) * (Math.SQRT2 / REFERENCE.amplitude));
  const { residual } = await measureTone(coarse, SAME, REFERENCE, { exact: false });
  expect(decibel(residual)).toBeCloseTo(expected, 0);
});

test("noise has the level it was added with", async () => {
  for (const level of [-60, -100, -130]) {
    const noise = whiteNoise(20000, 7);
    const rms = Math.sqrt(1 / 12);
    const scale = (amplitudeOf(level) * REFERENCE.amplitude) / Math.SQRT2 / rms;
    const noisy = clipContender((clip, k) => at(clip, k) + scale * at(noise, k));
    expect(Math.abs((await measureDistortion(noisy, SAME)) - level)).toBeLessThan(0.2);
  }
});

test("gain and delay of a tone", async () => {
  const late = clipContender((clip, k) => 0.25 * at(clip, k - 5));
  const tone = { hz: 1234.5, amplitude: 0.5, phase: 0.1 };
  const { gain, latePeriods, offset } = await measureTone(late, SAME, tone);
  expect(gain).toBeCloseTo(0.25, 12);
  expect(latePeriods).toBeCloseTo((5 * 1234.5) / 48000, 12);
  expect(offset).toBeCloseTo(0, 12);
});

test("images of linear interpolation to twice the rate", async () => {
  const linear = clipContender((clip, k) =>
    k % 2 === 0 ? at(clip, k / 2) : (at(clip, (k - 1) / 2) + at(clip, (k + 1) / 2)) / 2,
  );
  // y = x · (1 + cos w) / 2 and its image (1 - cos w) / 2.
  const image = (hz: number): number => (1 - Math.cos((2 * Math.PI * hz) / 48000)) / 2;
  expect(await measureDistortion(linear, TWICE)).toBeCloseTo(decibel(image(997)), 2);
  expect(await measureResidual(linear, TWICE)).toBeCloseTo(decibel(image(0.91 * 12000)), 2);
  expect(await measureAliases(linear, TWICE)).toBeNull();
});

test("a box average of three: bandwidth and aliases", async () => {
  const box = clipContender(
    (clip, k) => (at(clip, 3 * k - 1) + at(clip, 3 * k) + at(clip, 3 * k + 1)) / 3,
  );
  const gain = (hz: number): number => (1 + 2 * Math.cos((2 * Math.PI * hz) / 48000)) / 3;
  const { bandwidth, dcGain, ripple } = await measurePassBand(box, THIRD);
  const edgeHz = (Math.acos((3 * amplitudeOf(-0.1) - 1) / 2) * 48000) / (2 * Math.PI);
  expect(bandwidth).toBeCloseTo(edgeHz / 8000, 3);
  expect(Math.abs(dcGain)).toBeLessThan(1e-6);
  expect(ripple).toBeGreaterThan(0.05);
  expect(ripple).toBeLessThanOrEqual(-decibel(gain(0.95 * edgeHz)));
  const aliases = await measureAliases(box, THIRD);
  expect(aliases?.fromNyquist).toBeCloseTo(decibel(gain(8000)), 2);
  expect(aliases?.beyond).toBeCloseTo(decibel(gain(8720)), 2);
});

test("every third sample and no filter: the whole band, and all of the aliases", async () => {
  const pick = clipContender((clip, k) => at(clip, 3 * k));
  const { bandwidth, ripple } = await measurePassBand(pick, THIRD);
  expect(bandwidth).toBe(1);
  expect(ripple).toBeLessThan(1e-6);
  const aliases = await measureAliases(pick, THIRD);
  expect(aliases?.fromNyquist).toBeCloseTo(0, 2);
  expect(aliases?.beyond).toBeCloseTo(0, 2);
});

test("a steep filter with a leak: bandwidth, aliases, purity", async () => {
  const leak = amplitudeOf(-100);
  const taps = lowPass(300, 0.3, 15);
  taps[300] = (taps[300] ?? 0) + leak;
  const contender = clipContender((clip, k) => filtered(taps, clip, 3 * k));
  const gain = (hz: number): number => Math.abs(responseOf(taps, hz / 48000));
  let edge = 0;
  while (gain(edge) > gain(0) * amplitudeOf(-0.1)) edge += 0.5;
  const { bandwidth, ripple, dcGain } = await measurePassBand(contender, THIRD);
  expect(Math.abs(bandwidth - edge / 8000)).toBeLessThan(2e-4);
  expect(ripple).toBeLessThan(1e-3);
  expect(dcGain).toBeCloseTo(decibel(1 + leak), 6);
  const aliases = await measureAliases(contender, THIRD);
  expect(aliases?.fromNyquist).toBeCloseTo(decibel(gain(8000)), 1);
  expect(aliases?.beyond).toBeCloseTo(-100, 1);
  // Nothing but the output's rounding, which at this level is that of a float's tone.
  const distortion = await measureDistortion(contender, THIRD);
  expect(distortion).toBeGreaterThan(-155);
  expect(distortion).toBeLessThan(-151);
});

test("every alias tone of a comb is folded to a place of its own", () => {
  for (const rates of [
    THIRD,
    { inputHz: 44100, outputHz: 16000 },
    { inputHz: 48000, outputHz: 44100 },
  ]) {
    const frequencies = aliasFrequencies(rates);
    const folded = frequencies.map((hz) => Math.round(foldedHz(hz, rates.outputHz)));
    expect(new Set(folded).size).toBe(frequencies.length);
    expect(Math.min(...frequencies)).toBeGreaterThan(rates.outputHz / 2);
  }
});

/** Delays by whole samples, and hands out in blocks. */
function delayLine(delay: number, block: number): ResamplerContender {
  return {
    name: "delay line",
    open(): Conversion {
      let held: Float32Array = new Float32Array(delay);
      const take = (count: number): Float32Array => {
        const given = held.slice(0, count);
        held = held.slice(count);
        return given;
      };
      return {
        push(input) {
          held = concatenate([held, input]);
          return take(Math.floor((held.length - delay) / block) * block);
        },
        end: () => take(Math.max(0, held.length - delay)),
      };
    },
  };
}

test("latency is the filter's delay and the wait for a block", async () => {
  for (const [delay, block] of [
    [0, 1],
    [480, 1],
    [37, 96],
    [3000, 1],
  ] as const) {
    const { delayMs, latencyMs, leastMs } = await measureLatency(delayLine(delay, block), SAME);
    expect(delayMs).toBeCloseTo(delay / 48, 6);
    expect(latencyMs).toBeCloseTo((delay + block - 1) / 48, 6);
    expect(leastMs).toBeCloseTo(delay / 48, 6);
  }
});

test("group delay, where it depends on the frequency", async () => {
  // An all-pass of the first order: y[n] = a·x[n] + x[n-1] - a·y[n-1].
  const a = 0.6;
  const allPass: ResamplerContender = {
    name: "all-pass",
    open: () =>
      wholeClip((clip) => {
        let [lastIn, lastOut] = [0, 0];
        return clip.map((x) => {
          lastOut = a * x + lastIn - a * lastOut;
          lastIn = x;
          return lastOut;
        });
      }),
  };
  const frequencies = [500, 3000, 6000, 12000];
  const delays = await measureGroupDelays(allPass, SAME, frequencies);
  frequencies.forEach((hz, i) => {
    const w = (2 * Math.PI * hz) / 48000;
    const samples = (1 - a * a) / (1 + 2 * a * Math.cos(w) + a * a);
    expect(delays[i]).toBeCloseTo(samples / 48, 5);
  });
});

test("streams that lose samples, or change with the blocks, are found out", async () => {
  expect(await checkStreamLaws(delayLine(0, 64), SAME)).toEqual({
    sameForAnyBlocks: true,
    lengthError: 0,
  });
  const lossy: ResamplerContender = {
    name: "lossy",
    open: () => wholeClip((clip) => clip.subarray(0, Math.max(0, clip.length - 7))),
  };
  expect((await checkStreamLaws(lossy, SAME)).lengthError).toBe(-7);
  const clicking: ResamplerContender = {
    name: "clicking",
    open: () => ({
      push: (input) => input.map((x, i) => (i === 0 ? x * (1 + 2 ** -22) : x)),
      end: () => NOTHING,
    }),
  };
  expect((await checkStreamLaws(clicking, SAME)).sameForAnyBlocks).toBe(false);
});

test("the transform is the sum that defines it", () => {
  const size = 64;
  const signal = Float64Array.from(whiteNoise(2 * size, 3));
  const [real, imaginary] = [signal.slice(0, size), signal.slice(size)];
  new Fft(size).transform(real, imaginary);
  for (let k = 0; k < size; k++) {
    let [re, im] = [0, 0];
    for (let n = 0; n < size; n++) {
      const w = (-2 * Math.PI * k * n) / size;
      const [x, y] = [signal[n] ?? 0, signal[size + n] ?? 0];
      re += x * Math.cos(w) - y * Math.sin(w);
      im += x * Math.sin(w) + y * Math.cos(w);
    }
    expect(real[k]).toBeCloseTo(re, 11);
    expect(imaginary[k]).toBeCloseTo(im, 11);
  }
  expect(() => new Fft(48)).toThrow("power of two");
});

test("a spectrogram has the tone at its level, and nothing else above -180 dB", () => {
  const size = 2048;
  const bin = 300;
  const tone = Float64Array.from(
    { length: 4 * size },
    (_, n) => 0.5 * Math.sin((2 * Math.PI * bin * n) / size + 1),
  );
  const columns = spectrogram(tone, { size, columns: 5 });
  expect(columns.length).toBe(5);
  for (const column of columns) {
    expect(column.length).toBe(size / 2 + 1);
    expect(column[bin]).toBeCloseTo(decibel(0.5), 3);
    column.forEach((level, k) => {
      if (Math.abs(k - bin) > 10) expect(level).toBe(-180);
    });
  }
  expect(() => spectrogram(new Float32Array(100))).toThrow("100 samples");
});

test("a sweep rises evenly to the Nyquist frequency", () => {
  const columns = spectrogram(sweepSignal(48000, 2), { size: 2048, columns: 11 });
  columns.forEach((column, i) => {
    const from = (i / 10) * (96000 - 2048) + 1024;
    const peak = column.indexOf(Math.max(...column));
    expect(Math.abs(peak - (from / 96000) * 1024)).toBeLessThan(3);
  });
});

test("sums in pairs do not lose small terms", () => {
  const terms = new Float64Array(1 << 20).fill(0.1);
  const ones = new Float64Array(terms.length).fill(1);
  expect(Math.abs(dot(terms, ones) / (0.1 * terms.length) - 1)).toBeLessThan(1e-15);
});
