/**
 * Many tones at once, for gains and phases only: each has a whole number of periods in the window, so
 * that none leaks into another's fit. One above the output's Nyquist frequency is found where it is
 * folded to; no two may be folded to the same place.
 */
import type { Rates, ResamplerContender } from "./conversion.js";
import { respond, WINDOW_STEP_HZ, windowOf } from "./exact.js";
import { fitTone, nearestToZero, toneSignal } from "./tone.js";

export interface CombTone {
  readonly hz: number;
  readonly gain: number;
  /** How late it comes out, in its own periods: from -0.5 to 0.5. */
  readonly latePeriods: number;
}

const CREST = 0.9;

/** The nearest frequency that a comb can have. */
export const combHz = (hz: number): number => Math.round(hz / WINDOW_STEP_HZ) * WINDOW_STEP_HZ;

export async function measureComb(
  contender: ResamplerContender,
  rates: Rates,
  frequencies: readonly number[],
  { exact = false } = {},
): Promise<CombTone[]> {
  const hertz = [...new Set(frequencies.map(combHz))];
  const tones = hertz.map((hz, i) => ({
    hz,
    amplitude: CREST / hertz.length,
    // Newman's phases: the peaks do not meet.
    phase: (i * i) / (2 * hertz.length),
  }));
  const signals = tones.map((tone) => toneSignal(tone, rates.inputHz));
  const signal = (sample: number): number => signals.reduce((sum, one) => sum + one(sample), 0);
  const answer = await respond(contender, rates, signal, { exact });
  return tones.map(({ hz, amplitude, phase }) => {
    const { sine, cosine } = fitTone(answer, windowOf(rates).first, hz, rates.outputHz);
    return {
      hz,
      gain: Math.hypot(sine, cosine) / amplitude,
      latePeriods: nearestToZero(phase - Math.atan2(cosine, sine) / (2 * Math.PI)),
    };
  });
}
