/**
 * The resampler's filters. Frequencies are in units of fN, the lower of the two Nyquist frequencies.
 *
 * Between the two rates the samples pass a double rate, 2 fN, where one sharp filter (a FIR) keeps
 * what is below fN; its response repeats every 4 fN. A short polyphase filter (a kernel, of
 * continuous time) leads to or from the other rate. Together:
 *
 *            0 ... fN      fN ... 3 fN    3 ... 5 fN    5 ... 7 fN    7 ... 9 fN    and so on
 *   FIR      passes        stops          passes        stops         passes
 *   kernel   passes        as it likes    stops         as it likes   stops
 *
 * A design states its bands and tolerances; the Remez exchange finds the filter whose largest error,
 * in tolerances, is the least. Lengths are chosen for it to be just below 1. A symmetric FIR pays for
 * length with delay only, and gains much: 8 more on BEST's side lower by 26 dB the ripple of its pass
 * band, which is an echo before the sound.
 */
import { designLinearPhase, type LinearPhase, type Region } from "./linear-phase.js";
import { minimumPhase } from "./minimum-phase.js";

const gain = (decibels: number): number => 10 ** (decibels / 20);

export interface Symmetric {
  /** The FIR has 2 * side taps on either side of its centre: `side` samples of the lower rate. */
  readonly side: number;
  /** From 0 to here, the gain is 1 within the ripple. */
  readonly passEdge: number;
  readonly ripple: number;
  /** From fN to `nearEdge`, and from there on. */
  readonly nearDecibels: number;
  readonly farDecibels: number;
}

/** Taps from the centre on that are kept as doubles. */
export const BEST_INNER = 17;
export const ULTRA_INNER = 33;

/** What falls between fN and here folds to where hearing and speech recognition have ended. */
const NEAR_EDGE = 1.09;

/** Margins below what voicepath/resampler.h promises are for the rounding of taps and of sums. */
export const BALANCED: Symmetric = {
  side: 41,
  passEdge: 0.8618,
  ripple: 1e-4,
  nearDecibels: -107.3,
  farDecibels: -113.5,
};

export const BEST: Symmetric = {
  side: 130,
  passEdge: 0.9344,
  ripple: 3.1e-7,
  nearDecibels: -134,
  farDecibels: -153,
};

export const ULTRA: Symmetric = {
  side: 188,
  passEdge: 0.954,
  ripple: 1.7e-6,
  nearDecibels: -153.5,
  farDecibels: -156,
};

function met(name: string, design: LinearPhase): LinearPhase {
  if (design.error > 1)
    throw new Error(`${name} misses its tolerances by a factor of ${design.error.toFixed(4)}`);
  return design;
}

/** The double rate's Nyquist frequency is 2 fN. */
export function designSymmetric(name: string, symmetric: Symmetric): LinearPhase {
  const { side, passEdge, ripple, nearDecibels, farDecibels } = symmetric;
  const stop = (from: number, to: number, decibels: number): Region => ({
    from: from / 2,
    to: to / 2,
    gain: 0,
    tolerance: () => gain(decibels),
  });
  const regions: Region[] = [
    { from: 0, to: passEdge / 2, gain: 1, tolerance: () => ripple },
    stop(1, NEAR_EDGE, nearDecibels),
    stop(NEAR_EDGE, 2, farDecibels),
  ];
  return met(name, designLinearPhase(regions, 2 * side));
}

/* ---- Low latency -------------------------------------------------------------------------- */

/**
 * The delay of a minimum phase filter at low frequencies is 2 / pi times the integral of its
 * attenuation over the square of the frequency (the Hilbert transform): so no attenuation is asked
 * for that is not needed, least of all at low frequencies, and the passbands are wide. From 0 to 3 kHz,
 * FIR and kernel together delay by 0.245 ms at most, where the lower rate is 16 kHz. A ripple of the
 * magnitude makes one in the delay.
 */
const FIR = { reach: 132, passEdge: 0.9105, ripple: 2e-4, stopDecibels: -122.7 };
const KERNEL = {
  pointsPerUnit: 64,
  reach: 294,
  passEdge: 1.8,
  ripple: 5.7e-4,
  stopDecibels: -125.5,
  /** Where the FIR stops. What the kernel lets through there is only more work for its table. */
  looseDecibels: -20,
  /** What is free between stop and loose bands, at each edge. */
  gap: 0.15,
};

/** At the double rate, in order of time. */
export function designLowLatencyFir(): Float64Array {
  const regions: Region[] = [
    { from: 0, to: FIR.passEdge / 2, gain: 1, tolerance: () => FIR.ripple },
    { from: 0.5, to: 1, gain: 0, tolerance: () => gain(FIR.stopDecibels) },
  ];
  const { response, extremes } = met("low latency FIR", designLinearPhase(regions, FIR.reach));
  return minimumPhase(response, extremes, FIR.reach);
}

/**
 * Its points, from time 0 on, `KERNEL_PER_UNIT` to a sample of the lower rate; they sum to 1. The
 * stop bands fall with the frequency, as they are many and fold onto each other.
 */
export function designLowLatencyKernel(): Float64Array {
  const { pointsPerUnit, reach, passEdge, ripple, stopDecibels, looseDecibels, gap } = KERNEL;
  // In fN, the points have their Nyquist frequency at pointsPerUnit.
  const region = (from: number, to: number, own: (frequency: number) => number): Region => ({
    from: from / pointsPerUnit,
    to: to / pointsPerUnit,
    gain: from === 0 ? 1 : 0,
    tolerance: (frequency) => own(frequency * pointsPerUnit),
  });
  const regions = [region(0, passEdge, () => ripple)];
  for (let centre = 4; centre < pointsPerUnit; centre += 4)
    regions.push(
      region(centre - 1, centre + 1, (f) => gain(stopDecibels) * (3 / f)),
      region(centre + 1 + gap, centre + 3 - gap, (f) => gain(looseDecibels) * (5 / f) ** 4),
    );
  regions.push(region(pointsPerUnit - 1, pointsPerUnit, (f) => gain(stopDecibels) * (3 / f)));
  const { response, extremes } = met("low latency kernel", designLinearPhase(regions, reach));
  return minimumPhase(response, extremes, reach);
}

export const KERNEL_PER_UNIT = KERNEL.pointsPerUnit;
