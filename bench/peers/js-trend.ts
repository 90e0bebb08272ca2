/**
 * Mann and Kendall's test with Theil and Sen's slope, as one writes them down: the normal
 * approximation with ties, the median of all slopes, and the autocorrelation of what the slope leaves.
 */
export interface JsTrend {
  readonly p: number;
  readonly slope: number;
  readonly autocorrelation: number;
}

const median = (sorted: Float64Array): number => {
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2;
};

/** The upper tail of the normal distribution: Abramowitz and Stegun 26.2.17. */
function tail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const polynomial =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? density * polynomial : 1 - density * polynomial;
}

export function jsTrend(values: Float64Array): JsTrend {
  const n = values.length;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let s = 0;
  let pairs = 0;
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const rise = (values[j] ?? 0) - (values[i] ?? 0);
      s += Math.sign(rise);
      slopes[pairs++] = rise / (j - i);
    }
  const slope = median(slopes.sort());
  let ties = 0;
  const sorted = values.slice().sort();
  for (let i = 0, run = 1; i < n; i++)
    if (sorted[i] === sorted[i + 1]) run++;
    else {
      ties += run * (run - 1) * (2 * run + 5);
      run = 1;
    }
  const variance = (n * (n - 1) * (2 * n + 5) - ties) / 18;
  const p = variance > 0 ? tail((s - Math.sign(s)) / Math.sqrt(variance)) : 1;
  const rest = values.map((value, i) => value - slope * i);
  const mean = rest.reduce((sum, value) => sum + value, 0) / n;
  let together = 0;
  let alone = 0;
  for (let i = 0; i < n; i++) {
    const d = (rest[i] ?? 0) - mean;
    alone += d * d;
    if (i > 0) together += d * ((rest[i - 1] ?? 0) - mean);
  }
  return { p, slope, autocorrelation: alone > 0 ? together / alone : 0 };
}
