import { measureFrameGarbage } from "./garbage";
import { otherModes, SILEROS } from "./ort-subjects";
import { ORT_WEB, type Suite } from "./suite";

export const ortBytesPerRun: Suite = {
  suite: "ort",
  case: "bytes-per-run",
  peer: ORT_WEB,
  title: "JavaScript garbage of a run",
  about:
    "Growth of the JavaScript heap, with the buffers it owns, over eight frames of Silero v5 after a " +
    "collection. Mode sync goes past onnxruntime-web’s JavaScript, its tensors and its promises.",
  async run(context) {
    const rows = await measureFrameGarbage(this, SILEROS, context.speech.frames, context);
    return [...rows, ...otherModes(this, "bytes")];
  },
};
