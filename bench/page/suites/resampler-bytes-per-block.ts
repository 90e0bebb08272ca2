import { libav, libsamplerate, speex, vadWebResampler, voicepath } from "../../peers/resamplers";
import type { Rates, ResamplerContender } from "../../resampler/conversion";
import { LIVE_PEER } from "../../resampler/peer-names";
import { type Load, measureGarbage } from "./garbage";
import { noiseBlocks } from "./resampler-blocks";
import type { Suite } from "./suite";

const RATES: Rates = { inputHz: 48000, outputHz: 16000 };
const CONTENDERS: readonly ResamplerContender[] = [
  voicepath("balanced"),
  voicepath("best"),
  libsamplerate("best"),
  speex(10),
  libav,
  vadWebResampler,
];
/** vad-web answers every twelfth. */
const BLOCKS_PER_ROUND = 96;

/** Where the blocks leave how much came of them. */
const given = { samples: 0 };

const ignore = (block: Float32Array): void => {
  given.samples += block.length;
};

function load(contender: ResamplerContender): Load {
  return {
    name: contender.name,
    async open() {
      const conversion = await contender.open(RATES);
      const inputs = noiseBlocks().slice(0, BLOCKS_PER_ROUND);
      const feed = conversion.feed ?? ((block) => conversion.push(block).length);
      const convert = (block: Float32Array): void => {
        given.samples += feed(block);
      };
      return {
        idle: () => inputs.forEach(ignore),
        work: () => inputs.forEach(convert),
        operations: () => inputs.length,
        close() {
          conversion.dispose?.();
          if (given.samples === 0) throw new Error("nothing was converted");
        },
      };
    },
  };
}

export const resamplerBytesPerBlock: Suite = {
  suite: "resampler",
  case: "bytes-per-block",
  peer: LIVE_PEER,
  title: "JavaScript garbage of a block",
  about:
    "96 blocks of 128 samples from 48 to 16 kHz, each into the memory of the block before where the " +
    "contender can: growth of the JavaScript heap, with the buffers it owns, after a collection.",
  run(context) {
    const options = context.quick ? { rounds: 9, warmups: 8 } : { rounds: 21, warmups: 20 };
    return measureGarbage(this, CONTENDERS.map(load), options, context);
  },
};
