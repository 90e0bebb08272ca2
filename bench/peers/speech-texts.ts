/** Ways to send a message's samples as text. */
import { Wire } from "voicepath";
import { openAudio } from "./voicepath";

export interface SpeechText {
  readonly name: string;
  /** Returns what goes into the message. */
  open(): Promise<{ encode(samples: Float32Array): string; close?(): void }>;
}

export const JSON_STRINGIFY = "JSON.stringify";
const FACTOR = 1e5;

async function openWire(
  encode: (wire: Wire, samples: Float32Array) => string,
): Promise<Awaited<ReturnType<SpeechText["open"]>>> {
  const wire = Wire.create(await openAudio());
  return { encode: (samples) => encode(wire, samples), close: () => wire.dispose() };
}

export const SPEECH_TEXTS: readonly SpeechText[] = [
  {
    name: "voicepath",
    open: () => openWire((wire, samples) => wire.encodeFloatList(samples)),
  },
  {
    name: "voicepath PCM16",
    open: () => openWire((wire, samples) => wire.encodePCM16(samples)),
  },
  // What Open-LLM-VTuber-Web does.
  {
    name: JSON_STRINGIFY,
    open: async () => ({ encode: (samples) => JSON.stringify(Array.from(samples)) }),
  },
  // As few decimals as an int16 needs at most.
  {
    name: `${JSON_STRINGIFY} of rounded`,
    open: async () => ({
      encode: (samples) =>
        JSON.stringify(Array.from(samples, (x) => Math.round(x * FACTOR) / FACTOR)),
    }),
  },
];
