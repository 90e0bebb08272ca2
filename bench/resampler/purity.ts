/** What comes out with a tone that is not the tone: noise, images, harmonics. */
import type { Rates, ResamplerContender } from "./conversion.js";
import { amplitudeOf, decibel } from "./decibel.js";
import { lowerNyquistHz } from "./nyquist.js";
import { measureTone } from "./tone.js";

/** The level and frequency of the usual THD+N measurement (AES17). */
export const REFERENCE = { hz: 997, amplitude: amplitudeOf(-1) };

/** Up to where every contender worth the name is flat. */
const PASS_BAND = 0.91;
/** Evenly over it, and again over its top fifth, whose images are the strongest. */
const EVEN_TONES = 12;
const TOP_TONES = 12;

/** No two have a simple ratio to each other or to the rates, so that images do not hide behind tones. */
function residualShares(): number[] {
  const spread = (from: number, count: number): number[] =>
    Array.from(
      { length: count },
      (_, i) => from + ((PASS_BAND - from) * (i + 1)) / count - 0.00137,
    );
  return [...spread(0, EVEN_TONES), ...spread(0.8 * PASS_BAND, TOP_TONES), PASS_BAND];
}

/** THD+N of {@link REFERENCE} in dB, over the whole output band, without DC. */
export async function measureDistortion(
  contender: ResamplerContender,
  rates: Rates,
): Promise<number> {
  return decibel((await measureTone(contender, rates, REFERENCE)).residual);
}

/** The worst THD+N of tones in the pass band, in dB. */
export async function measureResidual(
  contender: ResamplerContender,
  rates: Rates,
): Promise<number> {
  let worst = 0;
  for (const share of residualShares()) {
    const tone = { hz: share * lowerNyquistHz(rates), amplitude: REFERENCE.amplitude };
    worst = Math.max(worst, (await measureTone(contender, rates, tone)).residual);
  }
  return decibel(worst);
}
