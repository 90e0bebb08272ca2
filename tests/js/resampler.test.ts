/** The class around the C resampler, whose quality tests/c measures. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { loadAudio, Resampler } from "../../dist/index.js";
import { joinSamples } from "../../js-glue/src/samples.js";

const audio = await loadAudio();
const rates = fc.constantFrom(8000, 11025, 16000, 22050, 24000, 44100, 48000, 96000, 192000);

const tone = (count: number, rateHz: number, hz: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));

test("any chunking gives the same samples, and exactly as many as promised", () => {
  fc.assert(
    fc.property(
      rates,
      rates,
      fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 8 }),
      (inputRateHz, outputRateHz, chunks) => {
        const whole = tone(
          chunks.reduce((a, b) => a + b, 0),
          inputRateHz,
          440,
        );
        using resampler = Resampler.create(audio, { inputRateHz, outputRateHz });
        const once = joinSamples([resampler.process(whole), resampler.flush()]);
        expect(once.length).toBe(Math.ceil((whole.length * outputRateHz) / inputRateHz));
        resampler.reset();
        const pieces: Float32Array[] = [];
        let at = 0;
        for (const chunk of chunks) {
          pieces.push(resampler.process(whole.subarray(at, at + chunk)));
          at += chunk;
        }
        pieces.push(resampler.flush());
        expect(Buffer.from(joinSamples(pieces).buffer).equals(Buffer.from(once.buffer))).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test("a tone comes out as the same tone, in time", () => {
  for (const [inputRateHz, outputRateHz] of [
    [48000, 16000],
    [44100, 16000],
    [22050, 48000],
    [16000, 16000],
  ] as const) {
    using resampler = Resampler.create(audio, { inputRateHz, outputRateHz });
    const out = resampler.process(tone(inputRateHz, inputRateHz, 997));
    const ideal = tone(out.length, outputRateHz, 997);
    // Away from the beginning, where the tone before it is missing.
    for (let i = 1000; i < out.length; i++)
      expect(Math.abs((out[i] ?? 0) - (ideal[i] ?? 0))).toBeLessThan(1e-3);
  }
});

test("latency is what a live stream waits", () => {
  using resampler = Resampler.create(audio, { inputRateHz: 48000, outputRateHz: 16000 });
  expect(resampler.latencyMs).toBeCloseTo((resampler.latencySamples * 1000) / 48000);
  let pushed = 0;
  while (resampler.process(new Float32Array(1)).length === 0) pushed++;
  expect(pushed).toBe(Math.floor(resampler.latencySamples));
});

test("wrong input has a name", () => {
  const code = (code: string) => expect.objectContaining({ name: "VoicepathError", code });
  const garbage = fc
    .anything()
    .filter((x) => !(Number.isInteger(x) && Number(x) >= 8000 && Number(x) <= 192000));
  fc.assert(
    fc.property(garbage, (rate) => {
      expect(() =>
        Resampler.create(audio, { inputRateHz: rate as number, outputRateHz: 16000 }),
      ).toThrowError(
        expect.objectContaining({ code: "OPTION", option: "inputRateHz", value: rate }),
      );
    }),
  );
  const resampler = Resampler.create(audio, { inputRateHz: 48000, outputRateHz: 16000 });
  expect(() => resampler.process([1, 2] as unknown as Float32Array)).toThrowError(code("OPTION"));
  resampler.flush();
  expect(() => resampler.process(new Float32Array(1))).toThrowError(code("VP_E_FLUSHED"));
  expect(resampler.flush().length).toBe(0);
  resampler.reset();
  expect(resampler.process(new Float32Array(480)).every((x) => x === 0)).toBe(true);
  resampler.dispose();
  resampler.dispose();
  for (const use of [
    () => resampler.process(new Float32Array(1)),
    () => resampler.flush(),
    () => resampler.reset(),
    () => resampler.latencySamples,
  ])
    expect(use).toThrowError(code("DISPOSED"));
});

test("NaN and infinity do not outlive the filter", () => {
  using resampler = Resampler.create(audio, { inputRateHz: 48000, outputRateHz: 16000 });
  const bad = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  expect(resampler.process(bad).every(Number.isFinite)).toBe(true);
  const after = resampler.process(new Float32Array(4800));
  expect(after.every((x) => x === 0)).toBe(true);
});
