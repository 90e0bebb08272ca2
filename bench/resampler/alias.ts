/**
 * What of the tones above the output's Nyquist frequency comes out, folded into the band.
 *
 * A comb of some two hundred tones shows where a filter leaks most: it has a lobe every few dozen hertz.
 * But a tone need not come out where it is folded to: tables that are interpolated spread it over the
 * band. So some tones are also tried alone, roughly. The worst of both are then measured alone, and all
 * that comes out with them counts.
 */
import { combHz, measureComb } from "./comb.js";
import type { Rates, ResamplerContender } from "./conversion.js";
import { decibel } from "./decibel.js";
import { meanSquare } from "./dot.js";
import { respond, WINDOW_STEP_HZ } from "./exact.js";
import { lowerNyquistHz } from "./nyquist.js";
import { REFERENCE } from "./purity.js";
import { toneSignal } from "./tone.js";

/** Worst levels in dB, relative to the tone that went in. */
export interface Aliases {
  /** Of tones from fN up, fN among them. */
  readonly fromNyquist: number;
  /** Of tones from 1.09 fN up, where nothing of a transition band is left. */
  readonly beyond: number;
}

const BEYOND = 1.09;
const LOBES_END = 1.4;
const TRANSITION_TONES = 48;
const LOBE_TONES = 80;
const WIDE_TONES = 100;
/** Tried alone, from 1.09 fN up. */
const SCAN_TONES = 20;
/** The strongest of the comb's, and of those tried alone. */
const COMB_SUSPECTS = 3;
const SCAN_SUSPECTS = 2;

/** Where a tone is found after sampling at a rate. */
export const foldedHz = (hz: number, rateHz: number): number =>
  Math.abs(hz - rateHz * Math.round(hz / rateHz));

const between = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.5)) / count);

/** Dense where the filter still falls, less over its first lobes, then up to the input's Nyquist. */
export function aliasFrequencies(rates: Rates): number[] {
  const nyquist = lowerNyquistHz(rates);
  const highest = rates.inputHz / 2;
  const wanted = [
    ...between(1, BEYOND, TRANSITION_TONES),
    ...between(BEYOND, LOBES_END, LOBE_TONES),
    ...between(LOBES_END, highest / nyquist, WIDE_TONES),
  ];
  const taken = new Set([0, nyquist]);
  return wanted
    .map((share) => {
      let hz = combHz(share * nyquist);
      while (taken.has(foldedHz(hz, rates.outputHz))) hz += WINDOW_STEP_HZ;
      taken.add(foldedHz(hz, rates.outputHz));
      return hz;
    })
    .filter((hz) => hz < highest);
}

/** The level in dB of all that comes out with a tone. */
async function measureLeak(
  contender: ResamplerContender,
  rates: Rates,
  hz: number,
  { exact }: { readonly exact: boolean },
): Promise<number> {
  const { amplitude } = REFERENCE;
  // There the power of a sampled tone depends on its phase; with a sine and a cosine it does not.
  const isAtEnd = [0, rates.outputHz / 2].includes(foldedHz(hz, rates.outputHz));
  const phases = isAtEnd ? [0, 0.25] : [0];
  let power = 0;
  for (const phase of phases) {
    const signal = toneSignal({ hz, amplitude, phase }, rates.inputHz);
    power += meanSquare(await respond(contender, rates, signal, { exact })) / phases.length;
  }
  return decibel(Math.sqrt(power) * (Math.SQRT2 / amplitude));
}

/** The strongest tones of the comb: below 1.09 fN, and from there up. */
async function combSuspects(
  contender: ResamplerContender,
  rates: Rates,
  edgeHz: number,
): Promise<{ transition: number[]; beyond: number[] }> {
  const comb = await measureComb(contender, rates, aliasFrequencies(rates), { exact: true });
  const strongest = comb.sort((a, b) => b.gain - a.gain).map(({ hz }) => hz);
  return {
    transition: strongest.filter((hz) => hz < edgeHz).slice(0, COMB_SUSPECTS),
    beyond: strongest.filter((hz) => hz >= edgeHz).slice(0, COMB_SUSPECTS),
  };
}

/** The input's rounding adds about the same to all, so it need not be taken out to find the worst. */
async function scanSuspects(
  contender: ResamplerContender,
  rates: Rates,
  edgeHz: number,
): Promise<number[]> {
  const tried: { hz: number; level: number }[] = [];
  for (const hz of between(edgeHz, rates.inputHz / 2, SCAN_TONES).map(combHz))
    tried.push({ hz, level: await measureLeak(contender, rates, hz, { exact: false }) });
  return tried
    .sort((a, b) => b.level - a.level)
    .slice(0, SCAN_SUSPECTS)
    .map(({ hz }) => hz);
}

/** Null going up: there is nothing above fN to fold. Images are in the residual. */
export async function measureAliases(
  contender: ResamplerContender,
  rates: Rates,
): Promise<Aliases | null> {
  if (rates.inputHz <= rates.outputHz) return null;
  const nyquist = lowerNyquistHz(rates);
  const edgeHz = combHz(BEYOND * nyquist);
  const worst = async (frequencies: readonly number[]): Promise<number> => {
    const levels: number[] = [];
    for (const hz of frequencies)
      levels.push(await measureLeak(contender, rates, hz, { exact: true }));
    return Math.max(...levels);
  };
  const comb = await combSuspects(contender, rates, edgeHz);
  const scan = await scanSuspects(contender, rates, edgeHz);
  // The edges are always among them: a comb may mislead about a contender that is off pitch.
  const beyond = await worst([edgeHz, ...comb.beyond, ...scan]);
  return { fromNyquist: Math.max(beyond, await worst([nyquist, ...comb.transition])), beyond };
}
