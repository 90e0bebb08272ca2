/** Element types of tensors: their numbers in the C API and their names in onnxruntime-web. */
import { ELEMENT_TYPES } from "./onnx.gen.js";

export interface ElementType {
  /** ONNXTensorElementDataType. */
  readonly value: number;
  readonly type: string;
  /** Of an element; 0 for texts. */
  readonly bits: number;
}

const byValue = new Map<number, ElementType>(ELEMENT_TYPES.map((type) => [type.value, type]));
const byName = new Map<string, ElementType>(ELEMENT_TYPES.map((type) => [type.type, type]));

export const elementType = (value: number): ElementType | undefined => byValue.get(value);
export const elementTypeNamed = (name: string): ElementType | undefined => byName.get(name);

export const STRING = byName.get("string")?.value;

/** Bytes of a tensor of so many elements, texts excepted; undefined for a type that is not known. */
export function tensorBytes(value: number, elements: number): number | undefined {
  const bits = byValue.get(value)?.bits;
  return bits === undefined ? undefined : Math.ceil((elements * bits) / 8);
}
