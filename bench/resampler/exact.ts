/**
 * A signal in double precision, sent through a resampler of floats.
 *
 * Rounded to f32, a tone carries noise 153 dB below it before anything has touched it, as much as a
 * good resampler adds when it rounds its output; at twice the rate all of it is in band. It is the
 * test signal's and not the resampler's. So what the rounding took is sent as well, in a stream of
 * its own, 2^24 times larger, where floats hold it to 24 more bits; and what comes out is put back.
 * A resampler is linear, so the two streams together are its answer to the tone in double precision,
 * with the rounding of its own arithmetic and output, and none of the input's. What is not linear in
 * it does not cancel, so this can only make a contender look worse, never better.
 */
import { convert, type Rates, type ResamplerContender } from "./conversion.js";

const SCALE = 2 ** 24;

/** What the ends of a signal spoil: not measured. */
const SETTLE_S = 0.08;
const WINDOW_S = 0.2;

/** The output samples that are measured, in the middle. */
export interface Window {
  readonly first: number;
  readonly count: number;
}

/** Tones that are whole multiples of this have whole periods in the window. */
export const WINDOW_STEP_HZ = 1 / WINDOW_S;

export function windowOf({ outputHz }: Rates): Window {
  return { first: Math.ceil(SETTLE_S * outputHz), count: Math.round(WINDOW_S * outputHz) };
}

/** Samples of input that the window and its ends need. */
export const inputSamples = ({ inputHz }: Rates): number =>
  Math.ceil((2 * SETTLE_S + WINDOW_S) * inputHz);

/** A signal by its samples' numbers. */
export type Signal = (sample: number) => number;

async function middle(
  contender: ResamplerContender,
  rates: Rates,
  input: Float32Array,
): Promise<Float32Array> {
  const output = await convert(contender, rates, input);
  const { first, count } = windowOf(rates);
  if (output.length < first + count)
    throw new Error(
      `${contender.name} gives ${output.length} samples of the ${first + count} that are measured`,
    );
  return output.subarray(first, first + count);
}

/** The settled middle of the answer to a signal: exact at the price of a second conversion. */
export async function respond(
  contender: ResamplerContender,
  rates: Rates,
  signal: Signal,
  { exact }: { readonly exact: boolean },
): Promise<Float64Array> {
  const count = inputSamples(rates);
  const rounded = new Float32Array(count);
  const rest = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const value = signal(i);
    rounded[i] = value;
    rest[i] = (value - Math.fround(value)) * SCALE;
  }
  const answer = Float64Array.from(await middle(contender, rates, rounded));
  if (!exact) return answer;
  const correction = await middle(contender, rates, rest);
  return answer.map((value, i) => value + (correction[i] ?? 0) / SCALE);
}
