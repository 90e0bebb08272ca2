/**
 * From a filter of linear phase to the one with the same magnitude and the least delay: the zeros
 * outside the unit circle are reflected into it.
 *
 * No zero is looked for but those on the circle, which stay: they are where the real response changes
 * its sign. With a pair at each w_k divided out,
 *   g(w) = response(w) / product of 2 (cos w - cos w_k)
 * has one sign and no zero on the circle, so that its logarithm is smooth:
 *   log g(w) = c[0] + 2 sum of c[n] cos(n w),
 * where c, the cepstrum, soon fades. The phase of the minimum phase filter is then
 *   -2 sum of c[n] sin(n w)
 * (A. V. Oppenheim, R. W. Schafer, "Discrete-Time Signal Processing", on the complex cepstrum), and
 * each pair on the circle adds its own linear phase, -w.
 */

/** Where 0 .. pi is sampled: in the middle of so many equal steps, so neither at 0 nor at pi. */
const POINTS = 4096;

const value = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

const frequencies = Float64Array.from({ length: POINTS }, (_, k) => (Math.PI * (k + 0.5)) / POINTS);
const turn = Float64Array.from({ length: 4 * POINTS }, (_, i) => (Math.PI * i) / (2 * POINTS));
const cosines = turn.map(Math.cos);
const sines = turn.map(Math.sin);

/** The index in these tables of n times the frequency of a point. */
const angle = (n: number, point: number): number => (n * (2 * point + 1)) % turn.length;

/** The zero of the response between two frequencies at which it differs in sign. */
function zeroBetween(response: (w: number) => number, below: number, above: number): number {
  const sign = Math.sign(response(below));
  let [left, right] = [below, above];
  for (;;) {
    const middle = (left + right) / 2;
    if (middle <= left || middle >= right) return middle;
    if (Math.sign(response(middle)) === sign) left = middle;
    else right = middle;
  }
}

/** The zeros on the circle: where the sign changes from one extreme to the next, and at pi. */
function zerosOnCircle(response: (w: number) => number, extremes: Float64Array): readonly number[] {
  const zeros = [Math.PI];
  extremes.forEach((above, i) => {
    const below = extremes[i - 1] ?? 0;
    if (response(below) * response(above) < 0) zeros.push(zeroBetween(response, below, above));
  });
  return zeros;
}

/** The phase, at each point, of the minimum phase filter with this logarithmic magnitude. */
function phaseOf(logs: Float64Array): Float64Array {
  const phase = new Float64Array(POINTS);
  for (let n = 1; n < POINTS; n++) {
    let cepstrum = 0;
    for (let k = 0; k < POINTS; k++) cepstrum += value(logs, k) * value(cosines, angle(n, k));
    cepstrum /= POINTS;
    for (let k = 0; k < POINTS; k++)
      phase[k] = value(phase, k) - 2 * cepstrum * value(sines, angle(n, k));
  }
  return phase;
}

/**
 * The taps, in the order of time, of the minimum phase filter with the magnitude of a linear phase
 * filter of 2 * `reach` + 1 taps.
 *
 * @param response - of frequencies in radians per sample; positive at 0, with a double zero at pi
 * @param extremes - frequencies between which there is at most one zero
 */
export function minimumPhase(
  response: (w: number) => number,
  extremes: Float64Array,
  reach: number,
): Float64Array {
  const zeros = zerosOnCircle(response, extremes).map(Math.cos);
  const magnitudes = frequencies.map(response);
  const logs = frequencies.map((w, k) => {
    const distance = zeros.reduce(
      (sum, zero) => sum + Math.log(2 * Math.abs(Math.cos(w) - zero)),
      0,
    );
    return Math.log(Math.abs(value(magnitudes, k))) - distance;
  });
  const phase = phaseOf(logs).map((own, k) => own - zeros.length * value(frequencies, k));
  return Float64Array.from({ length: 2 * reach + 1 }, (_, n) => {
    let sum = 0;
    for (let k = 0; k < POINTS; k++)
      sum += value(magnitudes, k) * Math.cos(value(phase, k) + n * value(frequencies, k));
    return sum / POINTS;
  });
}
