/**
 * The sample rate at which a compressed clip was made, from its first bytes. A browser decodes to the
 * rate of the context it is asked in, with a poor resampler: whoever knows the clip's own rate asks in
 * a context that has it, and resamples well.
 */

/** ISO/IEC 11172-3 and 13818-3: of MPEG-1; MPEG-2 has half of it, MPEG-2.5 a quarter. */
const MPEG_RATES_HZ = [44100, 48000, 32000];
const MPEG_RATE_SHIFTS: Readonly<Record<number, number>> = { 3: 0, 2: 1, 0: 2 };
/** ISO/IEC 14496-3, table 1.18. */
const AAC_RATES_HZ = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];
/** RFC 7845: Opus decodes to 48 kHz, whatever it was made from. */
const OPUS_RATE_HZ = 48000;

/** Bytes past the end read as 0, which none of the signatures below has to fear. */
type Bytes = Uint8Array;
const byte = (bytes: Bytes, at: number): number => bytes[at] ?? 0;

function startsWith(bytes: Bytes, at: number, letters: string): boolean {
  for (let i = 0; i < letters.length; i++)
    if (bytes[at + i] !== letters.charCodeAt(i)) return false;
  return true;
}

/**
 * Of MP3, AAC (ADTS), FLAC, and Opus, Vorbis and FLAC in Ogg; `undefined` for everything else and for
 * headers that are cut off or impossible. HE-AAC that does not announce itself (implicit signalling)
 * counts as what its header says, the rate of its lower half.
 */
export function clipRateHz(clip: ArrayBuffer | Uint8Array): number | undefined {
  const bytes = clip instanceof ArrayBuffer ? new Uint8Array(clip) : clip;
  const at = skipTags(bytes);
  return flacRate(bytes, at) ?? oggRate(bytes, at) ?? adtsRate(bytes, at) ?? mpegRate(bytes, at);
}

/** Behind ID3v2 tags, which may be several, and the zeros that may follow them. */
function skipTags(bytes: Bytes): number {
  let at = 0;
  while (startsWith(bytes, at, "ID3")) {
    const hasFooter = (byte(bytes, at + 5) & 0x10) !== 0;
    // Seven bits a byte, so that a length never looks like the start of a frame.
    let length = 0;
    for (let i = 6; i < 10; i++) length = length * 128 + (byte(bytes, at + i) & 0x7f);
    at += 10 + length + (hasFooter ? 10 : 0);
  }
  if (at > 0) while (bytes[at] === 0) at++;
  return at;
}

function flacRate(bytes: Bytes, at: number): number | undefined {
  const STREAMINFO = 0;
  if (!startsWith(bytes, at, "fLaC") || (byte(bytes, at + 4) & 0x7f) !== STREAMINFO)
    return undefined;
  // Behind the marker, the block's header, two block sizes and two frame sizes: 20 bits.
  const rate = at + 4 + 4 + 2 + 2 + 3 + 3;
  const rateHz =
    (byte(bytes, rate) << 12) | (byte(bytes, rate + 1) << 4) | (byte(bytes, rate + 2) >> 4);
  return rateHz > 0 ? rateHz : undefined;
}

function oggRate(bytes: Bytes, at: number): number | undefined {
  if (!startsWith(bytes, at, "OggS")) return undefined;
  const segments = byte(bytes, at + 26);
  const packet = at + 27 + segments;
  if (startsWith(bytes, packet, "OpusHead")) return OPUS_RATE_HZ;
  if (startsWith(bytes, packet, "\x7fFLAC")) return flacRate(bytes, packet + 9);
  if (!startsWith(bytes, packet, "\x01vorbis")) return undefined;
  const rate = packet + 7 + 4 + 1;
  const rateHz = [0, 1, 2, 3].reduce((sum, i) => sum + byte(bytes, rate + i) * 2 ** (8 * i), 0);
  return rateHz > 0 ? rateHz : undefined;
}

/** Twelve ones, an MPEG version and a layer of 0, by which it differs from MP3. */
function adtsRate(bytes: Bytes, at: number): number | undefined {
  if (byte(bytes, at) !== 0xff || (byte(bytes, at + 1) & 0xf6) !== 0xf0) return undefined;
  return AAC_RATES_HZ[(byte(bytes, at + 2) >> 2) & 15];
}

/** Eleven ones, then version, layer, bit rate and sample rate, each with a value that is not used. */
function mpegRate(bytes: Bytes, at: number): number | undefined {
  if (byte(bytes, at) !== 0xff || (byte(bytes, at + 1) & 0xe0) !== 0xe0) return undefined;
  const version = (byte(bytes, at + 1) >> 3) & 3;
  const layer = (byte(bytes, at + 1) >> 1) & 3;
  const bitRate = byte(bytes, at + 2) >> 4;
  const shift = MPEG_RATE_SHIFTS[version];
  const rateHz = MPEG_RATES_HZ[(byte(bytes, at + 2) >> 2) & 3];
  if (shift === undefined || layer === 0 || bitRate === 15 || rateHz === undefined)
    return undefined;
  return rateHz >> shift;
}
