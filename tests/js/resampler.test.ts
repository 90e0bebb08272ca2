/** The class around the C resampler, whose quality tests/c measures. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AudioBlock, loadAudio, Resampler, type ResamplerMode } from "../../dist/index.js";
import { joinSamples } from "../../js-glue/src/samples.js";

const audio = await loadAudio();
const MODES: readonly ResamplerMode[] = ["balanced", "best", "ultra", "lowlatency", "offline"];
const modes = fc.constantFrom(...MODES);
const rates = fc.constantFrom(8000, 11025, 16000, 22050, 24000, 44100, 48000, 96000, 192000);

const tone = (count: number, rateHz: number, hz: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));

test("any chunking gives the same samples, and exactly as many as promised", () => {
  fc.assert(
    fc.property(
      rates,
      rates,
      modes,
      fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 8 }),
      (inputRateHz, outputRateHz, mode, chunks) => {
        const whole = tone(
          chunks.reduce((a, b) => a + b, 0),
          inputRateHz,
          440,
        );
        using resampler = Resampler.create(audio, { inputRateHz, outputRateHz, mode });
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

const bitsOf = (samples: Float32Array | Int16Array): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

test("every mode converts every kind of block, each channel as if it were alone", () => {
  const whole = tone(9000, 44100, 700);
  const other = tone(9000, 44100, 1900);
  for (const mode of MODES) {
    const options = { inputRateHz: 44100, outputRateHz: 16000, mode };
    using mono = Resampler.create(audio, options);
    const [left, right] = [mono.convert(whole), mono.convert(other)];

    using planar = Resampler.create<Float32Array[]>(audio, { ...options, channels: 2 });
    const planes = [whole, other].map((plane) => plane.slice());
    expect(planar.convert(planes).map(bitsOf)).toEqual([left, right].map(bitsOf));

    using interleaved = Resampler.create(audio, { ...options, channels: 2 });
    const frames = Float32Array.from({ length: 18000 }, (_, i) => planes[i % 2]?.[i >> 1] ?? 0);
    const mixed = interleaved.convert(frames);
    expect(bitsOf(mixed.filter((_, i) => i % 2 === 0))).toEqual(bitsOf(left));
    expect(bitsOf(mixed.filter((_, i) => i % 2 === 1))).toEqual(bitsOf(right));

    using integers = Resampler.create<Int16Array>(audio, options);
    const s16 = Int16Array.from(whole, (x) => Math.round(x * 16384));
    const ofIntegers = mono.convert(Float32Array.from(s16, (x) => x / 32768));
    // Ties are too rare to matter; nothing here reaches full scale.
    const rounded = Int16Array.from(ofIntegers, (x) => Math.round(x * 32768));
    expect(bitsOf(integers.convert(s16))).toEqual(bitsOf(rounded));
  }
});

test("integers are clipped at full scale", () => {
  using resampler = Resampler.create<Int16Array>(audio, {
    inputRateHz: 16000,
    outputRateHz: 48000,
  });
  const square = Int16Array.from({ length: 1600 }, (_, i) => (i % 80 < 40 ? 32767 : -32768));
  const out = resampler.convert(square);
  // A steep filter overshoots a square wave by 9 % (Gibbs); without clipping signs would flip there.
  for (let i = 0; i < out.length; i++) {
    const place = (i / 3) % 40;
    if (place > 5 && place < 35)
      expect(Math.sign(out[i] ?? 0)).toBe(Math.sign(square[Math.floor(i / 3)] ?? 0));
  }
  expect(Math.max(...out)).toBe(32767);
  expect(Math.min(...out)).toBe(-32768);
});

test("processInto stops when its output is full, and takes other kinds", () => {
  using resampler = Resampler.create(audio, { inputRateHz: 48000, outputRateHz: 16000 });
  using whole = Resampler.create(audio, { inputRateHz: 48000, outputRateHz: 16000 });
  const input = tone(30_000, 48000, 440).map((x) => x / 2);
  const expected = whole.convert(input);
  const out: number[] = [];
  const room = new Float32Array(100);
  for (let taken = 0; taken < input.length; taken += resampler.consumed) {
    const given = resampler.processInto(input.subarray(taken), room);
    out.push(...room.subarray(0, given));
  }
  for (let given = 1; given > 0; ) {
    given = resampler.flushInto(room);
    out.push(...room.subarray(0, given));
  }
  expect(bitsOf(Float32Array.from(out))).toEqual(bitsOf(expected));

  resampler.reset();
  const integers = [new Int16Array(10_000)];
  const given = resampler.processInto(input, integers);
  const rounded = Int16Array.from(expected, (x) => Math.round(x * 32768));
  expect(integers[0]?.subarray(0, given)).toEqual(rounded.subarray(0, given));
});

test("a trim bends the rate by as much", () => {
  for (const [trim, rate] of [
    [0.01, 48480],
    [-0.01, 47520],
    [0, 48000],
  ] as const) {
    using resampler = Resampler.create(audio, {
      inputRateHz: 48000,
      outputRateHz: 48000,
      adjustable: true,
    });
    resampler.trim(trim);
    const out = resampler.convert(tone(48_000, 48000, 997));
    expect(Math.abs(out.length - rate)).toBeLessThanOrEqual(1);
    const ideal = tone(out.length, rate, 997);
    for (let i = 2000; i < out.length - 2000; i++)
      expect(Math.abs((out[i] ?? 0) - (ideal[i] ?? 0))).toBeLessThan(1e-3);
  }
});

test("options, blocks and trims that are wrong have a name, and change nothing", () => {
  const options = { inputRateHz: 48000, outputRateHz: 16000 };
  const failure = (option: string, value: unknown) =>
    expect.objectContaining({ name: "VoicepathError", code: "OPTION", option, value });
  const mode = "finest" as ResamplerMode;
  expect(() => Resampler.create(audio, { ...options, mode })).toThrowError(failure("mode", mode));
  for (const channels of [0, 9, 1.5, Number.NaN])
    expect(() => Resampler.create(audio, { ...options, channels })).toThrowError(
      failure("channels", channels),
    );
  expect(() =>
    Resampler.create(audio, { ...options, mode: "offline", adjustable: true }),
  ).toThrowError(failure("adjustable", true));

  using fixed = Resampler.create(audio, options);
  expect(() => fixed.trim(0.001)).toThrowError(expect.objectContaining({ code: "VP_E_MODE" }));
  using stereo = Resampler.create<AudioBlock>(audio, { ...options, channels: 2, adjustable: true });
  for (const trim of [0.0101, -0.0101, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => stereo.trim(trim)).toThrowError(failure("trim", trim));

  const planes = [tone(1000, 48000, 300), tone(1000, 48000, 400)];
  using untouched = Resampler.create<AudioBlock>(audio, {
    ...options,
    channels: 2,
    adjustable: true,
  });
  const expected = untouched.convert(planes) as Float32Array[];
  const start = stereo.process(planes.map((plane) => plane.subarray(0, 500))) as Float32Array[];
  fc.assert(
    fc.property(fc.anything(), (garbage) => {
      expect(() => stereo.process(garbage as AudioBlock)).toThrowError(
        expect.objectContaining({ code: "OPTION" }),
      );
    }),
  );
  const wrong: unknown[] = [
    [planes[0]],
    [...planes, planes[0]],
    [planes[0], new Float32Array(999)],
    [planes[0], new Int16Array(1000)],
    new Float32Array(999),
  ];
  for (const block of wrong)
    expect(() => stereo.process(block as AudioBlock)).toThrowError(
      expect.objectContaining({ code: "OPTION" }),
    );
  const rest = stereo.process(planes.map((plane) => plane.subarray(500))) as Float32Array[];
  const end = stereo.flush() as Float32Array[];
  for (const channel of [0, 1]) {
    const parts = [start, rest, end].map((part) => part[channel] ?? new Float32Array());
    expect(bitsOf(joinSamples(parts))).toEqual(bitsOf(expected[channel] ?? new Float32Array()));
  }
});
