import { timeFrames } from "./frames";
import { interleave } from "./rounds";
import { VADS } from "./subjects";
import { type Row, type Suite, VAD_WEB, VOICEPATH } from "./suite";

const SWEPT_BYTES = 16 * 2 ** 20;
/** 128 samples at 48 kHz: what the audio thread has for one block. */
const QUANTUM_US = (128 / 48000) * 1e6;

/** Reads and writes more than the caches hold, as a page does in the 32 ms between two frames. */
function sweeper(): () => void {
  const memory = new Float32Array(SWEPT_BYTES / Float32Array.BYTES_PER_ELEMENT);
  return () => {
    for (let i = 0; i < memory.length; i++) memory[i] = (memory[i] ?? 0) + 1;
  };
}

/** How much of a render quantum the slowest frames take, if voicepath runs on the audio thread. */
function quantumRow(rows: readonly Row[]): Row[] {
  const frame = rows.find(({ contender }) => contender === VOICEPATH);
  if (!frame || frame.median === null || frame.p5 === null || frame.p95 === null) return [];
  const share = (us: number): number => (100 * us) / QUANTUM_US;
  return [
    {
      ...frame,
      case: "audio-thread",
      unit: "% of a quantum",
      median: share(frame.median),
      p5: share(frame.p5),
      p95: share(frame.p95),
    },
  ];
}

export const vadFrameCold: Suite = {
  suite: "vad",
  case: "frame-cold",
  peer: VAD_WEB,
  title: "One frame, caches cold",
  about:
    "The same with 16 MB read and written before every frame, as real pacing leaves the caches; " +
    "every frame timed alone. The share of a 128-sample quantum (2.67 ms) follows from it.",
  async run(context) {
    const before = sweeper();
    const contenders = timeFrames(VADS, context.speech.frames, {
      framesPerRound: context.quick ? 12 : 40,
      voicepathBatch: 1,
      untimed: 1,
      before,
    });
    const rounds = context.quick ? 3 : 20;
    const rows = await interleave(this, "µs", contenders, { rounds }, context);
    return [...rows, ...quantumRow(rows)];
  },
};
