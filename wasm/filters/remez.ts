/**
 * The best cosine polynomial: the Remez exchange of Parks and McClellan.
 *
 * Among all p(w) = sum of c[k] cos(k w), k = 0 .. degree, one has the smallest weighted error
 * max |desired - p| / tolerance over the bands. Chebyshev's alternation theorem says which: the one
 * whose error takes its largest magnitude, with alternating signs, at degree + 2 frequencies. So guess
 * these; solve for the polynomial that errs equally there, with alternating signs; find where its
 * error in fact peaks; and take those for the next guess, until the peaks are equal.
 *
 * T. W. Parks, J. H. McClellan, "Chebyshev approximation for nonrecursive digital filters with linear
 * phase", IEEE Trans. Circuit Theory 19 (1972). A first guess that is good enough for hundreds of
 * taps comes from the same problem at half the degree: S.-I. Filip, "A robust and scalable
 * implementation of the Parks-McClellan algorithm", ACM Trans. Math. Softw. 43 (2016).
 */
import { Nodes } from "./barycentric.js";

/** From `from` to `to`, in radians per sample; bands ascend and do not overlap, but may meet. */
export interface Band {
  readonly from: number;
  readonly to: number;
  readonly desired: (frequency: number) => number;
  /** The error that counts as 1. Above 0; it may be infinite at 0 and at pi. */
  readonly tolerance: (frequency: number) => number;
}

export interface Approximation {
  readonly at: (frequency: number) => number;
  /** The largest error, in tolerances. */
  readonly error: number;
  /** Where the error is as large as that, ascending: degree + 2 frequencies. */
  readonly extremes: Float64Array;
}

/** The weighted error, with its sign, at a frequency. */
interface Sample {
  readonly frequency: number;
  readonly error: number;
}

/** Where the error is looked at: as many steps from one extreme to the next. */
const STEPS = 8;
/** Peaks are equal when they differ by this much of themselves. */
const EQUAL = 1e-5;
const ROUNDS_MAX = 60;
/** Up to this degree, the exchange settles from evenly spread extremes. */
const DIRECT_DEGREE = 40;

const value = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

/* ---- The first guess ---------------------------------------------------------------------- */

/** `count` frequencies of a band: as dense as `extremes`, where these say enough, else even. */
function spread({ from, to }: Band, extremes: readonly number[], count: number): number[] {
  const last = extremes.length - 1;
  return Array.from({ length: count }, (_, i) => {
    if (last < 2 || count < 3) return from + ((to - from) * (i + 0.5)) / count;
    const place = (i * last) / (count - 1);
    const left = Math.min(Math.floor(place), last - 1);
    const [a, b] = [value(extremes, left), value(extremes, left + 1)];
    return a + (b - a) * (place - left);
  });
}

/** Shares out `count` among sizes, in proportion. */
function shares(sizes: readonly number[], count: number): number[] {
  const unit = count / sizes.reduce((sum, size) => sum + size);
  let size = 0;
  let shared = 0;
  return sizes.map((own) => {
    size += own;
    const share = Math.round(unit * size) - shared;
    shared += share;
    return share;
  });
}

function firstGuess(bands: readonly Band[], degree: number): Float64Array {
  const direct = degree <= DIRECT_DEGREE;
  const rough = direct ? [] : [...remez(bands, degree >> 1).extremes];
  const parts = bands.map((band) => rough.filter((w) => bands.find(({ to }) => w <= to) === band));
  const sizes = direct ? bands.map(({ from, to }) => to - from) : parts.map((part) => part.length);
  const counts = shares(sizes, degree + 2);
  return Float64Array.from(
    bands.flatMap((band, i) => spread(band, parts[i] ?? [], value(counts, i))),
  );
}

/* ---- The polynomial of a guess ------------------------------------------------------------ */

/** What a frequency of the bands is to be; where two bands meet, as the stricter one has it. */
function wanted(bands: readonly Band[], frequency: number): { desired: number; tolerance: number } {
  const [first, second] = bands
    .filter(({ from, to }) => from <= frequency && frequency <= to)
    .map(({ desired, tolerance }) => ({
      desired: desired(frequency),
      tolerance: tolerance(frequency),
    }));
  if (first === undefined) throw new Error("remez: an extreme outside all bands");
  return second === undefined || first.tolerance <= second.tolerance ? first : second;
}

/** What errs equally at the extremes, with alternating signs, of which the first is `error`'s. */
function level(
  bands: readonly Band[],
  extremes: Float64Array,
): { at: (frequency: number) => number; error: number } {
  const nodes = new Nodes(extremes);
  const points = Array.from(extremes, (w, i) => {
    const { desired, tolerance } = wanted(bands, w);
    return { desired, tolerance: i % 2 === 0 ? tolerance : -tolerance };
  });
  let above = 0;
  let below = 0;
  points.forEach(({ desired, tolerance }, i) => {
    above += value(nodes.weights, i) * desired;
    below += value(nodes.weights, i) * tolerance;
  });
  const error = above / below;
  const values = points.map(({ desired, tolerance }) => desired - error * tolerance);
  return { at: nodes.through(Float64Array.from(values)), error };
}

/* ---- The peaks of its error --------------------------------------------------------------- */

/**
 * The error in a band: at its ends, at the extremes, and in steps between these. At the extremes it
 * is known, not computed, so that no rounding can hide that it alternates.
 */
function samplesOf(
  band: Band,
  extremes: readonly Sample[],
  errorAt: (frequency: number) => number,
): Sample[] {
  const end = (frequency: number): Sample => ({ frequency, error: errorAt(frequency) });
  const within = extremes.filter(({ frequency: w }) => band.from <= w && w <= band.to);
  const marks = [...within];
  if (marks[0]?.frequency !== band.from) marks.unshift(end(band.from));
  if (marks.at(-1)?.frequency !== band.to) marks.push(end(band.to));
  return marks.flatMap((mark, i) => {
    const next = marks[i + 1];
    if (next === undefined) return mark;
    const step = (next.frequency - mark.frequency) / STEPS;
    const between = Array.from({ length: STEPS - 1 }, (_, k) =>
      end(mark.frequency + (k + 1) * step),
    );
    return [mark, ...between];
  });
}

/** The peak of the parabola through three samples, the middle one the highest. */
function vertex(left: Sample, middle: Sample, right: Sample): number {
  const slope = (a: Sample, b: Sample): number => (b.error - a.error) / (b.frequency - a.frequency);
  const curvature =
    (slope(middle, right) - slope(left, middle)) / (right.frequency - left.frequency);
  return (left.frequency + middle.frequency - slope(left, middle) / curvature) / 2;
}

/** The local maxima of |error|, the ends of the band included. */
function peaksOf(samples: readonly Sample[], errorAt: (frequency: number) => number): Sample[] {
  return samples.flatMap((middle, i) => {
    const [left, right] = [samples[i - 1], samples[i + 1]];
    const sign = Math.sign(middle.error);
    const isHigher = (other: Sample | undefined): boolean =>
      other !== undefined && sign * other.error > sign * middle.error;
    if (sign === 0 || isHigher(left) || isHigher(right)) return [];
    if (left === undefined || right === undefined) return middle;
    const frequency = vertex(left, middle, right);
    const finer = { frequency, error: errorAt(frequency) };
    return isHigher(finer) ? finer : middle;
  });
}

/** Of each run of peaks with the same sign, the highest. */
function alternating(peaks: readonly Sample[]): Sample[] {
  const kept: Sample[] = [];
  for (const peak of peaks) {
    const last = kept.at(-1);
    if (last === undefined || Math.sign(last.error) !== Math.sign(peak.error)) kept.push(peak);
    else if (Math.abs(peak.error) > Math.abs(last.error)) kept[kept.length - 1] = peak;
  }
  return kept;
}

/** Leaves out the lowest peaks, one from an end or two neighbours, so that signs still alternate. */
function thin(peaks: Sample[], count: number): void {
  const height = (i: number): number => Math.abs(peaks[i]?.error ?? 0);
  const pair = (i: number): number => Math.max(height(i), height(i + 1));
  while (peaks.length > count + 1) {
    let lowest = 0;
    for (let i = 1; i + 1 < peaks.length; i++) if (pair(i) < pair(lowest)) lowest = i;
    peaks.splice(lowest, 2);
  }
  if (peaks.length > count) peaks.splice(height(0) < height(count) ? 0 : count, 1);
}

/* ---- The exchange ------------------------------------------------------------------------- */

/** @throws Error when the exchange does not settle. */
export function remez(bands: readonly Band[], degree: number): Approximation {
  let extremes = firstGuess(bands, degree);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { at, error } = level(bands, extremes);
    const known = Array.from(extremes, (frequency, i) => ({
      frequency,
      error: i % 2 === 0 ? error : -error,
    }));
    const peaks = alternating(
      bands.flatMap((band) => {
        const errorAt = (w: number): number => (band.desired(w) - at(w)) / band.tolerance(w);
        return peaksOf(samplesOf(band, known, errorAt), errorAt);
      }),
    );
    thin(peaks, degree + 2);
    const highest = Math.max(...peaks.map((peak) => Math.abs(peak.error)));
    if (highest <= Math.abs(error) * (1 + EQUAL)) return { at, error: Math.abs(error), extremes };
    extremes = Float64Array.from(peaks, ({ frequency }) => frequency);
  }
  throw new Error(`remez: no end after ${ROUNDS_MAX} rounds`);
}
