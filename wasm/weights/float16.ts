/** IEEE 754 binary16, and how to round a matrix to it so that its products suffer least. */
import type { Layer } from "./silero-onnx.js";

/** Rounds to nearest, ties to even. Weights never reach its infinity. */
export function toFloat16Bits(value: number): number {
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (!(magnitude < 65504)) throw new RangeError(`${value} is outside binary16's range`);
  // The spacing of binary16 around the value; 2^-24 in the subnormal range.
  const exponent = Math.max(Math.floor(Math.log2(magnitude || 2 ** -25)), -14);
  const steps = magnitude / 2 ** (exponent - 10);
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  // A carry out of the mantissa moves into the exponent by itself.
  return sign | ((exponent + 14) * 1024 + rounded);
}

export function fromFloat16Bits(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const magnitude = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/** Sums of x xᵀ over many inputs x of a layer. */
export class SecondMoments {
  readonly size: number;
  readonly sums: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.sums = new Float64Array(size * size);
  }

  add(x: Float64Array): void {
    for (let i = 0; i < this.size; i++) {
      const xi = x[i] ?? 0;
      if (xi === 0) continue;
      for (let j = 0, k = i * this.size; j < this.size; j++, k++)
        this.sums[k] = (this.sums[k] ?? 0) + xi * (x[j] ?? 0);
    }
  }
}

/** Lower triangular L with L Lᵀ = a. */
function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / (l[j * n + j] ?? 0);
    }
  }
  return l;
}

/** The inverse of a symmetric positive definite matrix. */
function inverse(a: Float64Array, n: number): Float64Array {
  const l = cholesky(a, n);
  const li = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const diagonal = l[i * n + i] ?? 0;
    li[i * n + i] = 1 / diagonal;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= (l[i * n + k] ?? 0) * (li[k * n + j] ?? 0);
      li[i * n + j] = sum / diagonal;
    }
  }
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = Math.max(i, j); k < n; k++) sum += (li[k * n + i] ?? 0) * (li[k * n + j] ?? 0);
      result[i * n + j] = sum;
    }
  return result;
}

/**
 * Rounds a layer's weights to binary16 one column after the other, each time moving the columns
 * still to come so that they make up for the error in the layer's output: GPTQ (Frantar et al.,
 * "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained Transformers", 2022,
 * algorithm 1). Plain rounding leaves four times the error in the speech probability, because the
 * inputs of a layer are anything but independent.
 *
 * @param moments - of the layer's inputs on typical speech
 */
export function roundToFloat16(
  { rows, columns, weights }: Layer,
  moments: SecondMoments,
): Float32Array {
  const n = columns;
  const damped = moments.sums.slice();
  let trace = 0;
  for (let i = 0; i < n; i++) trace += damped[i * n + i] ?? 0;
  for (let i = 0; i < n; i++) damped[i * n + i] = (damped[i * n + i] ?? 0) + (0.01 * trace) / n;
  const factor = cholesky(inverse(damped, n), n);
  const rounded = new Float32Array(weights.length);
  for (let r = 0; r < rows; r++) {
    const row = Float64Array.from(weights.subarray(r * n, (r + 1) * n));
    for (let i = 0; i < n; i++) {
      const wanted = row[i] ?? 0;
      const given = fromFloat16Bits(toFloat16Bits(wanted));
      rounded[r * n + i] = given;
      const error = (wanted - given) / (factor[i * n + i] ?? 0);
      for (let j = i + 1; j < n; j++) row[j] = (row[j] ?? 0) - error * (factor[j * n + i] ?? 0);
    }
  }
  return rounded;
}
