import { timeFrames } from "./frames";
import { interleave } from "./rounds";
import { VADS } from "./subjects";
import { type Suite, VAD_WEB } from "./suite";

export const vadFrame: Suite = {
  suite: "vad",
  case: "frame",
  peer: VAD_WEB,
  title: "One frame, caches warm",
  about:
    "512 samples of speech at 16 kHz: vad-web's model.process(), timed frame by frame, and " +
    "voicepath's Vad.push(), which endpoints as well, timed in tens.",
  run(context) {
    return interleave(
      this,
      "µs",
      timeFrames(VADS, context.speech.frames, {
        framesPerRound: 100,
        voicepathBatch: 10,
        untimed: 5,
      }),
      { rounds: context.quick ? 5 : 30, warmups: context.quick ? 2 : 5 },
      context,
    );
  },
};
