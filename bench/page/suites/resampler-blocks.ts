/** Blocks of an AudioWorklet through resamplers, one stream each. */
import { libav, libsamplerate, speex, vadWebResampler, voicepath } from "../../peers/resamplers";
import {
  BLOCK_SAMPLES,
  type Rates,
  type ResamplerContender,
  rateNames,
} from "../../resampler/conversion";
import { whiteNoise } from "../../resampler/noise";
import { LIVE_PEER } from "../../resampler/peer-names";
import { type Operations, timeOperations } from "./operations";
import { interleave } from "./rounds";
import { type Row, type Suite, unmeasured } from "./suite";

interface Paced {
  readonly contender: ResamplerContender;
  /** In a sample: some hundred µs. vad-web answers every twelfth block at 48 kHz. */
  readonly blocks: number;
}

const CONTENDERS: readonly Paced[] = [
  { contender: voicepath("balanced"), blocks: 192 },
  { contender: voicepath("best"), blocks: 96 },
  { contender: voicepath("ultra"), blocks: 96 },
  { contender: voicepath("lowlatency"), blocks: 96 },
  { contender: libsamplerate("best"), blocks: 4 },
  { contender: libsamplerate("medium"), blocks: 12 },
  { contender: speex(10), blocks: 36 },
  { contender: speex(5), blocks: 192 },
  { contender: libav, blocks: 24 },
  { contender: vadWebResampler, blocks: 96 },
];
const UNIT = "µs";
const CLIP_BLOCKS = 384;

/** Noise, over and over. */
export function noiseBlocks(): Float32Array[] {
  const noise = whiteNoise(CLIP_BLOCKS * BLOCK_SAMPLES);
  return Array.from({ length: CLIP_BLOCKS }, (_, i) =>
    noise.slice(i * BLOCK_SAMPLES, (i + 1) * BLOCK_SAMPLES),
  );
}

function stream({ contender, blocks }: Paced, rates: Rates): Operations {
  return {
    name: contender.name,
    batch: blocks,
    async open() {
      const conversion = await contender.open(rates);
      const inputs = noiseBlocks();
      let at = 0;
      let given = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i++) {
            const block = inputs[at];
            if (block) given += conversion.push(block).length;
            at = at + 1 === inputs.length ? 0 : at + 1;
          }
        },
        close() {
          conversion.dispose?.();
          if (given === 0) throw new Error(`${contender.name} gave nothing`);
        },
      };
    },
  };
}

function blocks(rates: Rates, title: string): Suite {
  return {
    suite: "resampler",
    case: rateNames(rates),
    peer: LIVE_PEER,
    title,
    about:
      "Of noise, in one long stream, as an AudioWorklet would push them. What each keeps of the sound " +
      "and what it lets through that was not there is measured above, under Resampling.",
    async run(context) {
      const refusals: Row[] = [];
      const able = CONTENDERS.filter(({ contender }) => {
        const refusal = contender.cannot?.(rates);
        if (refusal !== undefined) refusals.push(unmeasured(this, contender.name, UNIT, refusal));
        return refusal === undefined;
      });
      const contenders = timeOperations(
        able.map((paced) => stream(paced, rates)),
        UNIT,
        10,
      );
      const rounds = context.quick ? { rounds: 3 } : { rounds: 20, warmups: 4 };
      return [...(await interleave(this, UNIT, contenders, rounds, context)), ...refusals];
    },
  };
}

export const resamplerBlocks: readonly Suite[] = [
  blocks({ inputHz: 48000, outputHz: 16000 }, "A block of 128 samples from 48 to 16 kHz"),
  blocks({ inputHz: 44100, outputHz: 16000 }, "A block of 128 samples from 44.1 to 16 kHz"),
  blocks({ inputHz: 24000, outputHz: 48000 }, "A block of 128 samples from 24 to 48 kHz"),
];
