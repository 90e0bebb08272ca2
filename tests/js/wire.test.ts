/** Wire: samples and the websocket's text, against JSON.parse, Buffer, and the other WAV reader. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadAudio, VoicepathError, Wire } from "../../dist/index.js";
import { parseWavFile } from "../../js-glue/src/playback/wav-file.js";
import { asteriskFiles, pocketsphinxFiles, readWav } from "../../tools/speech.js";

const audio = await loadAudio();
const wire = Wire.create(audio);
const code = (code: string) => expect.objectContaining({ name: "VoicepathError", code });

/** What a server that wants int16s makes of a number. */
const int16 = (x: number): number => Math.max(-32768, Math.min(32767, Math.round(x * 32768)));
const cleaned = (x: number): number => (Number.isFinite(x) ? x : 0);

/** Lone surrogates too. */
const anyUnits = fc
  .array(fc.nat(0xffff), { maxLength: 60 })
  .map((units) => String.fromCharCode(...units));
const anySamples = fc.float32Array({ minLength: 0, maxLength: 300 });
const someAudio = fc
  .array(fc.float({ min: -1.25, max: 1.25, noNaN: true }), { maxLength: 300 })
  .map((values) => Float32Array.from(values));

/** Ties may go either way. */
function expectSameInt16(value: number, sample: number): void {
  const scaled = cleaned(sample) * 32768;
  if (Math.abs(scaled) < 32768) expect(Math.abs(value - scaled)).toBeLessThanOrEqual(0.5);
  else expect(value).toBe(scaled > 0 ? 32767 : -32768);
}

describe("encodeFloatList", () => {
  test("JSON.parse reads the same int16s, as doubles and as floats", () => {
    fc.assert(
      fc.property(fc.oneof(anySamples, someAudio), (samples) => {
        const list: number[] = JSON.parse(wire.encodeFloatList(samples));
        expect(list).toHaveLength(samples.length);
        for (const [i, x] of list.entries()) {
          expectSameInt16(int16(x), samples[i] ?? 0);
          expect(int16(Math.fround(x))).toBe(int16(x));
        }
      }),
    );
  });

  test("all int16s, in one message longer than usual", () => {
    const samples = Float32Array.from({ length: 65536 }, (_, i) => (i - 32768) / 32768);
    const list: number[] = JSON.parse(wire.encodeFloatList(samples));
    expect(list.map(int16)).toEqual(Array.from(samples, (x) => x * 32768));
  });

  test("real speech takes less than 8 bytes a sample, JSON.stringify 2.5 times as many", () => {
    const files = [...pocketsphinxFiles(), ...asteriskFiles().filter((_, i) => i % 20 === 0)];
    let [ours, theirs, count] = [0, 0, 0];
    for (const path of files) {
      const { samples } = readWav(path);
      for (let at = 0; at < samples.length; at += 4096) {
        const chunk = samples.subarray(at, at + 4096);
        const text = wire.encodeFloatList(chunk);
        ours += text.length;
        count += chunk.length;
        expect(text.length).toBeLessThanOrEqual(9 * chunk.length + 1);
        if (at === 0) {
          const list: number[] = JSON.parse(text);
          expect(list.map(int16)).toEqual(Array.from(chunk, (x) => x * 32768));
          theirs +=
            JSON.stringify(Array.from(chunk, (x) => Math.fround(x * 1.01))).length / chunk.length;
        }
      }
    }
    console.log({ bytesASample: ours / count, jsonStringify: theirs / files.length });
    expect(ours / count).toBeLessThanOrEqual(8);
    expect(ours / count).toBeLessThan(theirs / files.length / 2.5);
  });

  test("nothing is an empty list", () => {
    expect(wire.encodeFloatList(new Float32Array())).toBe("[]");
    expect(wire.encodePCM16(new Float32Array())).toBe("");
  });
});

test("encodePCM16 is Buffer's base64 of the same int16s", () => {
  fc.assert(
    fc.property(fc.oneof(anySamples, someAudio), (samples) => {
      const bytes = Buffer.from(wire.encodePCM16(samples), "base64");
      expect(bytes).toHaveLength(2 * samples.length);
      for (const [i, sample] of samples.entries())
        expectSameInt16(bytes.readInt16LE(2 * i), sample);
      expect(bytes.toString("base64")).toBe(wire.encodePCM16(samples));
    }),
  );
});

// ---- Clips, made here ----

interface Layout {
  readonly tag: number;
  readonly bits: number;
  readonly channels: number;
  readonly rateHz: number;
  /** As the header says; the data follow in any case. */
  readonly dataLength?: number | undefined;
}

function wav(data: Uint8Array, layout: Layout): Buffer {
  const { tag, bits, channels, rateHz, dataLength = data.length } = layout;
  const header = Buffer.alloc(44);
  header.write("RIFF");
  header.writeUInt32LE(36 + data.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(tag, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE((rateHz * channels * bits) / 8, 28);
  header.writeUInt16LE((channels * bits) / 8, 32);
  header.writeUInt16LE(bits, 34);
  header.write("data", 36);
  header.writeUInt32LE(dataLength, 40);
  return Buffer.concat([header, data]);
}

/** The mean of the channels that the other reader finds. */
function mean(file: Uint8Array): { rateHz: number; samples: Float32Array } {
  const { rateHz, channels } = parseWavFile(file);
  const [first = new Float32Array(), ...others] = channels;
  const clean = (x: number): number => Math.max(-65536, Math.min(65536, cleaned(x)));
  const samples = first.map((x, i) => {
    const add = (sum: number, plane: Float32Array): number =>
      Math.fround(sum + clean(plane[i] ?? 0));
    return others.reduce(add, clean(x)) / channels.length;
  });
  return { rateHz, samples };
}

/** RMS of each slice over the loudest, as the backend's AudioSegment slices: by floor(i * 20 ms). */
function volumes(samples: Float32Array, rateHz: number, sliceMs: number): number[] {
  const levels: number[] = [];
  for (let i = 0; ; i++) {
    const begin = Math.floor((i * sliceMs * rateHz) / 1000);
    if (begin >= samples.length) break;
    const slice = samples.subarray(begin, Math.floor(((i + 1) * sliceMs * rateHz) / 1000));
    levels.push(Math.sqrt(slice.reduce((sum, x) => sum + x * x, 0) / slice.length));
  }
  const loudest = Math.max(0, ...levels);
  return levels.map((level) => (loudest > 0 ? level / loudest : 0));
}

function expectLevels(found: Float32Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, level] of expected.entries()) expect(found[i]).toBeCloseTo(level, 5);
}

const layouts = fc.record({
  encoding: fc.constantFrom(
    { tag: 1, bits: 8 },
    { tag: 1, bits: 16 },
    { tag: 1, bits: 24 },
    { tag: 1, bits: 32 },
    { tag: 3, bits: 32 },
    { tag: 3, bits: 64 },
  ),
  channels: fc.integer({ min: 1, max: 8 }),
  rateHz: fc.integer({ min: 8000, max: 192_000 }),
  dataLength: fc.option(fc.constantFrom(0, 0xffffffff, 0x7fffffff, 17), { nil: undefined }),
});

describe("decodeClip", () => {
  test("what the other reader finds, mixed to mono", () => {
    fc.assert(
      fc.property(
        layouts,
        fc.uint8Array({ maxLength: 3000 }),
        fc.boolean(),
        ({ encoding, ...layout }, data, padded) => {
          const file = wav(data, { ...encoding, ...layout });
          const text = file.toString("base64");
          const clip = wire.decodeClip(padded ? text : text.replace(/=+$/, ""));
          const expected = mean(file);
          expect(clip.rateHz).toBe(expected.rateHz);
          expect(clip.channels).toBe(layout.channels);
          expect(clip.samples).toEqual(expected.samples);
          if (clip.samples.every((x) => Math.abs(x) < 100))
            expectLevels(clip.levels, volumes(clip.samples, clip.rateHz, 20));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("refuses the headers that the other reader refuses", () => {
    const good = wav(new Uint8Array(64), { tag: 1, bits: 16, channels: 2, rateHz: 24_000 });
    const outcome = (read: () => { rateHz: number; samples: Float32Array }): unknown => {
      try {
        const { rateHz, samples } = read();
        return { rateHz, samples };
      } catch (error) {
        if (error instanceof Error && error.name === "VoicepathError") return "refused";
        throw error;
      }
    };
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(43), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat(good.length)),
        (changes, cut) => {
          const file = Buffer.from(good);
          for (const [at, value] of changes) file[at] = value;
          const bytes = file.subarray(0, cut ?? file.length);
          const expected = outcome(() => mean(bytes));
          expect(outcome(() => wire.decodeClip(bytes.toString("base64")))).toEqual(expected);
          if (expected === "refused") refused++;
        },
      ),
      { numRuns: 1000 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  test("a sentence: its samples, and the levels that the backend would send", () => {
    const path = pocketsphinxFiles().find((path) => path.includes("0880")) ?? "";
    const { samples, rateHz } = readWav(path);
    const data = new Uint8Array(Int16Array.from(samples, (x) => x * 32768).buffer);
    const clip = wire.decodeClip(
      wav(data, { tag: 1, bits: 16, channels: 1, rateHz }).toString("base64"),
    );
    expect(clip).toMatchObject({ rateHz, channels: 1, sliceMs: 20 });
    expect(clip.samples).toEqual(samples);
    expectLevels(clip.levels, volumes(samples, rateHz, 20));
    expect(Math.max(...clip.levels)).toBe(1);
    expect(wire.levels(samples, rateHz)).toEqual(clip.levels);
  });

  test.each([
    ["base64", 7],
    ["base64", null],
    ["base64", undefined],
    ["sliceMs", 0],
    ["sliceMs", 1001],
    ["sliceMs", 2.5],
  ])("%s %s is refused by name", (option, value) => {
    const [base64, sliceMs] = option === "base64" ? [value, 20] : ["", value];
    expect(() => wire.decodeClip(base64 as string, sliceMs as number)).toThrow(
      expect.objectContaining({ code: "OPTION", option, value }),
    );
  });

  test("texts that are no clip are named", () => {
    const used = audio.usedBytes;
    expect(() => wire.decodeClip("")).toThrow(code("VP_E_WAV"));
    expect(() => wire.decodeClip("AAAA")).toThrow(code("VP_E_WAV"));
    for (const text of ["A", "AAA€", "é", "AA AA", "\u0000AAA", "AAA\ud800", "💥", "AA💥", "A==="])
      expect(() => wire.decodeClip(text), text).toThrow(code("VP_E_BASE64"));
    expect(() => wire.decodeClip("A".repeat((1 << 24) + 4))).toThrow(code("VP_E_LENGTH"));
    expect(() => wire.decodeClip("A".repeat(100_000_000))).toThrow(code("VP_E_LENGTH"));
    expect(audio.usedBytes).toBe(used);
    expect(audio.memoryBytes).toBeLessThan(8_000_000);
  });

  test("any text gives a clip or a named error, and no memory is kept", () => {
    const used = audio.usedBytes;
    fc.assert(
      fc.property(fc.oneof(fc.string(), anyUnits, fc.base64String()), (text) => {
        try {
          wire.decodeClip(text);
        } catch (error) {
          expect(error).toBeInstanceOf(VoicepathError);
        }
      }),
    );
    expect(audio.usedBytes).toBe(used);
  });
});

describe("levels", () => {
  test("RMS over the loudest, at any rate and slice", () => {
    fc.assert(
      fc.property(
        someAudio,
        fc.constantFrom(8000, 11_025, 16_000, 22_050, 44_100, 48_000),
        fc.integer({ min: 1, max: 40 }),
        (samples, rateHz, sliceMs) => {
          expectLevels(wire.levels(samples, rateHz, sliceMs), volumes(samples, rateHz, sliceMs));
        },
      ),
    );
  });

  test.each([
    ["samples", [0.5], 16_000, 20],
    ["rateHz", new Float32Array(9), 7999, 20],
    ["rateHz", new Float32Array(9), Number.NaN, 20],
    ["sliceMs", new Float32Array(9), 16_000, -1],
  ])("a wrong %s is refused by name", (option, samples, rateHz, sliceMs) => {
    expect(() => wire.levels(samples as Float32Array, rateHz, sliceMs)).toThrow(
      expect.objectContaining({ code: "OPTION", option }),
    );
  });
});

describe("lifetime", () => {
  test("what is no Float32Array is refused", () => {
    for (const wrong of [null, undefined, [0.5], new Float64Array(3), "AAAA"]) {
      expect(() => wire.encodeFloatList(wrong as never)).toThrow(code("OPTION"));
      expect(() => wire.encodePCM16(wrong as never)).toThrow(code("OPTION"));
    }
    const long = new Float32Array((1 << 24) + 1);
    expect(() => wire.encodeFloatList(long)).toThrow(code("VP_E_LENGTH"));
    expect(() => wire.encodePCM16(long)).toThrow(code("VP_E_LENGTH"));
    expect(() => wire.levels(long, 16_000)).toThrow(code("VP_E_LENGTH"));
  });

  test("gives its memory back, once, and is of no use afterwards", () => {
    const before = audio.usedBytes;
    const own = Wire.create(audio);
    const speech = new Float32Array(100_000).fill(0.1);
    const text = own.encodeFloatList(speech);
    expect(own.encodeFloatList(speech)).toBe(text);
    own.dispose();
    own.dispose();
    expect(own.disposed).toBe(true);
    expect(audio.usedBytes).toBe(before);
    for (const use of [
      () => own.encodeFloatList(speech),
      () => own.encodePCM16(speech),
      () => own.decodeClip("AAAA"),
      () => own.levels(speech, 16_000),
    ])
      expect(use).toThrow(code("DISPOSED"));
  });

  test("usual messages take no more memory than at the beginning", () => {
    using own = Wire.create(audio);
    const used = audio.usedBytes;
    for (let i = 0; i < 100; i++) own.encodeFloatList(new Float32Array(4096).fill(Math.sin(i)));
    expect(audio.usedBytes).toBe(used);
  });
});
