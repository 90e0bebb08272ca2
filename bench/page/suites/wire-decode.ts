import { joinSamples } from "../../../js-glue/src/samples";
import { encodeWAV } from "../../../js-glue/src/vad-web/wav";
import { type ClipReader, clipReaders, DECODE_AUDIO_DATA } from "../../peers/clip-readers";
import { type Contender, interleave } from "./rounds";
import type { Suite } from "./suite";

const RATE_HZ = 16_000;
const SECONDS = 5;
/** Clips in a sample: some ms. */
const BATCH = 5;
const SAMPLES_PER_ROUND = 4;

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function reading({ name, open }: ClipReader, base64: string): Contender {
  return {
    name,
    async open() {
      const { read, close } = await open();
      const sample = async (): Promise<number> => {
        const start = performance.now();
        for (let i = 0; i < BATCH; i++) {
          const pending = read(base64);
          const length = typeof pending === "number" ? pending : await pending;
          if (length !== SECONDS * RATE_HZ) throw new Error(`${name} gives ${length} samples`);
        }
        return (performance.now() - start) / BATCH;
      };
      return {
        ...(close && { close }),
        async round() {
          globalThis.gc?.();
          const samples: number[] = [];
          for (let i = 0; i < SAMPLES_PER_ROUND; i++) samples.push(await sample());
          return samples;
        },
      };
    },
  };
}

export const wireDecode: Suite = {
  suite: "wire",
  case: "decode",
  peer: DECODE_AUDIO_DATA,
  title: "A spoken sentence out of its message",
  about:
    "Five seconds of 16-bit speech, a WAV file in base64, to samples. voicepath's has the levels of " +
    "the mouth with it. The browser decodes in a thread of its own, which is waited for.",
  run(context) {
    const speech = joinSamples(context.speech.frames).subarray(0, SECONDS * RATE_HZ);
    const base64 = base64Of(new Uint8Array(encodeWAV(speech, 1, RATE_HZ, 1, 16)));
    const contenders = clipReaders(RATE_HZ).map((reader) => reading(reader, base64));
    const rounds = context.quick ? { rounds: 3 } : { rounds: 20, warmups: 3 };
    return interleave(this, "ms", contenders, rounds, context);
  },
};
