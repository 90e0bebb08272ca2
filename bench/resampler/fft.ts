/** A radix-2 Fourier transform in double precision, in place (Cooley and Tukey, 1965). */
export class Fft {
  readonly size: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  /** @param size - a power of two */
  constructor(size: number) {
    if (size < 2 || (size & (size - 1)) !== 0)
      throw new RangeError(`size is ${size}; it must be a power of two`);
    this.size = size;
    const turn = (_: unknown, i: number): number => (2 * Math.PI * i) / size;
    const angles = Float64Array.from({ length: size / 2 }, turn);
    this.#cosines = angles.map(Math.cos);
    this.#sines = angles.map(Math.sin);
  }

  /** X[k] = sum of x[n] · exp(-2πi·kn / size) */
  transform(real: Float64Array, imaginary: Float64Array): void {
    if (real.length !== this.size || imaginary.length !== this.size)
      throw new RangeError(
        `the arrays have ${real.length} and ${imaginary.length} of ${this.size}`,
      );
    this.#reverseBits(real, imaginary);
    for (let half = 1; half < this.size; half *= 2) {
      const stride = this.size / (2 * half);
      for (let start = 0; start < this.size; start += 2 * half)
        for (let i = 0; i < half; i++)
          this.#butterfly(real, imaginary, start + i, start + i + half, i * stride);
    }
  }

  #butterfly(re: Float64Array, im: Float64Array, a: number, b: number, turn: number): void {
    const c = this.#cosines[turn] ?? 0;
    const s = this.#sines[turn] ?? 0;
    const bRe = re[b] ?? 0;
    const bIm = im[b] ?? 0;
    const aRe = re[a] ?? 0;
    const aIm = im[a] ?? 0;
    const turnedRe = bRe * c + bIm * s;
    const turnedIm = bIm * c - bRe * s;
    re[a] = aRe + turnedRe;
    im[a] = aIm + turnedIm;
    re[b] = aRe - turnedRe;
    im[b] = aIm - turnedIm;
  }

  #reverseBits(real: Float64Array, imaginary: Float64Array): void {
    for (let i = 0, reversed = 0; i < this.size; i++) {
      if (i < reversed)
        for (const part of [real, imaginary]) {
          const kept = part[i] ?? 0;
          part[i] = part[reversed] ?? 0;
          part[reversed] = kept;
        }
      let bit = this.size >> 1;
      while (reversed & bit) {
        reversed ^= bit;
        bit >>= 1;
      }
      reversed |= bit;
    }
  }
}
