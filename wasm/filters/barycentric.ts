/**
 * A cosine polynomial, given by its values at as many frequencies as it has coefficients, or more.
 *
 * Held in the barycentric form, which is stable at any degree where the coefficients are not:
 * J.-P. Berrut, L. N. Trefethen, "Barycentric Lagrange interpolation", SIAM Review 46 (2004).
 */

const value = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

/** The frequencies, in radians per sample, at which the polynomial is given. */
export class Nodes {
  readonly #sine: Float64Array;
  readonly #cosine: Float64Array;
  /** 1 / product of the differences to all other nodes, up to a factor that all share. */
  readonly weights: Float64Array;

  constructor(frequencies: Float64Array) {
    this.#sine = frequencies.map((frequency) => Math.sin(frequency / 2));
    this.#cosine = frequencies.map((frequency) => Math.cos(frequency / 2));
    const products = Array.from(frequencies, (_, node) => this.#product(node));
    const least = Math.min(...products.map(({ log }) => log));
    this.weights = Float64Array.from(products, ({ sign, log }) => sign * Math.exp(least - log));
  }

  /** The polynomial of degree below the number of nodes that has these values at them. */
  through(values: Float64Array): (frequency: number) => number {
    return (frequency) => {
      const sine = Math.sin(frequency / 2);
      const cosine = Math.cos(frequency / 2);
      let above = 0;
      let below = 0;
      for (let node = 0; node < values.length; node++) {
        const difference = this.#difference(sine, cosine, node);
        if (difference === 0) return value(values, node);
        const share = value(this.weights, node) / difference;
        above += share * value(values, node);
        below += share;
      }
      return above / below;
    };
  }

  /**
   * cos(frequency) - cos(node), from the sine and cosine of half the frequency, with all the digits
   * where they are close: cos a - cos b = 2 sin((b - a) / 2) sin((b + a) / 2).
   */
  #difference(sine: number, cosine: number, node: number): number {
    const a = value(this.#sine, node) * cosine;
    const b = value(this.#cosine, node) * sine;
    return 2 * (a - b) * (a + b);
  }

  /** Of the differences to the other nodes; as a logarithm, since it leaves a double's range. */
  #product(node: number): { sign: number; log: number } {
    const [sine, cosine] = [value(this.#sine, node), value(this.#cosine, node)];
    let sign = 1;
    let log = 0;
    for (let other = 0; other < this.#sine.length; other++) {
      if (other === node) continue;
      const difference = this.#difference(sine, cosine, other);
      sign *= Math.sign(difference);
      log += Math.log(Math.abs(difference));
    }
    return { sign, log };
  }
}
