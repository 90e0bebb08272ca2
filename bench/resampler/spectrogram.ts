/** How a signal's spectrum goes on in time, in dB, as columns to be drawn. */
import { Fft } from "./fft.js";

/** What 180 dB of range need: its side lobes are below -190 dB. */
const KAISER_BETA = 24.5;
const FLOOR_DB = -180;

export interface SpectrogramOptions {
  /** Of a transform; a power of two. Default 2048. */
  readonly size?: number;
  /** How many there are, evenly over the signal. Default 512. */
  readonly columns?: number;
}

/** Each has `size / 2 + 1` levels from DC to the Nyquist frequency: a full-scale sine is 0, the floor -180 dB. */
export type Column = Float32Array;

/** The modified Bessel function I0 by its power series (Abramowitz and Stegun, 9.6.12). */
function besselI0(x: number): number {
  let sum = 1;
  for (let term = 1, k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Scaled so that a full-scale sine has the level 1. */
export function kaiserWindow(size: number): Float64Array {
  const window = Float64Array.from({ length: size }, (_, i) =>
    besselI0(KAISER_BETA * Math.sqrt(1 - ((2 * i) / (size - 1) - 1) ** 2)),
  );
  const sum = window.reduce((a, b) => a + b);
  return window.map((value) => (2 * value) / sum);
}

function levels(fft: Fft, windowed: Float64Array): Column {
  const imaginary = new Float64Array(fft.size);
  fft.transform(windowed, imaginary);
  return Float32Array.from({ length: fft.size / 2 + 1 }, (_, k) => {
    const power = (windowed[k] ?? 0) ** 2 + (imaginary[k] ?? 0) ** 2;
    return Math.max(FLOOR_DB, 10 * Math.log10(power));
  });
}

/** @throws RangeError where the signal is shorter than one transform */
export function spectrogram(
  samples: Float32Array | Float64Array,
  { size = 2048, columns = 512 }: SpectrogramOptions = {},
): Column[] {
  if (samples.length < size)
    throw new RangeError(`${samples.length} samples are fewer than the ${size} of a transform`);
  const fft = new Fft(size);
  const window = kaiserWindow(size);
  const last = samples.length - size;
  return Array.from({ length: columns }, (_, column) => {
    const from = columns === 1 ? 0 : Math.round((last * column) / (columns - 1));
    return levels(
      fft,
      window.map((weight, i) => weight * (samples[from + i] ?? 0)),
    );
  });
}
