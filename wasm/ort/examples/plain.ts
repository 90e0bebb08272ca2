/** The smallest models that show one thing each: element types, shapes, several outputs. */
import { ELEMENT, type Element, Graph, tensor } from "./graph.js";

/** y = x, of any shape with two dimensions, which have names. */
function identity(element: Element): Uint8Array {
  const graph = new Graph(`identity of ${element}`);
  const x = graph.input("x", element, ["rows", "columns"]);
  graph.node("Identity", [x], {}, "y");
  graph.output("y", element, ["rows", "columns"]);
  return graph.bytes();
}

/** Two inputs that must have one shape, and two outputs. */
function addAndMultiply(): Uint8Array {
  const graph = new Graph("add and multiply");
  const inputs = ["a", "b"].map((name) => graph.input(name, "float32", ["rows", 3]));
  graph.node("Add", inputs, {}, "sum");
  graph.node("Mul", inputs, {}, "product");
  graph.output("sum", "float32", ["rows", 3]);
  graph.output("product", "float32", ["rows", 3]);
  return graph.bytes();
}

/** x as every other element type, one output each. */
function cast(): Uint8Array {
  const graph = new Graph("cast");
  const x = graph.input("x", "float32", ["count"]);
  for (const element of ["float16", "int64", "int32", "uint8", "bool", "string"] as const) {
    graph.node("Cast", [x], { to: ELEMENT[element] }, element);
    graph.output(element, element, ["count"]);
  }
  return graph.bytes();
}

/** y = x + 1 of rank 0. */
function scalar(): Uint8Array {
  const graph = new Graph("scalar");
  const x = graph.input("x", "float32", []);
  graph.node("Add", [x, graph.number(1)], {}, "y");
  graph.output("y", "float32", []);
  return graph.bytes();
}

/** Where x is not 0: how many such places there are is known only after the run, and may be none. */
function places(): Uint8Array {
  const graph = new Graph("places");
  const x = graph.input("x", "float32", ["count"]);
  graph.node("NonZero", [x], {}, "at");
  graph.output("at", "int64", [1, "found"]);
  return graph.bytes();
}

/** As many ones as the input says: a small question with a big answer. */
function ones(): Uint8Array {
  const graph = new Graph("ones");
  const count = graph.input("count", "int64", [1]);
  graph.node("ConstantOfShape", [count], { value: tensor([1], [1]) }, "y");
  graph.output("y", "float32", ["count"]);
  return graph.bytes();
}

/** By file name. */
export function plainModels(): Map<string, Uint8Array> {
  const models = new Map<string, Uint8Array>([
    ["add.onnx", addAndMultiply()],
    ["cast.onnx", cast()],
    ["scalar.onnx", scalar()],
    ["places.onnx", places()],
    ["ones.onnx", ones()],
  ]);
  for (const element of Object.keys(ELEMENT) as Element[])
    models.set(`identity-${element}.onnx`, identity(element));
  return models;
}
