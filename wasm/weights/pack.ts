/**
 * Packs the 16 kHz branch of a Silero VAD ONNX file into voicepath's weights format, which
 * wasm/weights/README.md describes.
 *
 *   tsx wasm/weights/pack.ts <model.onnx> <5|6> <f32|f16> <out.vpw>
 */
import { readFileSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;

const FORMAT_VERSION = 1;
const HEADER_BYTES = 32;
/** Where the 16 kHz branch keeps its tensors in the graph that vad-web ships. */
const PREFIX = "If_0_then_branch__Inline_0__";

interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

function readTensors(onnxBytes: Uint8Array): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  const visit = (graph: onnxProto.onnx.IGraphProto): void => {
    for (const node of graph.node ?? []) {
      for (const attribute of node.attribute ?? []) {
        if (attribute.g) visit(attribute.g);
        const name = node.output?.[0];
        const tensor = attribute.t;
        if (!tensor || !name?.startsWith(PREFIX) || tensor.dataType !== 1 || !tensor.rawData)
          continue;
        // Copied, because a Float32Array needs an aligned start.
        const raw = Uint8Array.from(tensor.rawData);
        tensors.set(name.slice(PREFIX.length), {
          dims: (tensor.dims ?? []).map(Number),
          values: new Float32Array(raw.buffer),
        });
      }
    }
  };
  visit(onnx.ModelProto.decode(onnxBytes).graph ?? {});
  return tensors;
}

/** Rounds to nearest, ties to even, as IEEE 754 binary16 asks; weights never reach its infinity. */
function toFloat16(value: number): number {
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  if (!(magnitude < 65504)) throw new RangeError(`weight ${value} is outside binary16's range`);
  // The spacing of binary16 around the value; 2^-24 in the subnormal range.
  const exponent = Math.max(Math.floor(Math.log2(magnitude || 2 ** -25)), -14);
  const steps = magnitude / 2 ** (exponent - 10);
  const floor = Math.floor(steps);
  const rest = steps - floor;
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
  // A carry out of the mantissa moves into the exponent by itself.
  return sign | ((exponent + 14) * 1024 + rounded);
}

function pack(onnxBytes: Uint8Array, generation: number, precision: "f32" | "f16"): Uint8Array {
  const tensors = readTensors(onnxBytes);
  const take = (name: string, ...dims: number[]): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor || tensor.dims.join() !== dims.join())
      throw new Error(`${name}: expected ${dims.join("x")}, found ${tensor?.dims.join("x")}`);
    return tensor.values;
  };
  /** Of [outputs][inputs][3] keeps the taps that can ever meet data. */
  const liveTaps = (weights: Float32Array, taps: readonly number[]): Float32Array =>
    Float32Array.from({ length: (weights.length / 3) * taps.length }, (_, i) => {
      const tap = taps[i % taps.length] ?? 0;
      return weights[Math.floor(i / taps.length) * 3 + tap] ?? Number.NaN;
    });
  const sum = (a: Float32Array, b: Float32Array): Float32Array => a.map((x, i) => x + (b[i] ?? 0));

  const weights = [
    take("encoder.0.reparam_conv.weight", 128, 129, 3),
    take("encoder.1.reparam_conv.weight", 64, 128, 3),
    liveTaps(take("encoder.2.reparam_conv.weight", 64, 64, 3), [1, 2]),
    liveTaps(take("encoder.3.reparam_conv.weight", 128, 64, 3), [1]),
    take("decoder.rnn.weight_ih", 512, 128),
    take("decoder.rnn.weight_hh", 512, 128),
  ];
  const vectors = [
    take("encoder.0.reparam_conv.bias", 128),
    take("encoder.1.reparam_conv.bias", 64),
    take("encoder.2.reparam_conv.bias", 64),
    take("encoder.3.reparam_conv.bias", 128),
    sum(take("decoder.rnn.bias_ih", 512), take("decoder.rnn.bias_hh", 512)),
    take("decoder.decoder.2.weight", 1, 128, 1),
    take("decoder.decoder.2.bias", 1),
  ];

  const weightBytes = precision === "f32" ? 4 : 2;
  const weightCount = weights.reduce((n, w) => n + w.length, 0);
  const vectorCount = vectors.reduce((n, v) => n + v.length, 0);
  const payloadBytes = vectorCount * 4 + weightCount * weightBytes;
  const file = new Uint8Array(HEADER_BYTES + payloadBytes);
  const view = new DataView(file.buffer);
  let offset = HEADER_BYTES;
  for (const value of vectors.flatMap((v) => [...v])) {
    view.setFloat32(offset, value, true);
    offset += 4;
  }
  for (const values of weights) {
    for (const value of values) {
      if (precision === "f32") view.setFloat32(offset, value, true);
      else view.setUint16(offset, toFloat16(value), true);
      offset += weightBytes;
    }
  }
  file.set(new TextEncoder().encode("VPSV"), 0);
  view.setUint32(4, FORMAT_VERSION, true);
  view.setUint32(8, generation, true);
  view.setUint32(12, weightBytes * 8, true);
  view.setUint32(16, payloadBytes, true);
  view.setUint32(20, crc32(file.subarray(HEADER_BYTES)), true);
  return file;
}

const [onnxPath, generation, precision, outPath] = process.argv.slice(2);
if (!onnxPath || !outPath || (precision !== "f32" && precision !== "f16")) {
  console.error("usage: tsx wasm/weights/pack.ts <model.onnx> <5|6> <f32|f16> <out.vpw>");
  process.exit(2);
}
writeFileSync(outPath, pack(readFileSync(onnxPath), Number(generation), precision));
