/**
 * Taps as they are stored, with sums that are still exact.
 *
 * A rounded tap is off by 2^-25 of itself; far from the centre taps are small and this is nothing.
 * Near it they may be kept as doubles. That the even taps and the odd taps sum to 1/2 each, so that
 * a constant comes out as it went in, is restored where it is seen least.
 */

export interface Rounded {
  /** The first taps, from the centre on. */
  readonly inner: Float64Array;
  /** The others, outermost first. */
  readonly outer: Float32Array;
}

const value = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

const sumOf = (values: Iterable<number>): number => {
  let sum = 0;
  for (const each of values) sum += each;
  return sum;
};

/** Of a symmetric filter: of its even taps on both sides (phase 0), or of its odd ones (1). */
function phaseSum(taps: Float64Array, phase: 0 | 1): number {
  const mirrored = taps.map((tap, k) => (k % 2 !== phase ? 0 : k === 0 ? tap : 2 * tap));
  return sumOf(mirrored.reverse());
}

/** A half Hann window that ends where the inner taps do: a change of this shape has no high tones. */
const hann = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, k) => Math.cos((Math.PI * k) / 2 / length) ** 2);

/**
 * Rounds all but the inner taps, which take up what this changes.
 *
 * @param inner - an odd number, so that the outer taps begin and end with an even and an odd one
 */
export function roundOuter(taps: Float64Array, inner: number): Rounded {
  const window = hann(inner);
  const rounded = taps.map((tap, k) => (k < inner ? tap : Math.fround(tap)));
  for (const phase of [0, 1] as const) {
    const share = phaseSum(window, phase);
    // The second time for what the first sum itself has rounded.
    for (let time = 0; time < 2; time++) {
      const missing = 0.5 - phaseSum(rounded, phase);
      for (let k: number = phase; k < inner; k += 2)
        rounded[k] = value(rounded, k) + (missing * value(window, k)) / share;
    }
  }
  return {
    inner: rounded.slice(0, inner),
    outer: Float32Array.from(rounded.subarray(inner)).reverse(),
  };
}

/**
 * Restores the sum of some rounded values, each of which counts `weight` times: what is missing goes
 * to the largest, which cannot take all of it, what is left to the next, and so on.
 */
function settle(
  rounded: Float32Array,
  indices: readonly number[],
  weight: (index: number) => number,
  total: number,
): void {
  let missing = total - sumOf(indices.map((i) => weight(i) * value(rounded, i)));
  const size = (i: number): number => Math.abs(value(rounded, i));
  for (const i of indices.toSorted((a, b) => size(b) - size(a))) {
    const before = value(rounded, i);
    rounded[i] = before + missing / weight(i);
    missing -= (value(rounded, i) - before) * weight(i);
  }
}

/** A symmetric filter in floats: its taps outermost first, the centre last. */
export function roundSymmetric(taps: Float64Array): Float32Array {
  const rounded = Float32Array.from(taps).reverse();
  const centre = taps.length - 1;
  for (const phase of [0, 1]) {
    const indices = [...rounded.keys()].filter((i) => (centre - i) % 2 === phase);
    settle(rounded, indices, (i) => (i === centre ? 1 : 2), 0.5);
  }
  return rounded;
}

/** The length without a tail that is no more, in all, than the rounding of one large tap. */
function lengthWithoutTail(taps: Float64Array): number {
  let tail = 0;
  for (let i = taps.length - 1; i >= 0; i--) {
    tail += Math.abs(value(taps, i));
    if (tail > 2 ** -25) return i + 1;
  }
  return 0;
}

/** A filter in order of time in floats; of even length, if need be by a zero at the end. */
export function roundCausal(taps: Float64Array): Float32Array {
  const length = lengthWithoutTail(taps);
  const rounded = new Float32Array(length + (length % 2));
  rounded.set(taps.subarray(0, length));
  for (const phase of [0, 1]) {
    const indices = [...rounded.keys()].filter((i) => i < length && i % 2 === phase);
    settle(rounded, indices, () => 1, 0.5);
  }
  return rounded;
}

/** The points of a kernel in floats, so that they sum to `total`. */
export function roundKernel(points: Float64Array, total: number): Float32Array {
  const rounded = Float32Array.from(points, (point) => point * total);
  settle(rounded, [...rounded.keys()], () => 1, total);
  return rounded;
}
