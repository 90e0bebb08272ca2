/** squeezenet.c: what is this a drawing of? */
import type { OrtProgram } from "voicepath/ort";
import { EDGE, SHAPES } from "../../../wasm/ort/examples/drawings";
import { type Form, failure } from "./example";

const MODEL = "squeezenet.onnx";

/** In the order of the scores. */
export const LABELS: readonly string[] = Object.keys(SHAPES);

/** Of four bytes. */
export const PIXELS = EDGE * EDGE;

export const SQUEEZENET: Form = {
  program: "squeezenet",
  models: [MODEL],
  async open(program) {
    const path = program.writeText(MODEL);
    const opened = await program.call("squeezenet_open", path);
    program.free(path);
    if (opened === 0) throw failure(program, "squeezenet");
  },
  async close(program) {
    await program.call("squeezenet_close");
  },
};

/** How likely each label is. */
export async function classify(
  program: OrtProgram,
  rgba: Uint8ClampedArray,
): Promise<readonly number[]> {
  const pixels = program.allocate(rgba.length);
  program.u8.set(rgba, pixels);
  const best = await program.call("squeezenet_classify", pixels);
  program.free(pixels);
  if (best < 0) throw failure(program, "squeezenet");
  const first = program.callNow("squeezenet_scores") / Float32Array.BYTES_PER_ELEMENT;
  return Array.from(program.f32.subarray(first, first + LABELS.length));
}
