/**
 * A FLAC file whose samples are simply there: verbatim subframes (RFC 9639, 9.2.2). So the decoder's
 * answer is known exactly, without an encoder.
 */
const BLOCK_SAMPLES = 4096;

function crc(bytes: readonly number[], width: 8 | 16, polynomial: number): number {
  const top = 2 ** (width - 1);
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++)
      sum = ((sum & top) === 0 ? sum << 1 : (sum << 1) ^ polynomial) & (2 ** width - 1);
  }
  return sum;
}

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];

/** @param samples - mono, 16 bits */
export function flacFile(samples: Int16Array, rateHz: number): number[] {
  const file = [
    ...[0x66, 0x4c, 0x61, 0x43], // "fLaC"
    ...[0x80, 0, 0, 34], // the last metadata block, STREAMINFO
    ...[...u16(BLOCK_SAMPLES), ...u16(BLOCK_SAMPLES)],
    ...[0, 0, 0, 0, 0, 0], // frame sizes: unknown
    // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples
    ...[rateHz >> 12, (rateHz >> 4) & 255, ((rateHz & 15) << 4) | (15 >> 4), (15 & 15) << 4],
    ...[...u16(samples.length >>> 16), ...u16(samples.length & 0xffff)],
    ...new Array<number>(16).fill(0), // MD5: unknown
  ];
  for (let frame = 0; frame * BLOCK_SAMPLES < samples.length; frame++) {
    if (frame > 127) throw new RangeError("longer frame numbers are not written");
    const block = samples.subarray(frame * BLOCK_SAMPLES, (frame + 1) * BLOCK_SAMPLES);
    const header = [
      ...[0xff, 0xf8], // sync, fixed block size
      0x70, // 16 bits of block size follow, rate as in STREAMINFO
      0x08, // mono, 16 bits
      frame,
      ...u16(block.length - 1),
    ];
    header.push(crc(header, 8, 0x07));
    const bytes = [...header, 0x02, ...[...block].flatMap(u16)];
    file.push(...bytes, ...u16(crc(bytes, 16, 0x8005)));
  }
  return file;
}
