import { apart, judgeTwice } from "../ort/curves";
import { summarize } from "./rounds";
import { ORT_WEB, type Row, type Suite, VOICEPATH } from "./suite";

/** Farthest apart in a frame, of our own engine and of ONNX Runtime behind the C API. */
export const ortAgreement: Suite = {
  suite: "ort",
  case: "agreement",
  peer: ORT_WEB,
  title: "Our own engine against ONNX Runtime behind the C API",
  about:
    "Silero v5 and v6 on the page’s speech, frame by frame: the largest difference in probability, in " +
    "millionths, between voicepath’s C engine (f32 weights) and the same network as an ONNX file.",
  async run({ speech, progress, signal }) {
    const rows: Row[] = [];
    for (const version of ["v5", "v6"] as const) {
      const curves = await judgeTwice(speech.frames, version, { mode: "sync", signal });
      const contender = `${VOICEPATH} ${version}`;
      rows.push(summarize(this, contender, "millionths", [apart(curves)], 1));
      await progress(rows.length, 2);
    }
    return rows;
  },
};
