import { timeFrames } from "./frames";
import { otherModes, SILEROS } from "./ort-subjects";
import { interleave } from "./rounds";
import { ORT_WEB, type Suite } from "./suite";

const UNIT = "µs";

export const ortSileroFrame: Suite = {
  suite: "ort",
  case: "silero-frame",
  peer: ORT_WEB,
  title: "A run of Silero v5 through ONNX Runtime’s C API",
  about:
    "512 samples through the same ONNX file in the same onnxruntime-web: called from JavaScript as " +
    "vad-web does it, and from C by Run(), which waits by JSPI, does not have to (ORT’s inner " +
    "synchronous module), or waits by Asyncify.",
  async run(context) {
    const contenders = timeFrames(SILEROS, context.speech.frames, {
      framesPerRound: 50,
      voicepathBatch: 1,
      untimed: 5,
    });
    const rounds = context.quick ? { rounds: 4, warmups: 2 } : { rounds: 30, warmups: 5 };
    const rows = await interleave(this, UNIT, contenders, rounds, context);
    return [...rows, ...otherModes(this, UNIT)];
  },
};
