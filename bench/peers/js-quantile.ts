/** P² of Jain and Chlamtac 1985, and the other figures of a series, in careful JavaScript. */
class Quantile {
  readonly #p: number;
  readonly #heights = new Float64Array(5);
  readonly #positions = Float64Array.of(1, 2, 3, 4, 5);
  readonly #wanted: Float64Array;
  readonly #steps: Float64Array;
  #count = 0;

  constructor(p: number) {
    this.#p = p;
    this.#wanted = Float64Array.of(1, 1 + 2 * p, 1 + 4 * p, 3 + 2 * p, 5);
    this.#steps = Float64Array.of(0, p / 2, p, (1 + p) / 2, 1);
  }

  get value(): number {
    if (this.#count >= 5) return this.#heights[2] ?? Number.NaN;
    return this.#heights[Math.round(this.#p * (this.#count - 1))] ?? Number.NaN;
  }

  add(value: number): void {
    const heights = this.#heights;
    const positions = this.#positions;
    if (this.#count < 5) {
      heights[this.#count++] = value;
      heights.subarray(0, this.#count).sort();
      return;
    }
    let cell = 0;
    if (value < at(heights, 0)) heights[0] = value;
    else if (value >= at(heights, 4)) {
      heights[4] = value;
      cell = 3;
    } else while (value >= at(heights, cell + 1)) cell++;
    for (let i = cell + 1; i < 5; i++) positions[i] = at(positions, i) + 1;
    for (let i = 0; i < 5; i++) this.#wanted[i] = at(this.#wanted, i) + at(this.#steps, i);
    for (let i = 1; i < 4; i++) this.#adjust(i);
  }

  #adjust(i: number): void {
    const heights = this.#heights;
    const positions = this.#positions;
    const off = at(this.#wanted, i) - at(positions, i);
    const right = at(positions, i + 1) - at(positions, i);
    const left = at(positions, i - 1) - at(positions, i);
    if (!((off >= 1 && right > 1) || (off <= -1 && left < -1))) return;
    const d = Math.sign(off);
    const up = (at(heights, i + 1) - at(heights, i)) / right;
    const down = (at(heights, i - 1) - at(heights, i)) / left;
    const parabolic =
      at(heights, i) + (d / (right - left)) * ((d - left) * up + (right - d) * down);
    const between = at(heights, i - 1) < parabolic && parabolic < at(heights, i + 1);
    heights[i] = between ? parabolic : at(heights, i) + d * (d > 0 ? up : down);
    positions[i] = at(positions, i) + d;
  }
}

const at = (array: Float64Array, i: number): number => array[i] ?? Number.NaN;

/** What a monitor's series keeps of its values. */
export class JsSeries {
  readonly #median = new Quantile(0.5);
  readonly #high = new Quantile(0.95);
  count = 0;
  #last = Number.NaN;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;

  record(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no number`);
    this.count++;
    this.#last = value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#sum += value;
    this.#median.add(value);
    this.#high.add(value);
  }

  get stats(): object {
    return {
      last: this.#last,
      min: this.#min,
      max: this.#max,
      mean: this.#sum / this.count,
      p50: this.#median.value,
      p95: this.#high.value,
    };
  }
}
