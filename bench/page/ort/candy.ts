/** fns_candy.c: a picture in another style. */
import type { OrtProgram } from "voicepath/ort";
import { type Form, failure } from "./example";

const MODEL = "candy.onnx";
/** Its second argument: the CPU. */
const NO_PROVIDER = 0;

export const CANDY: Form = {
  program: "fns_candy",
  models: [MODEL],
  async open(program) {
    const path = program.writeText(MODEL);
    const opened = await program.call("candy_open", path, NO_PROVIDER);
    program.free(path);
    if (opened === 0) throw failure(program, "candy");
  },
  async close(program) {
    await program.call("candy_close");
  },
};

export async function restyle(program: OrtProgram, picture: ImageData): Promise<ImageData> {
  const { data, width, height } = picture;
  const pixels = program.allocate(data.length);
  program.u8.set(data, pixels);
  const styled = await program.call("candy_style", pixels, width, height);
  program.free(pixels);
  if (styled === 0) throw failure(program, "candy");
  const copy = Uint8ClampedArray.from(program.u8.subarray(styled, styled + data.length));
  return new ImageData(copy, width, height);
}
