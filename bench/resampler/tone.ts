/** A tone through a resampler: what of it comes out, and what else. */
import type { Rates, ResamplerContender } from "./conversion.js";
import { dot, meanSquare } from "./dot.js";
import { respond, type Signal, windowOf } from "./exact.js";

export interface Tone {
  readonly hz: number;
  readonly amplitude: number;
  /** In periods; 0 is a sine, 0.25 a cosine. */
  readonly phase?: number;
}

/** The whole periods are taken out first: the angle stays exact however late the sample. */
const angle = (hz: number, rateHz: number, sample: number, phase = 0): number =>
  2 * Math.PI * (((hz * sample) % rateHz) / rateHz + phase);

export function toneSignal({ hz, amplitude, phase }: Tone, rateHz: number): Signal {
  return (sample) => amplitude * Math.sin(angle(hz, rateHz, sample, phase));
}

/** a·sin + b·cos + offset, the nearest to some samples; the frequency is known. */
export interface Fit {
  readonly sine: number;
  readonly cosine: number;
  readonly offset: number;
  /** RMS of what is left. */
  readonly residual: number;
}

/** Least squares: the normal equations of three unknowns, by Cramer's rule. */
export function fitTone(samples: Float64Array, first: number, hz: number, rateHz: number): Fit {
  const sines = samples.map((_, i) => Math.sin(angle(hz, rateHz, first + i)));
  const cosines = samples.map((_, i) => Math.cos(angle(hz, rateHz, first + i)));
  const ones = new Float64Array(samples.length).fill(1);
  const basis = [sines, cosines, ones] as const;
  const [ss, sc, s1] = basis.map((b) => dot(sines, b)) as [number, number, number];
  const [cc, c1] = [dot(cosines, cosines), dot(cosines, ones)];
  const n = samples.length;
  const solve = (y: Float64Array): [number, number, number] => {
    const [ys, yc, y1] = basis.map((b) => dot(y, b)) as [number, number, number];
    const determinant =
      ss * (cc * n - c1 * c1) - sc * (sc * n - c1 * s1) + s1 * (sc * c1 - cc * s1);
    return [
      (ys * (cc * n - c1 * c1) - sc * (yc * n - c1 * y1) + s1 * (yc * c1 - cc * y1)) / determinant,
      (ss * (yc * n - c1 * y1) - ys * (sc * n - c1 * s1) + s1 * (sc * y1 - yc * s1)) / determinant,
      (ss * (cc * y1 - yc * c1) - sc * (sc * y1 - yc * s1) + ys * (sc * c1 - cc * s1)) /
        determinant,
    ];
  };
  const [sine, cosine, offset] = solve(samples);
  const left = samples.map(
    (y, i) => y - sine * (sines[i] ?? 0) - cosine * (cosines[i] ?? 0) - offset,
  );
  return { sine, cosine, offset, residual: Math.sqrt(meanSquare(left)) };
}

export interface ToneResponse {
  /** Of the amplitude. */
  readonly gain: number;
  /** How late the tone comes out, in its own periods: from -0.5 to 0.5. */
  readonly latePeriods: number;
  readonly offset: number;
  /** What else comes out, as a share of the tone that went in. */
  readonly residual: number;
}

export const nearestToZero = (periods: number): number => periods - Math.round(periods);

export async function measureTone(
  contender: ResamplerContender,
  rates: Rates,
  tone: Tone,
  { exact = true } = {},
): Promise<ToneResponse> {
  const answer = await respond(contender, rates, toneSignal(tone, rates.inputHz), { exact });
  const fit = fitTone(answer, windowOf(rates).first, tone.hz, rates.outputHz);
  return {
    gain: Math.hypot(fit.sine, fit.cosine) / tone.amplitude,
    latePeriods: nearestToZero(
      (tone.phase ?? 0) - Math.atan2(fit.cosine, fit.sine) / (2 * Math.PI),
    ),
    offset: fit.offset,
    residual: (fit.residual * Math.SQRT2) / tone.amplitude,
  };
}
