import { timeFrames } from "./frames";
import { interleave } from "./rounds";
import { microphones } from "./subjects";
import { type Suite, VAD_WEB } from "./suite";

export const vadMic48k: Suite = {
  suite: "vad",
  case: "mic-48k",
  peer: VAD_WEB,
  title: "The microphone path at 48 kHz",
  about:
    "32 ms of audio in 128-sample blocks: vad-web's Resampler, model and FrameProcessor (without " +
    "the message between its threads), and voicepath's Mic.push().",
  run(context) {
    return interleave(
      this,
      "µs",
      timeFrames(microphones(48000), context.speech.blocks48k, {
        framesPerRound: 100,
        voicepathBatch: 10,
        untimed: 5,
      }),
      { rounds: context.quick ? 5 : 30, warmups: context.quick ? 2 : 5 },
      context,
    );
  },
};
