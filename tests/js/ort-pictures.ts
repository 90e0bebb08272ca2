/**
 * The example programs' pictures (wasm/ort/examples/fns_candy.c, squeezenet.c) beside the same models run
 * by onnxruntime-web itself. For Node and pages.
 */
import type { Tensor } from "onnxruntime-web";
import type { OrtProgram } from "../../dist/ort/index.js";
import { anyPen, CLEAN, draw, EDGE, random, SHAPES } from "../../wasm/ort/examples/drawings.js";
import type { Direct } from "./ort-tensors.js";

/** Pixels of four bytes, as a canvas has them. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Discs and slopes of colour, with some noise. */
export function scene(width: number, height: number, seed: number): Picture {
  const next = random(seed);
  const discs = Array.from({ length: 5 }, () => ({
    x: width * next(),
    y: height * next(),
    radius: (width * next()) / 3,
    colour: [255 * next(), 255 * next(), 255 * next()],
  }));
  const rgba = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const disc = discs.find((one) => Math.hypot(x - one.x, y - one.y) < one.radius);
      const colour = disc?.colour ?? [(200 * x) / width, 120, (250 * y) / height];
      const light = 0.6 + (0.4 * x) / width;
      rgba.set([...colour.map((value) => value * light + 8 * next()), 255], 4 * (y * width + x));
    }
  return { width, height, rgba };
}

const planesOf = ({ rgba, width, height }: Picture): Float32Array =>
  Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const pixels = width * height;
    return rgba[4 * (i % pixels) + Math.floor(i / pixels)] ?? Number.NaN;
  });

/** What a C compiler does for (uint8_t)value after clamping: cuts. */
function pixelsOf(planes: Float32Array, { width, height }: Picture): Uint8Array {
  const pixels = width * height;
  return Uint8Array.from({ length: 4 * pixels }, (_, i) =>
    i % 4 === 3 ? 255 : Math.min(255, Math.max(0, planes[(i % 4) * pixels + (i >> 2)] ?? 0)),
  );
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error("no float32 output");
  return tensor.data;
}

export async function candyDirectly(
  ort: Direct,
  model: Uint8Array,
  pictures: readonly Picture[],
): Promise<Uint8Array[]> {
  const session = await ort.InferenceSession.create(model);
  const results: Uint8Array[] = [];
  for (const picture of pictures) {
    const dims = [1, 3, picture.height, picture.width];
    const inputImage = new ort.Tensor("float32", planesOf(picture), dims);
    const { outputImage } = await session.run({ inputImage });
    results.push(pixelsOf(floatsOf(outputImage), picture));
  }
  await session.release();
  return results;
}

/** @throws with the program's own text when it says that something failed */
export async function candy(
  program: OrtProgram,
  path: string,
  pictures: readonly Picture[],
  provider?: string,
): Promise<{ opened: number; said: string; results: Uint8Array[] }> {
  const said = (): string => program.text(program.callNow("candy_error"));
  const texts = [path, ...(provider === undefined ? [] : [provider])].map((text) =>
    program.writeText(text),
  );
  const opened = await program.call("candy_open", texts[0] ?? 0, texts[1] ?? 0);
  for (const at of texts) program.free(at);
  if (opened === 0) throw new Error(said());
  const saidThen = said();
  const results: Uint8Array[] = [];
  for (const { width, height, rgba } of pictures) {
    const at = program.allocate(rgba.length);
    program.u8.set(rgba, at);
    const styled = await program.call("candy_style", at, width, height);
    program.free(at);
    if (styled === 0) throw new Error(said());
    results.push(program.u8.slice(styled, styled + rgba.length));
  }
  program.callNow("candy_close");
  return { opened, said: saidThen, results };
}

export interface Named {
  readonly label: string;
  readonly scores: readonly number[];
}

/** Each shape drawn cleanly, then by a hand. */
export function drawings(seed: number): { label: string; picture: Picture }[] {
  const next = random(seed);
  return Object.entries(SHAPES).flatMap(([label, strokes]) =>
    [draw(strokes, CLEAN), draw(strokes, anyPen(next), next)].map((planes) => ({
      label,
      picture: {
        width: EDGE,
        height: EDGE,
        rgba: pixelsOf(
          planes.map((value) => 255 * value),
          { width: EDGE, height: EDGE, rgba: new Uint8Array() },
        ),
      },
    })),
  );
}

export async function namesDirectly(
  ort: Direct,
  model: Uint8Array,
  pictures: readonly Picture[],
): Promise<number[][]> {
  const session = await ort.InferenceSession.create(model);
  const scores: number[][] = [];
  for (const picture of pictures) {
    const planes = planesOf(picture).map((value) => value / 255);
    const data = new ort.Tensor("float32", planes, [1, 3, EDGE, EDGE]);
    scores.push([...floatsOf((await session.run({ data }))["softmaxout"])]);
  }
  await session.release();
  return scores;
}

export async function names(
  program: OrtProgram,
  path: string,
  pictures: readonly Picture[],
): Promise<{ description: string; named: Named[] }> {
  const text = (name: string, ...args: number[]): string =>
    program.text(program.callNow(name, ...args));
  const pathAt = program.writeText(path);
  const opened = await program.call("squeezenet_open", pathAt);
  program.free(pathAt);
  if (opened === 0) throw new Error(text("squeezenet_error"));
  const description = text("squeezenet_description");
  const at = program.allocate(4 * EDGE * EDGE);
  const named: Named[] = [];
  for (const { rgba } of pictures) {
    program.u8.set(rgba, at);
    const best = await program.call("squeezenet_classify", at);
    if (best < 0) throw new Error(text("squeezenet_error"));
    const scores = program.callNow("squeezenet_scores") / 4;
    named.push({
      label: text("squeezenet_label", best),
      scores: [...program.f32.slice(scores, scores + Object.keys(SHAPES).length)],
    });
  }
  program.free(at);
  program.callNow("squeezenet_close");
  return { description, named };
}
