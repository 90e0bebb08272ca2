import { OFFLINE_AUDIO_CONTEXT } from "../../peers/offline-audio-context";
import { voicepathClips, waveResampler } from "../../peers/resamplers";
import { type Rates, type ResamplerContender, rateNames } from "../../resampler/conversion";
import { whiteNoise } from "../../resampler/noise";
import { type Contender, interleave } from "./rounds";
import type { Row, Suite } from "./suite";

const SECONDS = 10;
const PAIRS: readonly Rates[] = [
  { inputHz: 48000, outputHz: 16000 },
  { inputHz: 24000, outputHz: 44100 },
];
const CONTENDERS: readonly ResamplerContender[] = [
  voicepathClips("offline"),
  voicepathClips("best"),
  OFFLINE_AUDIO_CONTEXT,
  waveResampler,
];

function wholeClip(contender: ResamplerContender, rates: Rates): Contender {
  return {
    name: contender.name,
    async open() {
      const clip = whiteNoise(SECONDS * rates.inputHz);
      return {
        async round() {
          globalThis.gc?.();
          const start = performance.now();
          const conversion = await contender.open(rates);
          conversion.push(clip);
          const { length } = await conversion.end();
          conversion.dispose?.();
          const ms = performance.now() - start;
          const expected = SECONDS * rates.outputHz;
          if (Math.abs(length - expected) > 1)
            throw new Error(`${contender.name} gives ${length} of ${expected} samples`);
          return [ms];
        },
      };
    },
  };
}

export const resamplerWholeClip: Suite = {
  suite: "resampler",
  case: "whole-clip",
  peer: OFFLINE_AUDIO_CONTEXT.name,
  title: "A whole clip of ten seconds",
  about:
    "From opening the resampler to the last sample, from 48 to 16 and from 24 to 44.1 kHz. The " +
    "browser's own converts in a thread of its own and between two samples by a straight line: it " +
    "filters nothing. wave-resampler's is its cubic interpolation, with the low pass it comes with.",
  async run(context) {
    const rows: Row[] = [];
    for (const [i, rates] of PAIRS.entries()) {
      const measured = { ...this, case: `whole-clip-${rateNames(rates)}` };
      const contenders = CONTENDERS.map((contender) => wholeClip(contender, rates));
      const rounds = context.quick ? { rounds: 3 } : { rounds: 15, warmups: 2 };
      const progress = (done: number, total: number): Promise<void> =>
        context.progress(i * total + done, PAIRS.length * total);
      rows.push(
        ...(await interleave(measured, "ms", contenders, rounds, { ...context, progress })),
      );
    }
    return rows;
  },
};
