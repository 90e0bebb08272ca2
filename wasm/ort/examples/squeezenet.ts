/**
 * squeezenet.onnx: SqueezeNet in miniature (Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x
 * fewer parameters", 2016), which names ten drawn shapes. Fire modules squeeze the channels by a 1 by 1
 * convolution, then expand them by 1 by 1 and 3 by 3 ones side by side.
 *
 * Nothing is trained by gradients. The first layer's filters are lines in eight directions, the fire
 * modules' weights are random, and the last convolution's are those that name sixteen hundred drawings
 * best, by least squares: because a mean follows it, it may be solved on the means of what it sees.
 */
import { env, InferenceSession, Tensor } from "onnxruntime-web";
import { anyPen, draw, EDGE, random, SHAPES } from "./drawings.js";
import { Graph } from "./graph.js";

const SEED = 20260;
/** Drawings of each shape that the readout is solved on. */
const DRAWINGS = 160;
/** Weight of small coefficients against exact fits. */
const RIDGE = 2e-4;
/** Least squares aims at 0 and 1; the softmax behind wants larger numbers. */
const SHARPNESS = 16;

const DIRECTIONS = 8;
const TAPS = 7;

interface Fire {
  readonly inputs: number;
  readonly squeezed: number;
  /** Of each kind of expansion. */
  readonly expanded: number;
}
const FIRES: readonly Fire[] = [
  { inputs: 2 * DIRECTIONS, squeezed: 16, expanded: 32 },
  { inputs: 64, squeezed: 32, expanded: 64 },
  { inputs: 128, squeezed: 48, expanded: 128 },
];
const FEATURES = 256;

/** A line (even) or an edge (odd) in each direction: a Gaussian's derivatives, on the brightness. */
function firstFilters(): number[] {
  const weights: number[] = [];
  for (let kind = 0; kind < 2; kind++)
    for (let direction = 0; direction < DIRECTIONS; direction++) {
      const angle = (Math.PI * direction * (kind === 0 ? 1 : 2)) / DIRECTIONS;
      const taps = Array.from({ length: TAPS * TAPS }, (_, i) => {
        const [x, y] = [(i % TAPS) - 3, Math.floor(i / TAPS) - 3];
        const across = x * Math.cos(angle) + y * Math.sin(angle);
        const along = y * Math.cos(angle) - x * Math.sin(angle);
        const window = Math.exp(-(across ** 2) / 3 - along ** 2 / 6);
        return (kind === 0 ? across ** 2 - 1.5 : across) * window;
      });
      const mean = taps.reduce((sum, tap) => sum + tap, 0) / taps.length;
      const size = taps.reduce((sum, tap) => sum + Math.abs(tap - mean), 0) / 6;
      for (const weight of [0.299, 0.587, 0.114])
        weights.push(...taps.map((tap) => (weight * (tap - mean)) / size));
    }
  return weights;
}

/** Normal numbers by Box and Muller, of a deviation that keeps a layer's size behind a ReLU. */
function randomWeights(
  next: () => number,
  [rows, ...fan]: readonly [number, ...number[]],
): number[] {
  const columns = fan.reduce((product, size) => product * size, 1);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Array.from({ length: rows * columns }, () => Math.sqrt(2 / columns) * normal());
}

/** The network up to what the last convolution sees: [images, FEATURES, 4, 4]. */
function body(graph: Graph, images: number | string): string {
  const next = random(SEED);
  const convolved = (x: string, dims: [number, number, number, number], pad = 0): string =>
    graph.node("Relu", [graph.convolution(x, dims, randomWeights(next, dims), { pad })]);
  const pooled = (x: string): string =>
    graph.node("MaxPool", [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 0, 1, 1] });
  const fire = (x: string, { inputs, squeezed, expanded }: Fire): string => {
    const narrow = convolved(x, [squeezed, inputs, 1, 1]);
    const point = convolved(narrow, [expanded, squeezed, 1, 1]);
    const wide = convolved(narrow, [expanded, squeezed, 3, 3], 1);
    return graph.node("Concat", [point, wide], { axis: 1 });
  };

  const x = graph.input("data", "float32", [images, 3, EDGE, EDGE]);
  const lines = graph.convolution(x, [2 * DIRECTIONS, 3, TAPS, TAPS], firstFilters());
  return FIRES.reduce((value, size) => fire(pooled(value), size), graph.node("Relu", [lines]));
}

/** What the last convolution sees of each drawing, averaged over the places. */
async function seen(drawings: readonly Float32Array[]): Promise<Float32Array> {
  const graph = new Graph("squeezenet's features");
  graph.node("GlobalAveragePool", [body(graph, "images")], {}, "features");
  graph.output("features", "float32", ["images", FEATURES, 1, 1]);
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(graph.bytes());
  const pixels = new Float32Array(drawings.length * 3 * EDGE * EDGE);
  drawings.forEach((drawing, i) => {
    pixels.set(drawing, i * drawing.length);
  });
  const data = new Tensor("float32", pixels, [drawings.length, 3, EDGE, EDGE]);
  const { features } = await session.run({ data });
  await session.release();
  if (!(features?.data instanceof Float32Array)) throw new Error("no features");
  return features.data;
}

/** x of a x = b for a symmetric positive a of rows by rows, and several b: Cholesky, in place. */
function solve(a: Float64Array, rows: number, b: Float64Array, columns: number): void {
  const at = (matrix: Float64Array, index: number): number => matrix[index] ?? Number.NaN;
  const dot = (i: number, j: number, count: number): number => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += at(a, i * rows + k) * at(a, j * rows + k);
    return sum;
  };
  for (let i = 0; i < rows; i++)
    for (let j = 0; j <= i; j++) {
      const rest = at(a, i * rows + j) - dot(i, j, j);
      a[i * rows + j] = i === j ? Math.sqrt(rest) : rest / at(a, j * rows + j);
    }
  for (let c = 0; c < columns; c++) {
    for (let i = 0; i < rows; i++) {
      let rest = at(b, i * columns + c);
      for (let k = 0; k < i; k++) rest -= at(a, i * rows + k) * at(b, k * columns + c);
      b[i * columns + c] = rest / at(a, i * rows + i);
    }
    for (let i = rows - 1; i >= 0; i--) {
      let rest = at(b, i * columns + c);
      for (let k = i + 1; k < rows; k++) rest -= at(a, k * rows + i) * at(b, k * columns + c);
      b[i * columns + c] = rest / at(a, i * rows + i);
    }
  }
}

/** Weights [shape][feature] and biases that answer 1 for a drawing's own shape and 0 for the others. */
async function readout(): Promise<{ weights: number[]; bias: number[] }> {
  const next = random(SEED + 1);
  const shapes = Object.values(SHAPES);
  const drawings = shapes.flatMap((strokes) =>
    Array.from({ length: DRAWINGS }, () => draw(strokes, anyPen(next), next)),
  );
  const features = await seen(drawings);
  const rows = FEATURES + 1; // and a 1 for the bias
  const square = new Float64Array(rows * rows);
  const aims = new Float64Array(rows * shapes.length);
  const feature = (drawing: number, i: number): number =>
    i === FEATURES ? 1 : (features[drawing * FEATURES + i] ?? Number.NaN);
  drawings.forEach((_, drawing) => {
    const own = Math.floor(drawing / DRAWINGS);
    for (let i = 0; i < rows; i++) {
      const value = feature(drawing, i);
      aims[i * shapes.length + own] = (aims[i * shapes.length + own] ?? 0) + value;
      for (let j = 0; j <= i; j++)
        square[i * rows + j] = (square[i * rows + j] ?? 0) + value * feature(drawing, j);
    }
  });
  for (let i = 0; i < FEATURES; i++)
    square[i * rows + i] = (square[i * rows + i] ?? 0) + RIDGE * drawings.length;
  solve(square, rows, aims, shapes.length);
  const column = (shape: number, i: number): number =>
    SHARPNESS * (aims[i * shapes.length + shape] ?? Number.NaN);
  return {
    weights: shapes.flatMap((_, shape) =>
      Array.from({ length: FEATURES }, (_, i) => column(shape, i)),
    ),
    bias: shapes.map((_, shape) => column(shape, FEATURES)),
  };
}

export async function squeezenetModel(): Promise<Uint8Array> {
  const { weights, bias } = await readout();
  const shapes = bias.length;
  const graph = new Graph("squeezenet");
  const scores = graph.convolution(body(graph, 1), [shapes, FEATURES, 1, 1], weights, { bias });
  const flat = graph.node("Flatten", [graph.node("GlobalAveragePool", [scores])]);
  graph.node("Softmax", [flat], { axis: 1 }, "softmaxout");
  graph.output("softmaxout", "float32", [1, shapes]);
  return graph.bytes();
}
