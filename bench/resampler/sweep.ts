/** The test that pictures of resamplers are drawn from: a sine that rises evenly from 0 to Nyquist. */
import { convert, type Rates, type ResamplerContender } from "./conversion.js";
import { REFERENCE } from "./purity.js";

export const SWEEP_SECONDS = 8;

/** The phase is half the rate of change of the frequency times the square of the time. */
export function sweepSignal(rateHz: number, seconds = SWEEP_SECONDS): Float32Array {
  const count = Math.round(seconds * rateHz);
  // Frequency at sample n is n / (2·count) in periods a sample, so the phase n² / (4·count), whole turns taken out.
  return Float32Array.from({ length: count }, (_, n) => {
    const periods = ((n * n) % (4 * count)) / (4 * count);
    return REFERENCE.amplitude * Math.sin(2 * Math.PI * periods);
  });
}

export function sweep(
  contender: ResamplerContender,
  rates: Rates,
  seconds = SWEEP_SECONDS,
): Promise<Float32Array> {
  return convert(contender, rates, sweepSignal(rates.inputHz, seconds));
}
