const STRAIGHT = 32;

/**
 * The inner product, summed in pairs: its rounding grows with the logarithm of the length
 * (Higham, "The accuracy of floating point summation", 1993).
 */
export function dot(
  a: Float64Array,
  b: Float64Array,
  from = 0,
  to = Math.min(a.length, b.length),
): number {
  if (to - from <= STRAIGHT) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
    return sum;
  }
  const middle = (from + to) >> 1;
  return dot(a, b, from, middle) + dot(a, b, middle, to);
}

export const meanSquare = (x: Float64Array): number => dot(x, x) / x.length;

export function mean(x: Float64Array): number {
  return dot(x, new Float64Array(x.length).fill(1)) / x.length;
}
