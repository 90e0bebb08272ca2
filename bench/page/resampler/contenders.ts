/** Whom the page can compare, and between which rates. */
import { OFFLINE_AUDIO_CONTEXT } from "../../peers/offline-audio-context";
import { RESAMPLERS, vadWebResampler, voicepath } from "../../peers/resamplers";
import type { Rates, ResamplerContender } from "../../resampler/conversion";

export const PAIRS: readonly Rates[] = [
  { inputHz: 48000, outputHz: 16000 },
  { inputHz: 44100, outputHz: 16000 },
  { inputHz: 24000, outputHz: 48000 },
  { inputHz: 22050, outputHz: 48000 },
  { inputHz: 24000, outputHz: 44100 },
  { inputHz: 48000, outputHz: 44100 },
];

export const CONTENDERS: readonly ResamplerContender[] = [...RESAMPLERS, OFFLINE_AUDIO_CONTEXT];

export const LEFT = vadWebResampler.name;
export const RIGHT = voicepath("best").name;

export const ableFor = (rates: Rates): readonly ResamplerContender[] =>
  CONTENDERS.filter((contender) => contender.cannot?.(rates) === undefined);

/** The one that was chosen, or the browser's own where that one cannot. */
export function nameFor(chosen: string, rates: Rates): string {
  const able = ableFor(rates).some(({ name }) => name === chosen);
  return able ? chosen : OFFLINE_AUDIO_CONTEXT.name;
}
