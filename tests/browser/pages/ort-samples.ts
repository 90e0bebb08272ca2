/** The example programs and tensors of every kind, in a page, beside onnxruntime-web itself. */
import * as ort from "onnxruntime-web";
import { type OrtMode, OrtProgram } from "../../../dist/ort/index.js";
import { asyncifyPath, modelPath, type ProgramName, programPath } from "../../js/ort-paths.js";
import {
  candy,
  candyDirectly,
  drawings,
  names,
  namesDirectly,
  scene,
} from "../../js/ort-pictures.js";
import {
  CASES,
  type Direct,
  ProbeError,
  TensorProbe,
  tensorDifferences,
  WAYS,
} from "../../js/ort-tensors.js";

const SEED = 16;

ort.env.wasm.numThreads = 1;

async function bytes(path: string): Promise<Uint8Array> {
  const response = await fetch(`/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
const model = (name: string): Promise<Uint8Array> => bytes(modelPath(name));

async function load(name: ProgramName, mode: OrtMode): Promise<OrtProgram> {
  const paths = ["candy.onnx", "squeezenet.onnx", ...CASES.map((one) => one.model)];
  return OrtProgram.load(`/${programPath(name)}`, {
    mode,
    asyncify: `/${asyncifyPath(name)}`,
    models: Object.fromEntries(paths.map((path) => [path, `/${modelPath(path)}`])),
  });
}

/** How many numbers are not the same. */
const unequal = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Array.from(a).filter((value, i) => value !== b[i]).length : -1;

/** What is alive, and what was released that was not. */
function leftOf(program: OrtProgram): number {
  const left = Object.values(program.live).reduce((sum, count) => sum + count, program.misuses);
  program.dispose();
  return left;
}

/** onnxruntime-web with an execution provider. */
const on = (provider: string): Direct => ({
  Tensor: ort.Tensor,
  InferenceSession: {
    create: (model) => ort.InferenceSession.create(model, { executionProviders: [provider] }),
  },
});

interface Queue {
  prototype: { submit(buffers: unknown): void };
}

/** Calls of the GPU's queue so far. */
let submissions = 0;
const { GPUQueue: queue } = globalThis as { GPUQueue?: Queue };
if (queue) {
  const { submit } = queue.prototype;
  queue.prototype.submit = function (buffers) {
    submissions++;
    submit.call(this, buffers);
  };
}

export const samples = {
  async candy(mode: OrtMode, provider?: string) {
    const pictures = [scene(64, 48, SEED), scene(31, 77, SEED + 1)];
    const program = await load("fns_candy", mode);
    const before = submissions;
    const { opened, said, results } = await candy(program, "candy.onnx", pictures, provider);
    const submitted = submissions - before;
    const direct = provider === "WebGPU" && opened === 1 ? on("webgpu") : ort;
    const expected = await candyDirectly(direct, await model("candy.onnx"), pictures);
    return {
      opened,
      said,
      different: results.map((result, i) => unequal(result, expected[i] ?? [])),
      colours: new Set(results[0]).size,
      submitted,
      left: leftOf(program),
    };
  },

  async names(mode: OrtMode) {
    const drawn = drawings(SEED);
    const pictures = drawn.map(({ picture }) => picture);
    const program = await load("squeezenet", mode);
    const { named } = await names(program, "squeezenet.onnx", pictures);
    const expected = await namesDirectly(ort, await model("squeezenet.onnx"), pictures);
    return {
      different: named.map(({ scores }, i) => unequal(scores, expected[i] ?? [])),
      misnamed: named.filter(({ label }, i) => label !== drawn[i]?.label).length,
      left: leftOf(program),
    };
  },

  async tensors(mode: OrtMode) {
    const ways = mode === "callback" ? WAYS.filter((way) => way.startsWith("async")) : WAYS;
    const program = await load("tensor_probe", mode);
    const { compared, differences } = await tensorDifferences(program, ort, model, ways);
    return { compared, differences, left: leftOf(program) };
  },

  /** What a session on an execution provider comes to: OrtErrorCode and message. */
  async refusal(provider: string): Promise<{ code: number; message: string }> {
    const program = await load("tensor_probe", "jspi");
    const probe = new TensorProbe(program);
    const error = await probe.open("scalar.onnx", provider).then(
      () => new ProbeError(0, ""),
      (error) => error as ProbeError,
    );
    probe.close();
    program.dispose();
    return { code: error.code, message: error.message };
  },

  async hasAdapter(): Promise<boolean> {
    const gpu = "gpu" in navigator ? (navigator.gpu as { requestAdapter(): unknown }) : undefined;
    return Boolean(await gpu?.requestAdapter());
  },
};

declare global {
  interface Window {
    samples: typeof samples;
  }
}
window.samples = samples;
