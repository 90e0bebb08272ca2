/** The 16 kHz branch of the Silero VAD files that vad-web ships, as named matrices. */
import { readFileSync } from "node:fs";
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;

/** Where the 16 kHz branch keeps its tensors in the graph. */
const PREFIX = "If_0_then_branch__Inline_0__";

/** Row-major: one row of `columns` weights, and one bias, for each of `rows` outputs. */
export interface Layer {
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Shapes as in silero.c. Columns of a convolution are input by input, taps ascending. */
export interface Silero {
  readonly enc0: Layer;
  readonly enc1: Layer;
  /** Taps 1 and 2 of 3: the first only ever meets padding. */
  readonly enc2: Layer;
  /** The centre tap of 3, for the same reason. */
  readonly enc3: Layer;
  /** Gates i, f, g, o. Columns: the input's, then the hidden state's. Both biases added. */
  readonly lstm: Layer;
  readonly out: Layer;
}

interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

function readTensors(path: string): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const visit = (graph: onnxProto.onnx.IGraphProto): void => {
    for (const node of graph.node ?? []) {
      for (const { g, t } of node.attribute ?? []) {
        if (g) visit(g);
        const name = node.output?.[0];
        if (!t?.rawData || !name?.startsWith(PREFIX) || t.dataType !== 1) continue;
        // Copied, because a Float32Array needs an aligned start.
        const values = new Float32Array(Uint8Array.from(t.rawData).buffer);
        tensors.set(name.slice(PREFIX.length), { dims: (t.dims ?? []).map(Number), values });
      }
    }
  };
  visit(onnx.ModelProto.decode(readFileSync(path)).graph ?? {});
  return tensors;
}

/** Of weights [output][input][3] keeps some taps. */
function keepTaps(weights: Float32Array, taps: readonly number[]): Float32Array {
  return Float32Array.from({ length: (weights.length / 3) * taps.length }, (_, i) => {
    const tap = taps[i % taps.length] ?? 0;
    return weights[Math.floor(i / taps.length) * 3 + tap] ?? Number.NaN;
  });
}

/** Two matrices of equal height, side by side. */
function beside(a: Float32Array, b: Float32Array, columns: number): Float32Array {
  return Float32Array.from({ length: a.length + b.length }, (_, i) => {
    const row = Math.floor(i / (2 * columns));
    const column = i % (2 * columns);
    const from = column < columns ? a : b;
    return from[row * columns + (column % columns)] ?? Number.NaN;
  });
}

/** @throws when the file has other tensors than Silero VAD 5 and 6 */
export function readSilero(path: string): Silero {
  const tensors = readTensors(path);
  const take = (name: string, ...dims: number[]): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor || tensor.dims.join() !== dims.join())
      throw new Error(
        `${path}: ${name} is ${tensor?.dims.join("x") ?? "missing"}, expected ${dims.join("x")}`,
      );
    return tensor.values;
  };
  const encoder = (index: number, rows: number, inputs: number, taps: number[]): Layer => ({
    rows,
    columns: inputs * taps.length,
    weights: keepTaps(take(`encoder.${index}.reparam_conv.weight`, rows, inputs, 3), taps),
    bias: take(`encoder.${index}.reparam_conv.bias`, rows),
  });
  const biasHh = take("decoder.rnn.bias_hh", 512);
  return {
    enc0: encoder(0, 128, 129, [0, 1, 2]),
    enc1: encoder(1, 64, 128, [0, 1, 2]),
    enc2: encoder(2, 64, 64, [1, 2]),
    enc3: encoder(3, 128, 64, [1]),
    lstm: {
      rows: 512,
      columns: 256,
      weights: beside(
        take("decoder.rnn.weight_ih", 512, 128),
        take("decoder.rnn.weight_hh", 512, 128),
        128,
      ),
      bias: take("decoder.rnn.bias_ih", 512).map((x, i) => x + (biasHh[i] ?? Number.NaN)),
    },
    out: {
      rows: 1,
      columns: 128,
      weights: take("decoder.decoder.2.weight", 1, 128, 1),
      bias: take("decoder.decoder.2.bias", 1),
    },
  };
}
