import { optionError, requireInteger, requireSamples } from "../errors.js";

const HEADER_BYTES = 44;
/** WAVE format tags and the sample size each is written with here. */
const PCM = 1;
const FLOAT = 3;
const BITS: Readonly<Record<number, number>> = { [PCM]: 16, [FLOAT]: 32 };

/**
 * A WAV file (RIFF, 44 bytes of header).
 *
 * @param samples - full scale is -1 to 1; several channels are interleaved
 * @param format - 1: 16-bit integers, clipped at full scale; 3: 32-bit floats
 * @param sampleRate - Hz
 * @param bitDepth - 16 for format 1, 32 for format 3
 * @throws VoicepathError OPTION
 */
export function encodeWAV(
  samples: Float32Array,
  format: number = FLOAT,
  sampleRate = 16000,
  numChannels = 1,
  bitDepth = 32,
): ArrayBuffer {
  requireSamples("samples", samples);
  if (format !== PCM && format !== FLOAT)
    throw optionError("format", format, "1 (integers) or 3 (floats)");
  if (bitDepth !== BITS[format])
    throw optionError("bitDepth", bitDepth, `${BITS[format]} for format ${format}`);
  requireInteger("sampleRate", sampleRate, 1, 0xffffffff);
  requireInteger("numChannels", numChannels, 1, 0xffff);

  const sampleBytes = bitDepth / 8;
  const dataBytes = samples.length * sampleBytes;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + dataBytes));
  const writeTag = (at: number, tag: string): void => {
    for (let i = 0; i < tag.length; i++) view.setUint8(at + i, tag.charCodeAt(i));
  };
  writeTag(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  writeTag(8, "WAVE");
  writeTag(12, "fmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, format, true);
  view.setUint16(22, numChannels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * numChannels * sampleBytes, true);
  view.setUint16(32, numChannels * sampleBytes, true);
  view.setUint16(34, bitDepth, true);
  writeTag(36, "data");
  view.setUint32(40, dataBytes, true);

  let at = HEADER_BYTES;
  for (const sample of samples) {
    if (format === PCM) {
      const limited = Math.max(-1, Math.min(1, sample));
      view.setInt16(at, limited < 0 ? limited * 0x8000 : limited * 0x7fff, true);
    } else {
      view.setFloat32(at, sample, true);
    }
    at += sampleBytes;
  }
  return view.buffer;
}
