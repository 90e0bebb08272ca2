/** The highest and lowest sample of each column: all a screen can show of a waveform. */
export interface Envelope {
  readonly timesS: number[];
  readonly high: number[];
  readonly low: number[];
}

export function envelope(samples: Float32Array, rateHz: number, columns: number): Envelope {
  const width = Math.max(1, Math.ceil(samples.length / columns));
  const result: Envelope = { timesS: [], high: [], low: [] };
  for (let from = 0; from < samples.length; from += width) {
    let high = -1;
    let low = 1;
    for (const sample of samples.subarray(from, from + width)) {
      if (sample > high) high = sample;
      if (sample < low) low = sample;
    }
    result.timesS.push((from + width / 2) / rateHz);
    result.high.push(high);
    result.low.push(low);
  }
  return result;
}
