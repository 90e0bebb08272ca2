/** An ONNX graph put together node by node, and its bytes. */
import onnxProto from "onnx-proto";

const { onnx } = onnxProto;

/** ONNX's numbers of element types. */
export const ELEMENT = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
} as const;
export type Element = keyof typeof ELEMENT;

/** A number, or the name of a dimension that is open. */
export type Dimension = number | string;

type Attribute = number | string | readonly number[] | onnxProto.onnx.ITensorProto;

/** IR 7 and operator set 12 are read by every onnxruntime-web since 1.14, and by older ones. */
const IR_VERSION = 7;
const OPSET = 12;

export function tensor(
  dims: readonly number[],
  values: readonly number[] | Float32Array,
  element: "float32" | "int64" = "float32",
): onnxProto.onnx.ITensorProto {
  const data =
    element === "float32"
      ? Float32Array.from(values)
      : BigInt64Array.from(Array.from(values, (value) => BigInt(value)));
  return {
    dims: [...dims],
    dataType: ELEMENT[element],
    rawData: new Uint8Array(data.buffer),
  };
}

function attribute(name: string, value: Attribute): onnxProto.onnx.IAttributeProto {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === "string")
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: [...value] };
  if (typeof value === "number")
    return Number.isInteger(value)
      ? { name, type: AttributeType.INT, i: value }
      : { name, type: AttributeType.FLOAT, f: value };
  return { name, type: AttributeType.TENSOR, t: value as onnxProto.onnx.ITensorProto };
}

function valueInfo(
  name: string,
  element: Element,
  dims: readonly Dimension[],
): onnxProto.onnx.IValueInfoProto {
  const dim = dims.map((dimension) =>
    typeof dimension === "number" ? { dimValue: dimension } : { dimParam: dimension },
  );
  return { name, type: { tensorType: { elemType: ELEMENT[element], shape: { dim } } } };
}

/** Values go by name; every method that makes one returns its name. */
export class Graph {
  readonly #name: string;
  readonly #nodes: onnxProto.onnx.INodeProto[] = [];
  readonly #constants: onnxProto.onnx.ITensorProto[] = [];
  readonly #inputs: onnxProto.onnx.IValueInfoProto[] = [];
  readonly #outputs: onnxProto.onnx.IValueInfoProto[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, element: Element, dims: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, element, dims));
    return name;
  }

  constant(value: onnxProto.onnx.ITensorProto): string {
    const name = `constant${this.#constants.length}`;
    this.#constants.push({ ...value, name });
    return name;
  }

  /** A float, of rank 0. */
  number(value: number): string {
    return this.constant(tensor([], [value]));
  }

  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    output = `value${this.#nodes.length}`,
  ): string {
    this.#nodes.push({
      opType: operator,
      name: `${operator}${this.#nodes.length}`,
      input: [...inputs],
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return output;
  }

  /** With every attribute said: ONNX Runtime's WebGPU kernel wants them, defaults or not. */
  convolution(
    x: string,
    dims: readonly [outputs: number, inputs: number, height: number, width: number],
    weights: readonly number[],
    { bias, pad = 0, group = 1 }: { bias?: readonly number[]; pad?: number; group?: number } = {},
  ): string {
    const inputs = [x, this.constant(tensor(dims, weights))];
    if (bias) inputs.push(this.constant(tensor([bias.length], bias)));
    return this.node("Conv", inputs, {
      group,
      kernel_shape: [dims[2], dims[3]],
      strides: [1, 1],
      dilations: [1, 1],
      pads: [pad, pad, pad, pad],
    });
  }

  output(name: string, element: Element, dims: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, element, dims));
  }

  bytes(): Uint8Array {
    return onnx.ModelProto.encode({
      irVersion: IR_VERSION,
      producerName: "voicepath",
      opsetImport: [{ domain: "", version: OPSET }],
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#constants,
        input: this.#inputs,
        output: this.#outputs,
      },
    }).finish();
  }
}
