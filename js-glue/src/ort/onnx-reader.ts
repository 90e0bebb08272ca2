/**
 * The inputs and outputs that an ONNX file declares, for versions of onnxruntime-web whose sessions do
 * not tell their types and shapes (before 1.22).
 *
 * A file is one protobuf message, ModelProto; of its fields those on the way to the graph's inputs and
 * outputs are read, and everything else is stepped over. Numbers of fields: onnx.proto.
 */
import type { Dimension, TensorInfo } from "./ort-engine.js";

/** The bytes are no ONNX model. */
export class OnnxFormatError extends Error {
  override readonly name = "OnnxFormatError";
}

const MODEL_GRAPH = 7;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const VALUE_NAME = 1;
const VALUE_TYPE = 2;
const TYPE_TENSOR = 1;
const TENSOR_ELEMENT = 1;
const TENSOR_SHAPE = 2;
const SHAPE_DIMENSION = 1;
const DIMENSION_SIZE = 1;
const DIMENSION_SYMBOL = 2;

/** Protobuf's wire types. */
const Wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const EMPTY = new Uint8Array(0);
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Walks over the fields of a message. */
class Message {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** Of the field that next() found. */
  field = 0;
  /** Its value, if a varint; exact up to 2^53. */
  value = 0;
  /** Its content, if bytes. */
  content: Uint8Array = EMPTY;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): boolean {
    if (this.#at >= this.#bytes.length) return false;
    const tag = this.#varint();
    this.field = Math.floor(tag / 8);
    this.value = 0;
    this.content = EMPTY;
    if (this.field === 0) throw new OnnxFormatError("a field has the number 0");
    switch (tag % 8) {
      case Wire.varint:
        this.value = this.#varint();
        return true;
      case Wire.fixed64:
        this.#take(8);
        return true;
      case Wire.bytes:
        this.content = this.#take(this.#varint());
        return true;
      case Wire.fixed32:
        this.#take(4);
        return true;
    }
    throw new OnnxFormatError(`field ${this.field} has the unknown wire type ${tag % 8}`);
  }

  #take(bytes: number): Uint8Array {
    if (bytes > this.#bytes.length - this.#at)
      throw new OnnxFormatError(`${bytes} bytes are said to follow, but there are fewer`);
    this.#at += bytes;
    return this.#bytes.subarray(this.#at - bytes, this.#at);
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1, count = 0; count < 10; count++, scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new OnnxFormatError("a number is cut off");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new OnnxFormatError("a number is longer than 10 bytes");
  }
}

/** Graph inputs that are constants too, in old files, are among the inputs here. */
export interface OnnxSignature {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
}

/** @throws OnnxFormatError */
export function readOnnxSignature(model: Uint8Array): OnnxSignature {
  const inputs: TensorInfo[] = [];
  const outputs: TensorInfo[] = [];
  let hasGraph = false;
  for (const fields = new Message(model); fields.next(); ) {
    if (fields.field !== MODEL_GRAPH) continue;
    hasGraph = true;
    for (const graph = new Message(fields.content); graph.next(); ) {
      if (graph.field === GRAPH_INPUT) inputs.push(readValue(graph.content));
      if (graph.field === GRAPH_OUTPUT) outputs.push(readValue(graph.content));
    }
  }
  if (!hasGraph) throw new OnnxFormatError("there is no graph");
  return { inputs, outputs };
}

function readValue(bytes: Uint8Array): TensorInfo {
  let name = "";
  let type = 0;
  let shape: readonly Dimension[] = [];
  for (const value = new Message(bytes); value.next(); ) {
    if (value.field === VALUE_NAME) name = decoder.decode(value.content);
    if (value.field !== VALUE_TYPE) continue;
    for (const types = new Message(value.content); types.next(); )
      if (types.field === TYPE_TENSOR) ({ type, shape } = readTensorType(types.content));
  }
  return { name, type, shape };
}

function readTensorType(bytes: Uint8Array): { type: number; shape: readonly Dimension[] } {
  let type = 0;
  const shape: Dimension[] = [];
  for (const tensor = new Message(bytes); tensor.next(); ) {
    if (tensor.field === TENSOR_ELEMENT) type = tensor.value;
    if (tensor.field !== TENSOR_SHAPE) continue;
    for (const dimensions = new Message(tensor.content); dimensions.next(); )
      if (dimensions.field === SHAPE_DIMENSION) shape.push(readDimension(dimensions.content));
  }
  return { type, shape };
}

/** A dimension has a size or a name, or neither. Negative sizes are 10-byte numbers. */
function readDimension(bytes: Uint8Array): Dimension {
  let size = -1;
  let symbol = "";
  for (const dimension = new Message(bytes); dimension.next(); ) {
    if (dimension.field === DIMENSION_SIZE)
      size = dimension.value <= Number.MAX_SAFE_INTEGER ? dimension.value : -1;
    if (dimension.field === DIMENSION_SYMBOL) symbol = decoder.decode(dimension.content);
  }
  return { size, symbol };
}
