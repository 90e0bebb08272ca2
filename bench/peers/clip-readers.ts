/** Ways from a WAV file in base64 to samples. */
import { Wire } from "voicepath";
import { parseWavFile } from "../../js-glue/src/playback/wav-file";
import { openAudio } from "./voicepath";

export interface ClipReader {
  readonly name: string;
  /** Returns how many samples there are. */
  open(): Promise<{ read(base64: string): number | Promise<number>; close?(): void }>;
}

export const DECODE_AUDIO_DATA = "atob, decodeAudioData";

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export const clipReaders = (rateHz: number): readonly ClipReader[] => [
  {
    name: "voicepath",
    async open() {
      const wire = Wire.create(await openAudio());
      return {
        read: (base64) => wire.decodeClip(base64).samples.length,
        close: () => wire.dispose(),
      };
    },
  },
  {
    name: DECODE_AUDIO_DATA,
    async open() {
      const context = new OfflineAudioContext(1, 1, rateHz);
      return {
        read: async (base64) => (await context.decodeAudioData(bytesOf(base64).buffer)).length,
      };
    },
  },
  // What the player reads files with, which it gets as bytes.
  {
    name: "atob, voicepath in JavaScript",
    open: async () => ({
      read: (base64) => parseWavFile(bytesOf(base64)).channels[0]?.length ?? 0,
    }),
  },
];
