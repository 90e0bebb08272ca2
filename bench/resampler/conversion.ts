/** A contender of the resampler, and a whole signal sent through it. */

export interface Rates {
  readonly inputHz: number;
  readonly outputHz: number;
}

/** In kHz: 44.1-16. */
export const rateNames = ({ inputHz, outputHz }: Rates): string =>
  `${inputHz / 1000}-${outputHz / 1000}`;

/** One stream of one channel. */
export interface Conversion {
  /** Takes all of the input. The answer may be a view that the next call overwrites. */
  push(input: Float32Array): Float32Array;
  /** The same for who needs no view of it: only how much it is. Where `push` makes nothing but the view. */
  feed?(input: Float32Array): number;
  /** What was held back; nothing where the contender has no such call. */
  end(): Float32Array | Promise<Float32Array>;
  dispose?(): void;
}

export interface ResamplerContender {
  /** The npm name or library; its mode follows after a space. */
  readonly name: string;
  /** Has no stream: `push` only collects, and `end` converts the whole clip. */
  readonly whole?: boolean;
  /** Why it cannot convert between these rates. */
  cannot?(rates: Rates): string | undefined;
  open(rates: Rates): Conversion | Promise<Conversion>;
  /** For those that are not JavaScript and keep the time themselves. */
  openStopwatch?(rates: Rates, clip: Float32Array): Promise<Stopwatch>;
}

export interface Stopwatch {
  /** Milliseconds that the clip takes, once more. */
  lap(): number | Promise<number>;
  close(): void;
}

/** What an AudioWorklet gives at a time. */
export const BLOCK_SAMPLES = 128;

export const NOTHING = new Float32Array(0);

export function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A conversion of a whole clip, which must not change before its end. */
export function wholeClip(
  convert: (clip: Float32Array) => Float32Array | Promise<Float32Array>,
): Conversion {
  const parts: Float32Array[] = [];
  return {
    push(input) {
      parts.push(input);
      return NOTHING;
    },
    end() {
      const [first = NOTHING, ...others] = parts.splice(0);
      return convert(others.length === 0 ? first : concatenate([first, ...others]));
    },
  };
}

/** @param blocks - the lengths of the blocks, over and over */
export async function convert(
  contender: ResamplerContender,
  rates: Rates,
  input: Float32Array,
  blocks: readonly number[] = [BLOCK_SAMPLES],
): Promise<Float32Array> {
  const conversion = await contender.open(rates);
  try {
    const parts: Float32Array[] = [];
    for (let at = 0, i = 0; at < input.length; i++) {
      const block = blocks[i % blocks.length] ?? BLOCK_SAMPLES;
      const given = conversion.push(input.subarray(at, at + block));
      if (given.length > 0) parts.push(given.slice());
      at += block;
    }
    parts.push((await conversion.end()).slice());
    return concatenate(parts);
  } finally {
    conversion.dispose?.();
  }
}
