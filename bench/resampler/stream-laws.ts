/** What a stream owes whoever cuts it into blocks: the same samples, and all of them. */
import { convert, type Rates, type ResamplerContender } from "./conversion.js";
import { whiteNoise } from "./noise.js";

/** Around block sizes of one, of an AudioWorklet, and of a decoder; none divides another. */
const BLOCKS = [1, 128, 17, 1000, 3, 511, 64, 2, 2048];
const LENGTHS = [1, 1000, 12345];
const NOISE_SAMPLES = 20000;

export interface StreamLaws {
  /** The same bits, and as many, whatever the blocks. */
  readonly sameForAnyBlocks: boolean;
  /** Samples more or less than ceil(N · output / input), where that is furthest off. */
  readonly lengthError: number;
}

export async function checkStreamLaws(
  contender: ResamplerContender,
  rates: Rates,
): Promise<StreamLaws> {
  const noise = whiteNoise(NOISE_SAMPLES);
  const usual = await convert(contender, rates, noise);
  const other = await convert(contender, rates, noise, BLOCKS);
  const bits = (samples: Float32Array): Uint32Array =>
    new Uint32Array(samples.buffer, samples.byteOffset, samples.length);
  const otherBits = bits(other);
  let lengthError = 0;
  for (const length of LENGTHS) {
    const { length: given } = await convert(contender, rates, noise.subarray(0, length));
    const error = given - Math.ceil((length * rates.outputHz) / rates.inputHz);
    if (Math.abs(error) > Math.abs(lengthError)) lengthError = error;
  }
  return {
    sameForAnyBlocks:
      usual.length === other.length && bits(usual).every((value, i) => value === otherBits[i]),
    lengthError,
  };
}
