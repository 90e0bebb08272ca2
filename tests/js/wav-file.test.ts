/** WAV files of every encoding, of writers that did not know the length, cut off, and of noise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { VoicepathError } from "../../js-glue/src/errors.js";
import { parseWavFile } from "../../js-glue/src/playback/wav-file.js";

/** Bytes from letters and hexadecimal digits: `"RIFF" 24 00 00 00`. */
function bytes(text: string): Uint8Array {
  const parts = [...text.matchAll(/"([^"]*)"|([0-9a-f]{2})/g)];
  return Uint8Array.from(
    parts.flatMap(([, letters, digits]) =>
      letters === undefined
        ? [Number.parseInt(digits ?? "", 16)]
        : [...letters].map((letter) => letter.charCodeAt(0)),
    ),
  );
}

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255];
const u32 = (value: number): number[] => [...u16(value), ...u16(value >>> 16)];
const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

interface Layout {
  tag?: number;
  bits?: number;
  channels?: number;
  rateHz?: number;
  frameBytes?: number;
  /** As the headers say; the data follow in any case. */
  riffLength?: number;
  dataLength?: number;
  before?: readonly number[];
  after?: readonly number[];
  /** Behind the 16 bytes of "fmt ". */
  extension?: readonly number[];
}

function wav(data: readonly number[], layout: Layout = {}): Uint8Array {
  const { tag = 1, bits = 16, channels = 1, rateHz = 24000 } = layout;
  const { before = [], after = [], extension = [] } = layout;
  const frameBytes = layout.frameBytes ?? (channels * bits) / 8;
  const body = [
    ...letters("WAVE"),
    ...before,
    ...letters("fmt "),
    ...u32(16 + extension.length),
    ...u16(tag),
    ...u16(channels),
    ...u32(rateHz),
    ...u32(rateHz * frameBytes),
    ...u16(frameBytes),
    ...u16(bits),
    ...extension,
    ...letters("data"),
    ...u32(layout.dataLength ?? data.length),
    ...data,
    ...after,
  ];
  return Uint8Array.from([...letters("RIFF"), ...u32(layout.riffLength ?? body.length), ...body]);
}

/** WAVEFORMATEXTENSIBLE's 24 bytes: size, valid bits, channel mask, and the GUID of the tag. */
const extensible = (tag: number, bits: number): number[] => [
  ...u16(22),
  ...u16(bits),
  ...u32(0),
  ...u16(tag),
  ...bytes("00 00 00 00 10 00 80 00 00 aa 00 38 9b 71"),
];

const samples = (file: Uint8Array): number[][] =>
  parseWavFile(file).channels.map((plane) => [...plane]);

/** Bytes of one encoding and the values that they stand for. */
const ENCODINGS: readonly (readonly [tag: number, bits: number, hex: string, values: number[]])[] =
  [
    [1, 8, "00 40 80 ff", [-1, -0.5, 0, 127 / 128]],
    [1, 16, "00 80 00 c0 00 00 01 00 ff 7f", [-1, -0.5, 0, 2 ** -15, 32767 / 32768]],
    [1, 24, "00 00 80 00 00 c0 01 00 00 ff ff 7f", [-1, -0.5, 2 ** -23, 1 - 2 ** -23]],
    [1, 32, "00 00 00 80 00 00 00 c0 00 01 00 00", [-1, -0.5, 2 ** -23]],
    [3, 32, "00 00 80 bf 00 00 00 3f 00 00 20 40", [-1, 0.5, 2.5]],
    [3, 64, "00 00 00 00 00 00 f0 bf 00 00 00 00 00 00 d0 3f", [-1, 0.25]],
  ];

describe("what is read", () => {
  test("a file byte by byte", () => {
    const file = bytes(`
      "RIFF" 2c 00 00 00 "WAVE"
      "fmt " 10 00 00 00  01 00  02 00  22 56 00 00  88 58 01 00  04 00  10 00
      "data" 08 00 00 00  00 40 00 c0  ff 7f 00 80`);
    expect(parseWavFile(file)).toEqual({
      rateHz: 22050,
      channels: [Float32Array.of(0.5, 32767 / 32768), Float32Array.of(-0.5, -1)],
    });
    expect(parseWavFile(file.buffer as ArrayBuffer).rateHz).toBe(22050);
    const inside = new Uint8Array(100);
    inside.set(file, 7);
    expect(samples(inside.subarray(7, 7 + file.length))).toEqual(samples(file));
  });

  test.each(ENCODINGS)("format %i, %i bits", (tag, bits, hex, values) => {
    const data = [...bytes(hex)];
    expect(samples(wav(data, { tag, bits }))).toEqual([values]);
    const extension = extensible(tag, bits);
    expect(samples(wav(data, { tag: 0xfffe, bits, extension }))).toEqual([values]);
  });

  test("chunks that say nothing about samples, of odd length too", () => {
    const odd = [...letters("LIST"), ...u32(3), 1, 2, 3, 0];
    const even = [...letters("fact"), ...u32(4), 9, 9, 9, 9];
    const file = wav([0, 64], { before: [...odd, ...even], after: odd });
    expect(samples(file)).toEqual([[0.5]]);
  });
});

describe("writers that did not know the length", () => {
  test.each([
    ["0xffffffff everywhere", 0xffffffff, 0xffffffff],
    ["0 everywhere", 0, 0],
    ["0xffffffff and 0", 0xffffffff, 0],
    ["a header of an empty file, never filled in", 36, 0],
    ["more than there is", 0x7ffff024, 0x7ffff000],
    ["RIFF too short", 4, 4],
  ])("%s", (_, riffLength, dataLength) => {
    expect(samples(wav([0, 64, 0, 192], { riffLength, dataLength }))).toEqual([[0.5, -0.5]]);
  });

  test("a file that is empty on purpose is empty, also before another chunk", () => {
    expect(samples(wav([]))).toEqual([[]]);
    const after = [...letters("LIST"), ...u32(4), 1, 2, 3, 4];
    expect(samples(wav([], { after }))).toEqual([[]]);
  });

  test("a frame that is cut in two is left out", () => {
    const data = [0, 64, 0, 192, 0, 64, 0];
    expect(samples(wav(data, { channels: 2, dataLength: 8 }))).toEqual([[0.5], [-0.5]]);
  });
});

describe("what is refused", () => {
  const format = (layout: Layout): Uint8Array => wav([0, 0], layout);
  test.each<[string, Uint8Array, string, unknown]>([
    ["nothing", new Uint8Array(), "beginning", ""],
    ["RIFF of another type", bytes('"RIFF" 04 00 00 00 "AVI "'), "beginning", "RIFF\x04\0\0\0AVI "],
    ["no chunks", bytes('"RIFF" 04 00 00 00 "WAVE"'), '"data" chunk', "missing"],
    [
      "data first",
      bytes('"RIFF" 0e 00 00 00 "WAVE" "data" 02 00 00 00 00 00'),
      '"fmt " chunk',
      "missing",
    ],
    ["short fmt", bytes('"RIFF" 10 00 00 00 "WAVE" "fmt " 10 00 00 00'), 'length of "fmt "', 0],
    ["mu-law", format({ tag: 7, bits: 8 }), "format tag", 7],
    ["extensible, too short", format({ tag: 0xfffe }), 'length of "fmt "', 16],
    [
      "extensible, of another family",
      format({ tag: 0xfffe, extension: extensible(1, 16).fill(7, 10) }),
      "SubFormat GUID behind its tag",
      "07".repeat(14),
    ],
    ["extensible, mu-law", format({ tag: 0xfffe, extension: extensible(7, 16) }), "format tag", 7],
    ["no channels", format({ channels: 0 }), "number of channels", 0],
    ["nine channels", format({ channels: 9 }), "number of channels", 9],
    ["no rate", format({ rateHz: 0 }), "sample rate", 0],
    ["a rate of 192001", format({ rateHz: 192001 }), "sample rate", 192001],
    ["12 bits", format({ bits: 12, frameBytes: 2 }), "bits per sample", 12],
    ["floats of 16 bits", format({ tag: 3, bits: 16 }), "bits per sample", 16],
    ["frames that overlap", format({ channels: 2, frameBytes: 2 }), "block align", 2],
  ])("%s", (_, file, option, value) => {
    const range = expect.stringMatching(/./);
    expect(() => parseWavFile(file)).toThrowError(
      expect.objectContaining({ name: "VoicepathError", code: "CLIP", option, value, range }),
    );
  });
});

/** A result in proportion to the file, or the named error: nothing else. */
function check(file: Uint8Array): void {
  const before = file.slice();
  try {
    const { channels } = parseWavFile(file);
    const count = channels.reduce((sum, plane) => sum + plane.length, 0);
    expect(count).toBeLessThanOrEqual(file.length);
    expect(channels.length).toBeLessThanOrEqual(8);
  } catch (error) {
    if (!(error instanceof VoicepathError) || error.code !== "CLIP") throw error;
  }
  expect(file).toEqual(before);
}

test("noise, and files with noise in them, give a result or a named error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      check(noise);
      check(Uint8Array.from([...bytes('"RIFF" ff ff ff ff "WAVE"'), ...noise]));
      check(Uint8Array.from([...bytes('"RIFF" ff ff ff ff "WAVE" "fmt " 10 00 00 00'), ...noise]));
    }),
    { numRuns: 2000 },
  );
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...ENCODINGS),
      fc.integer({ min: 1, max: 8 }),
      fc.array(change, { maxLength: 6 }),
      fc.nat(),
      ([tag, bits], channels, changes, cut) => {
        const data = Array.from({ length: 80 }, (_, i) => (i * 37) & 255);
        const file = wav(data, { tag: 0xfffe, bits, channels, extension: extensible(tag, bits) });
        for (const [at, value] of changes) file[at % file.length] = value;
        check(file.subarray(0, cut % (file.length + 1)));
        check(file);
      },
    ),
    { numRuns: 5000 },
  );
});

test("every beginning of a file gives the samples it has, or a named error", () => {
  const file = wav([0, 64, 0, 192, 0, 32], { before: [...letters("LIST"), ...u32(2), 0, 0] });
  const headerBytes = file.length - 6;
  for (let length = 0; length <= file.length; length++) {
    const start = file.subarray(0, length);
    check(start);
    if (length >= headerBytes)
      expect(samples(start)).toEqual([
        [0.5, -0.5, 0.25].slice(0, Math.floor((length - headerBytes) / 2)),
      ]);
  }
});
