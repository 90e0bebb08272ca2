/**
 * Low-pass filters of linear phase whose gain is exactly 1 at frequency 0 and exactly 0 at the
 * Nyquist frequency, and as good as can be in between.
 *
 * With x = cos w, every response with these two values is (1 + x) / 2 + (1 - x^2) p(x), where p is
 * any polynomial of two degrees less. So p approximates what is missing, and has the tolerance
 * divided by 1 - x^2 = sin^2 w: the two zeros cost no more than the two degrees.
 *
 * Gain 0 at the Nyquist frequency means that the even taps and the odd taps each sum to 1/2: an
 * interpolator by 2 then repeats a constant without a ripple.
 */
import { remez } from "./remez.js";

/** From `from` to `to`, in units of the Nyquist frequency. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly gain: 0 | 1;
  readonly tolerance: (frequency: number) => number;
}

export interface LinearPhase {
  /** Tap 0 is the centre, tap k is k samples before and after it. */
  readonly taps: Float64Array;
  /** At a frequency in radians per sample; real, as the phase is left out. */
  readonly response: (frequency: number) => number;
  /** The largest error, in tolerances. */
  readonly error: number;
  /** The frequencies, in radians per sample, at which it has this error with alternating signs. */
  readonly extremes: Float64Array;
}

/** The filter of 2 * `reach` + 1 taps with the least error. */
export function designLinearPhase(regions: readonly Region[], reach: number): LinearPhase {
  const bands = regions.map(({ from, to, gain, tolerance }) => ({
    from: from * Math.PI,
    to: to * Math.PI,
    // (gain - (1 + x) / 2) / (1 - x^2), with the common factor left out
    desired: (w: number) => (gain === 1 ? 0.5 / (1 + Math.cos(w)) : -0.5 / (1 - Math.cos(w))),
    tolerance: (w: number) => tolerance(w / Math.PI) / Math.sin(w) ** 2,
  }));
  const { at, error, extremes } = remez(bands, reach - 2);
  const response = (w: number): number => (1 + Math.cos(w)) / 2 + Math.sin(w) ** 2 * at(w);
  return { taps: tapsOf(response, reach), response, error, extremes };
}

/** The inverse discrete Fourier transform of 2 * reach + 1 samples of the response. */
function tapsOf(response: (frequency: number) => number, reach: number): Float64Array {
  const length = 2 * reach + 1;
  const step = (2 * Math.PI) / length;
  const cosines = Float64Array.from({ length }, (_, i) => Math.cos(i * step));
  const samples = Float64Array.from({ length: reach + 1 }, (_, k) => response(k * step));
  return Float64Array.from({ length: reach + 1 }, (_, n) => {
    let sum = samples[0] ?? 0;
    for (let k = 1; k <= reach; k++)
      sum += 2 * (samples[k] ?? 0) * (cosines[(k * n) % length] ?? 0);
    return sum / length;
  });
}
