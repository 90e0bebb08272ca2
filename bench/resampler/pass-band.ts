/** How flat a resampler is, and how far up. */
import { measureComb } from "./comb.js";
import type { Rates, ResamplerContender } from "./conversion.js";
import { decibel } from "./decibel.js";
import { mean } from "./dot.js";
import { respond } from "./exact.js";
import { lowerNyquistHz } from "./nyquist.js";
import { measureTone } from "./tone.js";

export interface PassBand {
  /** Of a constant, in dB. */
  readonly dcGain: number;
  /** Where the gain first leaves DC's by 0.1 dB, in fN; 1 where it never does. */
  readonly bandwidth: number;
  /** The largest deviation from DC's gain up to 0.95 of that, where no filter has begun to fall, in dB. */
  readonly ripple: number;
}

const EDGE_DB = 0.1;
const COMB_TONES = 60;
const HALVINGS = 9;
/** A comb's highest tone must not be the Nyquist frequency itself. */
const HIGHEST = 0.9995;
const FLAT = 0.95;
const CONSTANT = 0.5;

async function measureDcGain(contender: ResamplerContender, rates: Rates): Promise<number> {
  const answer = await respond(contender, rates, () => CONSTANT, { exact: false });
  return decibel(Math.abs(mean(answer)) / CONSTANT);
}

/** Between a frequency that is flat and one that is not. */
async function bisect(
  flatHz: number,
  fallenHz: number,
  isFlat: (hz: number) => Promise<boolean>,
): Promise<number> {
  let [flat, fallen] = [flatHz, fallenHz];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (flat + fallen) / 2;
    if (await isFlat(middle)) flat = middle;
    else fallen = middle;
  }
  return flat;
}

export async function measurePassBand(
  contender: ResamplerContender,
  rates: Rates,
): Promise<PassBand> {
  const nyquist = lowerNyquistHz(rates);
  const dcGain = await measureDcGain(contender, rates);
  const deviation = (gain: number): number => Math.abs(decibel(gain) - dcGain);
  const isFlat = async (hz: number): Promise<boolean> => {
    const tone = { hz, amplitude: CONSTANT };
    const { gain } = await measureTone(contender, rates, tone, { exact: false });
    return deviation(gain) <= EDGE_DB;
  };

  const step = (HIGHEST * nyquist) / COMB_TONES;
  const grid = Array.from({ length: COMB_TONES }, (_, i) => step * (i + 1));
  const comb = await measureComb(contender, rates, grid);
  const fallen = comb.findIndex(({ gain }) => deviation(gain) > EDGE_DB);
  const edge =
    fallen < 0
      ? nyquist
      : await bisect(comb[fallen - 1]?.hz ?? 0, comb[fallen]?.hz ?? nyquist, isFlat);
  const flat = comb.filter(({ hz }) => hz <= FLAT * edge);
  const ripple = Math.max(0, ...flat.map(({ gain }) => deviation(gain)));
  return { dcGain, bandwidth: edge / nyquist, ripple };
}
