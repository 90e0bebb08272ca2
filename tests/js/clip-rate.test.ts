/** Sample rates from headers that are written out here bit by bit, as the standards have them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clipRateHz } from "../../js-glue/src/playback/clip-rate.js";

/** Bytes from fields of so many bits each, first to last, most significant bit first. */
function bits(...fields: readonly (readonly [value: number, width: number])[]): number[] {
  const text = fields.map(([value, width]) => value.toString(2).padStart(width, "0")).join("");
  return (text.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2));
}
const letters = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const rateOf = (...parts: readonly (readonly number[])[]): number | undefined =>
  clipRateHz(Uint8Array.from(parts.flat()));

describe("MP3", () => {
  const frame = (version: number, layer: number, bitRate: number, rate: number): number[] =>
    bits([0x7ff, 11], [version, 2], [layer, 2], [1, 1], [bitRate, 4], [rate, 2], [0, 10]);

  // ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 13818-3, 2.4.2.3; MPEG-2.5 as encoders have it.
  test.each([
    [0b11, [44100, 48000, 32000]],
    [0b10, [22050, 24000, 16000]],
    [0b00, [11025, 12000, 8000]],
  ])("version %i", (version, rates) => {
    for (const layer of [0b01, 0b10, 0b11])
      expect([0, 1, 2].map((rate) => rateOf(frame(version, layer, 9, rate)))).toEqual(rates);
  });

  test("values that the standard reserves", () => {
    expect(rateOf(frame(0b01, 0b01, 9, 0))).toBeUndefined();
    expect(rateOf(frame(0b11, 0b01, 15, 0))).toBeUndefined();
    expect(rateOf(frame(0b11, 0b01, 9, 3))).toBeUndefined();
  });

  test("behind ID3v2 tags, their footers and their padding", () => {
    const tag = (length: number, flags: number, rest: number): number[] => [
      ...letters("ID3"),
      ...[4, 0, flags],
      ...[21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f),
      ...new Array(rest).fill(0x55),
    ];
    const mp3 = frame(0b10, 0b01, 8, 1);
    expect(rateOf(tag(300, 0, 300), mp3)).toBe(24000);
    expect(rateOf(tag(300, 0x10, 310), mp3)).toBe(24000);
    expect(rateOf(tag(20, 0, 20), tag(5, 0, 5), [0, 0, 0], mp3)).toBe(24000);
    expect(rateOf(tag(300, 0, 299))).toBeUndefined();
  });
});

// ISO/IEC 14496-3, table 1.18; 1.A.2.2 for the header.
test("AAC in ADTS", () => {
  const frame = (mpeg2: number, rate: number): number[] =>
    bits([0xfff, 12], [mpeg2, 1], [0, 2], [1, 1], [1, 2], [rate, 4], [0, 1], [1, 3], [0, 20]);
  const rates = [
    96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
  ];
  for (const mpeg2 of [0, 1]) {
    expect(rates.map((_, i) => rateOf(frame(mpeg2, i)))).toEqual(rates);
    for (const reserved of [13, 14, 15]) expect(rateOf(frame(mpeg2, reserved))).toBeUndefined();
  }
});

/** RFC 9639, 8.1 and 8.2. */
const flac = (rateHz: number, last = 1): number[] => [
  ...letters("fLaC"),
  ...bits([last, 1], [0, 7], [34, 24]),
  ...bits([4096, 16], [4096, 16], [0, 24], [0, 24], [rateHz, 20], [0, 3], [15, 5], [0, 36]),
  ...new Array(16).fill(0),
];

test("FLAC", () => {
  for (const rateHz of [8000, 22050, 24000, 96000, 655350]) {
    expect(rateOf(flac(rateHz))).toBe(rateHz);
    expect(rateOf(flac(rateHz, 0))).toBe(rateHz);
  }
  expect(rateOf(flac(0))).toBeUndefined();
  expect(rateOf(letters("fLaC"), [4, 0, 0, 34])).toBeUndefined();
});

describe("Ogg", () => {
  /** RFC 3533, 6: a page with one packet. */
  const page = (packet: readonly number[]): number[] => [
    ...letters("OggS"),
    ...[0, 2],
    ...new Array(8 + 4 + 4 + 4).fill(0),
    ...[1, packet.length],
    ...packet,
  ];

  test("Opus is decoded to 48 kHz, whatever it was made from", () => {
    // RFC 7845, 5.1: version, channels, pre-skip, input rate 24000.
    const head = [...letters("OpusHead"), 1, 1, 0x38, 1, 0xc0, 0x5d, 0, 0, 0, 0, 0];
    expect(rateOf(page(head))).toBe(48000);
  });

  test("Vorbis", () => {
    // Vorbis I, 4.2.2: version, channels, rate 44100.
    const head = [1, ...letters("vorbis"), 0, 0, 0, 0, 2, 0x44, 0xac, 0, 0];
    expect(rateOf(page(head))).toBe(44100);
  });

  test("FLAC", () => {
    // RFC 9639, 10.1: mapping version, number of header packets.
    expect(rateOf(page([0x7f, ...letters("FLAC"), 1, 0, 0, 1, ...flac(22050)]))).toBe(22050);
  });

  test("something else", () => {
    expect(rateOf(page(letters("Speex   1.2")))).toBeUndefined();
    expect(rateOf(page(letters("fishead")))).toBeUndefined();
  });
});

test("noise has a rate that there is, or none", () => {
  const starts = ["", "ID3", "fLaC", "OggS", "\xff\xfb", "\xff\xf1"].map(letters);
  fc.assert(
    fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 80 }), (start, noise) => {
      const rateHz = rateOf(start, [...noise]);
      if (rateHz === undefined) return;
      expect(Number.isInteger(rateHz)).toBe(true);
      expect(rateHz).toBeGreaterThan(0);
    }),
    { numRuns: 5000 },
  );
  expect(rateOf([])).toBeUndefined();
  expect(rateOf(letters("RIFF\x24\x00\x00\x00WAVEfmt "))).toBeUndefined();
});
