/** All measures of one contender at one pair of rates. Each file here says how its own is taken. */
import { type Aliases, measureAliases } from "./alias.js";
import type { Rates, ResamplerContender } from "./conversion.js";
import { type Latency, measureLatency } from "./latency.js";
import { measurePassBand, type PassBand } from "./pass-band.js";
import { measureDistortion, measureResidual } from "./purity.js";
import { checkStreamLaws, type StreamLaws } from "./stream-laws.js";

export interface Quality {
  /** THD+N of 997 Hz at -1 dBFS, in dB. */
  readonly distortion: number;
  /** The worst THD+N of tones up to 0.91 fN, in dB. */
  readonly residual: number;
  readonly passBand: PassBand;
  /** Null going up. */
  readonly aliases: Aliases | null;
  /** Null for whole clips. */
  readonly latency: Latency | null;
  readonly laws: StreamLaws;
}

export async function measureQuality(
  contender: ResamplerContender,
  rates: Rates,
): Promise<Quality> {
  return {
    distortion: await measureDistortion(contender, rates),
    residual: await measureResidual(contender, rates),
    passBand: await measurePassBand(contender, rates),
    aliases: await measureAliases(contender, rates),
    latency: contender.whole ? null : await measureLatency(contender, rates),
    laws: await checkStreamLaws(contender, rates),
  };
}
