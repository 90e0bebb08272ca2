/**
 * The example programs, and tensors of every kind, in every mode Node has: equal to onnxruntime-web
 * called directly, bit for bit. tests/browser/ort-samples.test.ts does the same in Chromium.
 */
import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, test } from "vitest";
import { type OrtMode, OrtProgram } from "../../dist/ort/index.js";
import { SHAPES } from "../../wasm/ort/examples/drawings.js";
import { asyncifyOf, modelOf, programOf } from "./ort-files.js";
import type { ProgramName } from "./ort-paths.js";
import { candy, candyDirectly, drawings, names, namesDirectly, scene } from "./ort-pictures.js";
import { CASES, TensorProbe, tensorDifferences, WAYS } from "./ort-tensors.js";

const SEED = 6;

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
});

const allModels = Object.fromEntries(
  ["candy.onnx", "squeezenet.onnx", ...CASES.map(({ model }) => model)].map((name) => [
    name,
    modelOf(name),
  ]),
);

const load = (name: ProgramName, mode: OrtMode): Promise<OrtProgram> =>
  OrtProgram.load(programOf(name), { mode, asyncify: asyncifyOf(name), models: allModels });

function expectNothingLeft(program: OrtProgram): void {
  expect(Object.entries(program.live).filter(([, count]) => count !== 0)).toEqual([]);
  expect(program.misuses).toBe(0);
  program.dispose();
}

describe.each(["sync", "asyncify"] as const)("mode %s", (mode) => {
  test("fns_candy: the same pixels", async () => {
    const pictures = [scene(64, 48, SEED), scene(33, 97, SEED + 1), scene(1, 1, SEED + 2)];
    const program = await load("fns_candy", mode);
    const { opened, said, results } = await candy(program, "candy.onnx", pictures);
    expect({ opened, said }).toEqual({ opened: 1, said: "" });
    const expected = await candyDirectly(ort, modelOf("candy.onnx"), pictures);
    expect(results).toEqual(expected);
    expect(new Set(results[0]).size).toBeGreaterThan(50);
    expectNothingLeft(program);
  });

  test("fns_candy: a provider that is refused", async () => {
    const program = await load("fns_candy", mode);
    const pictures = [scene(8, 8, SEED)];
    const { opened, said, results } = await candy(program, "candy.onnx", pictures, "Abacus");
    expect(opened).toBe(2);
    expect(said).toContain("Abacus");
    expect(results).toEqual(await candyDirectly(ort, modelOf("candy.onnx"), pictures));
    await expect(candy(program, "cake.onnx", pictures)).rejects.toThrow("cake.onnx");
    await program.call("candy_close");
    expectNothingLeft(program);
  });

  test("squeezenet: the same scores, and every drawing named", async () => {
    const drawn = drawings(SEED);
    const pictures = drawn.map(({ picture }) => picture);
    const program = await load("squeezenet", mode);
    const { description, named } = await names(program, "squeezenet.onnx", pictures);
    expect(description).toBe("Input 0: data, type 1, shape 1 x 3 x 32 x 32");
    expect(named.map(({ scores }) => scores)).toEqual(
      await namesDirectly(ort, modelOf("squeezenet.onnx"), pictures),
    );
    expect(named.map(({ label }) => label)).toEqual(drawn.map(({ label }) => label));
    expect(drawn).toHaveLength(2 * Object.keys(SHAPES).length);
    await expect(names(program, "candy.onnx", pictures)).rejects.toThrow("32 by 32");
    await program.call("squeezenet_close");
    expectNothingLeft(program);
  });
});

describe.each(["sync", "asyncify", "callback"] as const)("mode %s", (mode) => {
  test("tensors of every element type and shape, in every way through the API", async () => {
    const program = await load("tensor_probe", mode);
    const ways = mode === "callback" ? WAYS.filter((way) => way.startsWith("async")) : WAYS;
    const models = async (name: string): Promise<Uint8Array> => modelOf(name);
    const { compared, differences } = await tensorDifferences(program, ort, models, ways);
    expect(differences).toEqual([]);
    const outputs = CASES.reduce((sum, one) => sum + Object.keys(one.outputs).length, 0);
    expect(compared).toBe(outputs * ways.length);
    expectNothingLeft(program);
  });

  test("names, types, dimensions and their symbols", async () => {
    const program = await load("tensor_probe", mode);
    const probe = new TensorProbe(program);
    const describeModel = async (name: string): Promise<unknown[]> => {
      await probe.open(name);
      return [await probe.describe(0), await probe.describe(1)];
    };
    // As wasm/ort/examples/plain.ts and candy.ts make them.
    const rows = { type: 1, dims: [-1, 3], symbols: ["rows", ""] };
    expect(await describeModel("add.onnx")).toEqual([
      [
        { name: "a", ...rows },
        { name: "b", ...rows },
      ],
      [
        { name: "sum", ...rows },
        { name: "product", ...rows },
      ],
    ]);
    const picture = { type: 1, dims: [1, 3, -1, -1], symbols: ["", "", "height", "width"] };
    expect(await describeModel("candy.onnx")).toEqual([
      [{ name: "inputImage", ...picture }],
      [{ name: "outputImage", ...picture }],
    ]);
    expect(await describeModel("scalar.onnx")).toEqual([
      [{ name: "x", type: 1, dims: [], symbols: [] }],
      [{ name: "y", type: 1, dims: [], symbols: [] }],
    ]);
    const [, outputs] = await describeModel("cast.onnx");
    expect(outputs).toMatchObject(
      [10, 7, 6, 2, 9, 8].map((type) => ({ type, dims: [-1], symbols: ["count"] })),
    );
    probe.close();
    expectNothingLeft(program);
  });
});

test("mode callback: Run says that RunAsync is the way", async () => {
  const program = await load("tensor_probe", "callback");
  const probe = new TensorProbe(program);
  const scalar = CASES.find(({ model }) => model === "scalar.onnx");
  if (!scalar) throw new Error("no such case");
  await probe.open("scalar.onnx");
  await expect(probe.run(scalar, "run")).rejects.toMatchObject({
    code: 9, // ORT_NOT_IMPLEMENTED
    message: expect.stringContaining("RunAsync"),
  });
  probe.clear();
  probe.close();
  expectNothingLeft(program);
});

test("a provider that this engine lacks", async () => {
  const program = await load("tensor_probe", "sync");
  const probe = new TensorProbe(program);
  await expect(probe.open("scalar.onnx", "WebGPU")).rejects.toThrow(/WebGPU/i);
  probe.close();
  expectNothingLeft(program);
});
