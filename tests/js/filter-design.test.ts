/**
 * The filter designer: its parts against closed forms, theorems and another designer, and what it
 * writes, rounded, against what was asked for.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  BALANCED,
  BEST,
  designLowLatencyFir,
  designLowLatencyKernel,
  designSymmetric,
  ULTRA,
} from "../../wasm/filters/designs.js";
import { designLinearPhase, type Region } from "../../wasm/filters/linear-phase.js";
import { minimumPhase } from "../../wasm/filters/minimum-phase.js";
import { type Approximation, remez } from "../../wasm/filters/remez.js";

const decibels = (gain: number): number => 20 * Math.log10(Math.abs(gain));
const gain = (dB: number): number => 10 ** (dB / 20);
const value = (values: ArrayLike<number>, index: number): number => values[index] ?? Number.NaN;

/** `count` numbers from one end to the other, both included. */
const grid = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));

const largest = (values: readonly number[]): number =>
  values.reduce((most, each) => Math.max(most, Math.abs(each)), 0);

/** The response of a symmetric filter given from its centre on, by the definition. */
function symmetricResponse(taps: ArrayLike<number>, w: number): number {
  let sum = 0;
  for (let k = taps.length - 1; k > 0; k--) sum += 2 * value(taps, k) * Math.cos(k * w);
  return sum + value(taps, 0);
}

/** The response of any filter, and its group delay: the real part of sum(n h z^-n) / sum(h z^-n). */
function causalResponse(
  taps: ArrayLike<number>,
  w: number,
): { re: number; im: number; magnitude: number; delay: number } {
  let [re, im, momentRe, momentIm] = [0, 0, 0, 0];
  for (let n = 0; n < taps.length; n++) {
    const c = value(taps, n) * Math.cos(n * w);
    const s = -value(taps, n) * Math.sin(n * w);
    re += c;
    im += s;
    momentRe += n * c;
    momentIm += n * s;
  }
  const power = re * re + im * im;
  return {
    re,
    im,
    magnitude: Math.sqrt(power),
    delay: (momentRe * re + momentIm * im) / power,
  };
}

/* ---- The exchange ------------------------------------------------------------------------- */

/** The errors at the extremes alternate, and are the largest of all: but for 1 %, which at the ultra
 * filter's -157 dB is all that double precision tells. */
function expectAlternation(
  { error, extremes }: Approximation,
  errorAt: (w: number) => number,
  frequencies: readonly number[],
): void {
  const peaks = Array.from(extremes, errorAt);
  const sign = Math.sign(peaks[0] ?? 0);
  peaks.forEach((peak, i) => {
    expect((i % 2 === 0 ? sign : -sign) * peak).toBeGreaterThan(0.99 * error);
  });
  expect([...extremes]).toEqual([...new Set(extremes)].sort((a, b) => a - b));
  expect(largest(frequencies.map(errorAt))).toBeLessThan(1.01 * error);
}

test.each([1, 4, 20, 30])("the best degree %i for 1 / (cos w - a) is Chebyshev's", (degree) => {
  // P. L. Chebyshev: the least error of a polynomial on [-1, 1] is (a - sqrt(a^2 - 1))^n / (a^2 - 1);
  // see N. I. Achieser, "Theory of Approximation". Here a is 1.25 and the root is 0.5.
  const band = {
    from: 0,
    to: Math.PI,
    desired: (w: number) => 1 / (Math.cos(w) - 1.25),
    tolerance: () => 1,
  };
  const best = remez([band], degree);
  expect(best.extremes).toHaveLength(degree + 2);
  expect(best.error / (0.5 ** degree / (1.25 ** 2 - 1))).toBeCloseTo(1, 4);
});

/** scipy.signal.remez 1.10.1, type I, [0, pass, stop, 1], with this weight on the stop band, grid_density 256. */
const SCIPY = [
  {
    pass: 0.4,
    stop: 0.5,
    weight: 1,
    error: 0.039735637,
    taps: [
      0.4506702281989303, 0.31380897082549714, 0.049044058334082, -0.09050352706600422,
      -0.04283362987459825, 0.04225540334180435, 0.03901826024275573, -0.014659099080468724,
      -0.02604492295902227, 0.008401941252902617, 0.0270038818788644, 0.010563909894864207,
      -0.021522761681546862,
    ],
  },
  {
    pass: 0.3,
    stop: 0.36,
    weight: 10,
    error: 0.042673458,
    taps: [
      0.32435090110383735, 0.2707715558639278, 0.14149270787496104, 0.008896537415292815,
      -0.06288831593445471, -0.05749940667611339, -0.008642314139444161, 0.03234756509786258,
      0.03550758520527247, 0.008229687105177165, -0.01968544577300657, -0.02481004840004965,
      -0.0076742349114640685, 0.01265736231454168, 0.018199067219811845, 0.006996050137806989,
      -0.008219037831085957, -0.013587919065787423, -0.006214384806322923, 0.005282283137273383,
      0.010208350637807404, 0.00539035586713641, -0.003338632299965044, -0.007614936970733943,
      -0.0040438319820607724, 0.0038170077183135053, 0.009603993548020792, 0.009741729718721682,
      0.005574078361963107, 0.0011170706945377265, -0.0024537588472993465,
    ],
  },
] as const;

test.each(SCIPY)(
  "scipy agrees on $taps.length taps a side",
  ({ pass, stop, weight, error, taps }) => {
    const band = (from: number, to: number, level: number, tolerance: number) => ({
      from: from * Math.PI,
      to: to * Math.PI,
      desired: () => level,
      tolerance: () => tolerance,
    });
    const best = remez([band(0, pass, 1, 1), band(stop, 1, 0, 1 / weight)], taps.length - 1);
    expect(best.error / error).toBeCloseTo(1, 4);
    for (const w of grid(0, Math.PI, 200))
      expect(Math.abs(best.at(w) - symmetricResponse(taps, w))).toBeLessThan(1e-4 * error);
  },
);

describe.each([
  ["balanced", BALANCED],
  ["best", BEST],
  ["ultra", ULTRA],
])("%s", (name, symmetric) => {
  const { taps, response, error, extremes } = designSymmetric(name, symmetric);
  const { passEdge, ripple, nearDecibels, farDecibels } = symmetric;
  const bands = [
    { from: 0, to: passEdge, desired: 1, tolerance: ripple },
    { from: 1, to: 1.09, desired: 0, tolerance: gain(nearDecibels) },
    { from: 1.09, to: 2, desired: 0, tolerance: gain(farDecibels) },
  ];
  const errorAt = (w: number): number => {
    const f = (2 * w) / Math.PI;
    const own = bands.filter(({ from, to }) => f >= from - 1e-12 && f <= to + 1e-12);
    const tolerance = Math.min(...own.map((band) => band.tolerance));
    return ((own[0]?.desired ?? Number.NaN) - symmetricResponse(taps, w)) / tolerance;
  };

  test("is optimal: two values are fixed, and as many errors alternate as there are free taps, and one more", () => {
    expect(taps).toHaveLength(2 * symmetric.side + 1);
    expect(extremes).toHaveLength(taps.length - 2 + 1);
    const frequencies = bands.flatMap(({ from, to }) =>
      grid((from * Math.PI) / 2, (to * Math.PI) / 2, 4000),
    );
    expectAlternation({ at: response, error, extremes }, errorAt, frequencies);
  });

  test("its taps have the response that was designed", () => {
    for (const w of grid(0, Math.PI, 999))
      expect(Math.abs(symmetricResponse(taps, w) - response(w))).toBeLessThan(1e-9);
  });
});

test("a design that has no room left still ends at its fixed values", () => {
  const regions: Region[] = [
    { from: 0, to: 0.2, gain: 1, tolerance: () => 1 },
    { from: 0.6, to: 1, gain: 0, tolerance: () => 1 },
  ];
  const { taps } = designLinearPhase(regions, 2);
  expect(symmetricResponse(taps, 0)).toBeCloseTo(1, 13);
  expect(symmetricResponse(taps, Math.PI)).toBeCloseTo(0, 13);
});

/* ---- Minimum phase ------------------------------------------------------------------------ */

const multiply = (a: readonly number[], b: readonly number[]): number[] => {
  const product = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      product[i + j] = value(product, i + j) + x * y;
    });
  });
  return product;
};

test("known zeros are reflected: 2 becomes another 1/2, those on the circle stay", () => {
  const angle = 2;
  const response = (w: number): number =>
    2 * (1 + Math.cos(w)) * 2 * (Math.cos(w) - Math.cos(angle)) * (1.25 - Math.cos(w));
  const expected = [
    [1, 2, 1],
    [1, -2 * Math.cos(angle), 1],
    [1, -1, 0.25],
  ].reduce(multiply);
  const taps = minimumPhase(response, Float64Array.of(0, 1, 2.5), 3);
  expect(taps).toHaveLength(expected.length);
  expected.forEach((tap, n) => {
    expect(value(taps, n)).toBeCloseTo(tap, 12);
  });
});

/** How often the response goes around 0 on a circle: how many zeros lie outside of it. */
function zerosOutside(taps: ArrayLike<number>, radius: number, points: number): number {
  const scaled = Float64Array.from(taps, (tap, n) => tap * radius ** -n);
  let turned = 0;
  let before = causalResponse(scaled, 0);
  for (let i = 1; i <= points; i++) {
    const now = causalResponse(scaled, (-2 * Math.PI * i) / points);
    turned += Math.atan2(
      before.re * now.im - before.im * now.re,
      before.re * now.re + before.im * now.im,
    );
    before = now;
  }
  return Math.round(turned / (2 * Math.PI));
}

test("zerosOutside counts", () => {
  const taps = [
    [1, -2],
    [1, 3],
    [1, -0.5],
    [1, 0, 0.81],
  ].reduce(multiply);
  expect(zerosOutside(taps, 1.01, 400)).toBe(2);
  expect(zerosOutside(taps, 0.8, 400)).toBe(4);
});

describe.each([
  ["FIR", designLowLatencyFir()],
  ["kernel", designLowLatencyKernel()],
])("the low latency %s", (_, taps) => {
  test("has no zero outside the circle", () => {
    expect(zerosOutside(taps, 1.002, 8000)).toBeCloseTo(0);
  });

  test("has the delay that goes with its magnitude, by the Hilbert transform", () => {
    // The derivative at 0 of phase(w) = -1 / (2 pi) integral of log|H(v)| cot((w - v) / 2) dv.
    const points = 1 << 14;
    const { magnitude, delay } = causalResponse(taps, 0);
    let integral = 0;
    for (let i = 0; i < points; i++) {
      const w = (Math.PI * (i + 0.5)) / points;
      const attenuation = Math.log(magnitude / causalResponse(taps, w).magnitude);
      integral += attenuation / Math.sin(w / 2) ** 2 / points;
    }
    expect(integral / 2 / delay).toBeCloseTo(1, 3);
  });
});

/* ---- The header --------------------------------------------------------------------------- */

const folder = mkdtempSync(join(tmpdir(), "filters-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "filters.gen.h");
execFileSync(process.execPath, ["--import", "tsx", "wasm/filters/generate.ts", "--out", path]);
const header = readFileSync(path, "utf8");

const constant = (name: string): number => Number(header.match(`${name} = (\\d+)`)?.[1]);

/** An array of the header, its floats rounded as the compiler rounds them. */
function array(name: string): Float64Array {
  const [, type, body = ""] =
    header.match(new RegExp(`static const (\\w+) ${name}\\[[^\\]]+\\] = \\{([^}]*)\\}`)) ?? [];
  const numbers = body.split(",").map((each) => each.trim().replace("f", ""));
  const values = Float64Array.from(numbers.filter(Boolean), Number);
  return type === "float" ? values.map(Math.fround) : values;
}

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b);

describe.each([
  // What voicepath/resampler.h promises, and a dB and more for the polyphase filter and the sums.
  { name: "balanced", edge: 0.8755, near: -107, far: -113, flat: 0.86, ripple: 1.1e-4 },
  { name: "best", edge: 0.947, near: -133, far: -151, flat: 0.93, ripple: 1e-6 },
  { name: "ultra", edge: 0.961, near: -152, far: -154, flat: 0.95, ripple: 2e-6 },
])("$name, rounded", ({ name, edge, near, far, flat, ripple }) => {
  const outer = array(name === "balanced" ? "balanced_fir" : `${name}_outer`);
  const inner = name === "balanced" ? [] : array(`${name}_inner`);
  const taps = Float64Array.of(...inner, ...outer.reverse());
  const responses = (from: number, to: number): number[] =>
    grid(from, to, 3000).map((f) => symmetricResponse(taps, (f * Math.PI) / 2));

  test("has the taps that it says", () => {
    expect(taps).toHaveLength(2 * constant(`${name.toUpperCase()}_SIDE`) + 1);
    if (name !== "balanced") expect(inner).toHaveLength(constant(`${name.toUpperCase()}_INNER`));
  });

  test("passes and stops what it is to", () => {
    expect(largest(responses(0, flat).map((response) => response - 1))).toBeLessThan(ripple);
    expect(decibels(symmetricResponse(taps, (edge * Math.PI) / 2))).toBeGreaterThan(-0.09);
    expect(decibels(largest(responses(1, 1.09)))).toBeLessThan(near);
    expect(decibels(largest(responses(1.09, 2)))).toBeLessThan(far);
  });

  test("repeats a constant exactly, in either phase", () => {
    const phase = (odd: number): number =>
      sum(taps.map((tap, k) => (k % 2 !== odd ? 0 : k === 0 ? tap : 2 * tap)));
    expect(Math.abs(phase(0) - 0.5)).toBeLessThan(1e-15);
    expect(Math.abs(phase(1) - 0.5)).toBeLessThan(1e-15);
  });
});

describe("low latency, rounded", () => {
  const fir = array("low_latency_fir");
  const kernel = array("low_latency_kernel");
  const perUnit = constant("LOW_LATENCY_KERNEL_PER_UNIT");
  const firAt = (f: number) => causalResponse(fir, (f * Math.PI) / 2);
  const kernelAt = (f: number) => causalResponse(kernel, (f * Math.PI) / perUnit);

  test("the FIR passes and stops what it is to", () => {
    expect(fir).toHaveLength(constant("LOW_LATENCY_FIR_TAPS"));
    expect(fir.length % 2).toBe(0);
    expect(decibels(firAt(0.9).magnitude)).toBeGreaterThan(-0.09);
    for (const f of grid(0, 0.9, 500)) expect(Math.abs(firAt(f).magnitude - 1)).toBeLessThan(5e-4);
    for (const f of grid(1, 2, 2000)) expect(decibels(firAt(f).magnitude)).toBeLessThan(-121);
  });

  test("the kernel stops what the FIR passes again, and falls", () => {
    expect(kernel).toHaveLength(constant("LOW_LATENCY_KERNEL_POINTS"));
    const scale = kernelAt(0).magnitude;
    expect(scale).toBeCloseTo(perUnit, 9);
    for (const f of grid(0, 0.9, 200))
      expect(Math.abs(decibels(kernelAt(f).magnitude / scale))).toBeLessThan(0.005);
    for (let centre = 4; centre < perUnit; centre += 4)
      for (const f of grid(centre - 1, centre + 1, 60))
        expect(kernelAt(f).magnitude / scale).toBeLessThan((gain(-123) * 3) / f + 2 ** -25);
  });

  test("both phases and the kernel have the sums that they are to", () => {
    expect(sum(fir.filter((_, n) => n % 2 === 0))).toBeCloseTo(0.5, 12);
    expect(sum(fir.filter((_, n) => n % 2 === 1))).toBeCloseTo(0.5, 12);
    expect(sum(kernel) / perUnit).toBeCloseTo(1, 12);
  });

  test("the kernel is 0 for the reach of the polynomial between its points", () => {
    expect(constant("LOW_LATENCY_KERNEL_FIRST")).toBe(0);
    expect([...kernel.subarray(0, 3), ...kernel.subarray(-3)]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("they delay 0 .. 3 kHz by at most 0.25 ms, with a lower rate of 16 kHz", () => {
    for (const f of grid(0, 3 / 8, 100))
      expect(firAt(f).delay / 32 + kernelAt(f).delay / perUnit / 16).toBeLessThan(0.25);
  });
});
