/**
 * How much later a live stream gives what went in: the delay of the filter, and the wait until it is
 * handed out.
 *
 * Output sample k stands for the time k / outputHz - delay. The samples are pushed one at a time, and
 * the latency is the time of the newest one pushed less the time that an output stands for when it is
 * given, at its worst.
 */
import { combHz, measureComb } from "./comb.js";
import { convert, type Rates, type ResamplerContender } from "./conversion.js";
import { nearestToZero } from "./tone.js";

/** Half the distance of the two tones that give a group delay. */
const HALF_STEP_HZ = 25;
/** Where voices are, and the upper end of what they say. */
const DELAYS_HZ = [1000, 3000];
const IMPULSE_S = 0.2;
const STREAM_S = 0.4;

export interface Latency {
  /** Group delay of the output samples as numbered, at 1 kHz. */
  readonly delayMs: number;
  /** The same at 3 kHz: another one where the phase is not linear. */
  readonly delay3kHzMs: number;
  /** What is added at worst by handing out late; together they are the latency. */
  readonly holdBackMs: number;
  readonly latencyMs: number;
  /** The least latency of any output: apart from the worst where samples come in large blocks. */
  readonly leastMs: number;
}

/** Where the largest sample of an impulse comes out: the delay, to a few samples. */
async function peakDelayS(contender: ResamplerContender, rates: Rates): Promise<number> {
  const at = Math.round(IMPULSE_S * rates.inputHz);
  const input = new Float32Array(3 * at);
  input[at] = 1;
  const output = await convert(contender, rates, input);
  const peak = output.reduce(
    (best, value, i) => (Math.abs(value) > Math.abs(output[best] ?? 0) ? i : best),
    0,
  );
  return peak / rates.outputHz - at / rates.inputHz;
}

/** Of some frequencies, in ms: how fast the phase falls between two tones beside each. */
export async function measureGroupDelays(
  contender: ResamplerContender,
  rates: Rates,
  frequencies: readonly number[],
): Promise<number[]> {
  const pairs = frequencies.map((hz) => [combHz(hz - HALF_STEP_HZ), combHz(hz + HALF_STEP_HZ)]);
  const comb = await measureComb(contender, rates, pairs.flat());
  const late = new Map(comb.map(({ hz, latePeriods }) => [hz, latePeriods]));
  const coarse = await peakDelayS(contender, rates);
  return pairs.map(([low = 0, high = 0]) => {
    const step = high - low;
    const periods = (late.get(high) ?? Number.NaN) - (late.get(low) ?? Number.NaN);
    // The phases do not tell whole turns: those that bring it nearest to the impulse's peak.
    return (1000 * (coarse * step + nearestToZero(periods - coarse * step))) / step;
  });
}

export async function measureLatency(
  contender: ResamplerContender,
  rates: Rates,
): Promise<Latency> {
  const [delayMs = Number.NaN, delay3kHzMs = Number.NaN] = await measureGroupDelays(
    contender,
    rates,
    DELAYS_HZ,
  );
  const conversion = await contender.open(rates);
  const one = new Float32Array(1);
  const total = Math.round(STREAM_S * rates.inputHz);
  const msOfInput = 1000 / rates.inputHz;
  const msOfOutput = 1000 / rates.outputHz;
  let worst = Number.NEGATIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  try {
    let given = 0;
    for (let newest = 0; newest < total; newest++) {
      const count = conversion.push(one).length;
      if (count === 0) continue;
      // A stream may start with more or less at once; the second half is how it goes on.
      if (newest > total / 2) {
        worst = Math.max(worst, newest * msOfInput - given * msOfOutput);
        least = Math.min(least, newest * msOfInput - (given + count - 1) * msOfOutput);
      }
      given += count;
    }
  } finally {
    conversion.dispose?.();
  }
  return {
    delayMs,
    delay3kHzMs,
    holdBackMs: worst,
    latencyMs: delayMs + worst,
    leastMs: delayMs + least,
  };
}
