/**
 * WAV files, as written by programs that knew their length and by servers that did not.
 *
 * A file is "RIFF", a length and "WAVE", then chunks: four letters, a length, and that many bytes,
 * padded to an even number. "fmt " says what the samples are, "data" has them; all other chunks are
 * skipped. A server that writes while it speaks cannot know the lengths: it leaves 0xffffffff, some
 * other large number, or 0. So the length of RIFF is not believed, and data ends with the file at the
 * latest. (Microsoft, Multimedia Programming Interface and Data Specifications 1.0; mmreg.h for
 * WAVEFORMATEXTENSIBLE.)
 */
import { VP_CHANNELS_MAX, VP_RATE_MAX_HZ, VP_RATE_MIN_HZ } from "../abi.gen.js";
import { type Clip, clipError } from "./clip.js";

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const FORMAT_BYTES = 16;
const EXTENSIBLE_FORMAT_BYTES = 40;

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** The bytes behind the format tag in the GUID of WAVEFORMATEXTENSIBLE's SubFormat. */
const SUBFORMAT_TAIL = "000000001000800000aa00389b71";

/** Fills a plane with every `step`th sample from `at` on, full scale -1 to 1. */
type Reader = (plane: Float32Array, view: DataView, at: number, step: number) => void;

interface Encoding {
  readonly bytes: number;
  readonly read: Reader;
}

/** By tag and bits. Each has a loop of its own: one loop around six functions takes twice as long. */
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  "1/8": {
    bytes: 1,
    read: (plane, view, at, step) => {
      for (let i = 0; i < plane.length; i++) plane[i] = (view.getUint8(at + i * step) - 128) / 128;
    },
  },
  "1/16": {
    bytes: 2,
    read: (plane, view, at, step) => {
      for (let i = 0; i < plane.length; i++)
        plane[i] = view.getInt16(at + i * step, true) / 2 ** 15;
    },
  },
  "1/24": {
    bytes: 3,
    read: (plane, view, at, step) => {
      for (let i = 0; i < plane.length; i++) {
        const high = view.getInt16(at + i * step + 1, true);
        plane[i] = (high * 2 ** 8 + view.getUint8(at + i * step)) / 2 ** 23;
      }
    },
  },
  "1/32": {
    bytes: 4,
    read: (plane, view, at, step) => {
      for (let i = 0; i < plane.length; i++)
        plane[i] = view.getInt32(at + i * step, true) / 2 ** 31;
    },
  },
  "3/32": {
    bytes: 4,
    read: (plane, view, at, step) => {
      for (let i = 0; i < plane.length; i++) plane[i] = view.getFloat32(at + i * step, true);
    },
  },
  "3/64": {
    bytes: 8,
    read: (plane, view, at, step) => {
      for (let i = 0; i < plane.length; i++) plane[i] = view.getFloat64(at + i * step, true);
    },
  },
};

interface Format {
  readonly encoding: Encoding;
  readonly channels: number;
  readonly rateHz: number;
}

function text(view: DataView, at: number, length: number): string {
  const count = Math.max(0, Math.min(length, view.byteLength - at));
  return String.fromCharCode(...Array.from({ length: count }, (_, i) => view.getUint8(at + i)));
}

function viewOf(bytes: ArrayBuffer | Uint8Array): DataView {
  return bytes instanceof ArrayBuffer
    ? new DataView(bytes)
    : new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether these bytes say that they are a WAV file. */
export function isWavFile(bytes: ArrayBuffer | Uint8Array): boolean {
  const view = viewOf(bytes);
  return text(view, 0, 4) === "RIFF" && text(view, 8, 4) === "WAVE";
}

/**
 * The samples of a WAV file: 8, 16, 24 and 32-bit integers, 32 and 64-bit floats. What a truncated
 * file still has is given; a last frame that is cut in two is left out. The bytes are not changed.
 *
 * @throws VoicepathError CLIP
 */
export function parseWavFile(bytes: ArrayBuffer | Uint8Array): Clip {
  const view = viewOf(bytes);
  if (!isWavFile(bytes))
    throw clipError("beginning", text(view, 0, RIFF_HEADER_BYTES), '"RIFF", a length and "WAVE"');
  let format: Format | undefined;
  for (let at = RIFF_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= view.byteLength; ) {
    const name = text(view, at, 4);
    const length = view.getUint32(at + 4, true);
    const body = at + CHUNK_HEADER_BYTES;
    if (name === "fmt ") {
      format = readFormat(view, body, Math.min(length, view.byteLength - body));
    } else if (name === "data") {
      if (!format) throw clipError('"fmt " chunk', "missing", 'before the "data" chunk');
      return readSamples(view, body, dataBytes(view, body, length), format);
    }
    at = body + length + (length % 2);
  }
  throw clipError('"data" chunk', "missing", "in the file");
}

/** How much of the file is the data chunk's. */
function dataBytes(view: DataView, body: number, length: number): number {
  const rest = view.byteLength - body;
  const riffEnd = CHUNK_HEADER_BYTES + view.getUint32(4, true);
  // A length of 0 was never filled in, unless RIFF has an end and that is further on.
  if (length === 0 && (riffEnd <= body || riffEnd > view.byteLength)) return rest;
  return Math.min(length, rest);
}

function readFormat(view: DataView, at: number, length: number): Format {
  if (length < FORMAT_BYTES)
    throw clipError('length of "fmt "', length, `at least ${FORMAT_BYTES} bytes`);
  const channels = view.getUint16(at + 2, true);
  const rateHz = view.getUint32(at + 4, true);
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  const tag = formatTag(view, at, length);

  if (tag !== PCM && tag !== FLOAT)
    throw clipError("format tag", tag, `${PCM} (integers) or ${FLOAT} (floats)`);
  // More would cost memory out of proportion to a small file, and nothing here can play them.
  if (channels < 1 || channels > VP_CHANNELS_MAX)
    throw clipError("number of channels", channels, `1 to ${VP_CHANNELS_MAX}`);
  if (rateHz < VP_RATE_MIN_HZ || rateHz > VP_RATE_MAX_HZ)
    throw clipError("sample rate", rateHz, `${VP_RATE_MIN_HZ} to ${VP_RATE_MAX_HZ} Hz`);
  const encoding = ENCODINGS[`${tag}/${bits}`];
  if (!encoding)
    throw clipError("bits per sample", bits, tag === PCM ? "8, 16, 24 or 32" : "32 or 64");
  if (frameBytes !== channels * encoding.bytes)
    throw clipError("block align", frameBytes, `${channels * encoding.bytes} bytes`);
  return { encoding, channels, rateHz };
}

/** The tag itself, or the one inside WAVEFORMATEXTENSIBLE. */
function formatTag(view: DataView, at: number, length: number): number {
  const tag = view.getUint16(at, true);
  if (tag !== EXTENSIBLE) return tag;
  if (length < EXTENSIBLE_FORMAT_BYTES)
    throw clipError('length of "fmt "', length, `at least ${EXTENSIBLE_FORMAT_BYTES} bytes`);
  const tail = Array.from({ length: 14 }, (_, i) =>
    view
      .getUint8(at + 26 + i)
      .toString(16)
      .padStart(2, "0"),
  ).join("");
  if (tail !== SUBFORMAT_TAIL)
    throw clipError("SubFormat GUID behind its tag", tail, SUBFORMAT_TAIL);
  return view.getUint16(at + 24, true);
}

function readSamples(view: DataView, at: number, bytes: number, format: Format): Clip {
  const { encoding, channels, rateHz } = format;
  const frameBytes = channels * encoding.bytes;
  const frames = Math.floor(bytes / frameBytes);
  const planes = Array.from({ length: channels }, (_, channel) => {
    const plane = new Float32Array(frames);
    encoding.read(plane, view, at + channel * encoding.bytes, frameBytes);
    return plane;
  });
  return { rateHz, channels: planes };
}
