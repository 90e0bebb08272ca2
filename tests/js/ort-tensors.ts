/**
 * Tensors of every kind through the C API, as tests/ort/tensor_probe.c uses it, beside the same tensors
 * through onnxruntime-web itself. For Node and pages: what it needs, it is given.
 */
import type { InferenceSession, Tensor } from "onnxruntime-web";
import type { OrtProgram } from "../../dist/ort/index.js";

/** What is used of onnxruntime-web. */
export interface Direct {
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<InferenceSession>;
  };
  readonly Tensor: typeof Tensor;
}

/** ONNXTensorElementDataType. */
const NUMBER = { float32: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9, float16: 10 };
type Element = keyof typeof NUMBER;

interface Value {
  readonly element: Element;
  readonly dims: readonly number[];
  /** Texts, or the numbers' bytes. */
  readonly content: readonly string[] | Uint8Array;
}

interface Case {
  readonly name: string;
  readonly model: string;
  readonly inputs: Readonly<Record<string, Value>>;
  /** In this order. Of those with a shape the caller can make the tensor beforehand. */
  readonly outputs: Readonly<Record<string, { element: Element; dims: number[] } | undefined>>;
}

/** Ways through the API; those with `made` give outputs that exist before the run. */
export const WAYS = [
  "run",
  "run, made",
  "binding",
  "binding, made",
  "async",
  "async, made",
] as const;
export type Way = (typeof WAYS)[number];

// ---- Cases ----

const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();

/** Six values that are easily spoiled: by rounding, by sign, by width. */
const AWKWARD: Readonly<Record<Element, Value["content"]>> = {
  float32: bytesOf(
    new Float32Array([-0, 1e-45, Number.NaN, -3.4e38, Number.POSITIVE_INFINITY, 0.1]),
  ),
  float16: bytesOf(new Uint16Array([0x8000, 0x0001, 0x7e00, 0xfbff, 0x7c00, 0x2e66])),
  int64: bytesOf(
    new BigInt64Array([0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 2n ** 32n]),
  ),
  int32: bytesOf(new Int32Array([0, -1, 2 ** 31 - 1, -(2 ** 31), 65536, 7])),
  uint8: new Uint8Array([0, 1, 127, 128, 254, 255]),
  bool: new Uint8Array([0, 1, 1, 0, 1, 0]),
  string: ["", "plain", "Grüße", "日本語", "🎈 two words", ""],
};

function identities(): Case[] {
  const cases: Case[] = [];
  for (const [key, content] of Object.entries(AWKWARD)) {
    const element = key as Element;
    const width = content.length / 6;
    for (const dims of [
      [2, 3],
      [6, 1],
      [1, 2],
      [0, 3],
      [4, 0],
    ] as const) {
      const x = { element, dims, content: content.slice(0, dims[0] * dims[1] * width) };
      cases.push({
        name: `${element} of ${dims.join(" x ")}`,
        model: `identity-${element}.onnx`,
        inputs: { x },
        outputs: { y: { element, dims: [...dims] } },
      });
    }
  }
  return cases;
}

const floats = (dims: readonly number[], ...numbers: number[]): Value => ({
  element: "float32",
  dims,
  content: bytesOf(Float32Array.from(numbers)),
});

export const CASES: readonly Case[] = [
  ...identities(),
  {
    name: "two inputs, two outputs, asked for backwards",
    model: "add.onnx",
    inputs: { b: floats([2, 3], 0.1, 0.2, 0.3, 1e10, -1, 7), a: floats([2, 3], 1, 2, 3, 4, 5, 6) },
    outputs: {
      product: { element: "float32", dims: [2, 3] },
      sum: { element: "float32", dims: [2, 3] },
    },
  },
  {
    name: "one output of two",
    model: "add.onnx",
    inputs: { a: floats([1, 3], 1, 2, 3), b: floats([1, 3], 0.1, 0.2, 0.3) },
    outputs: { product: { element: "float32", dims: [1, 3] } },
  },
  {
    name: "a scalar",
    model: "scalar.onnx",
    inputs: { x: floats([], 41.5) },
    outputs: { y: { element: "float32", dims: [] } },
  },
  {
    name: "every element type at once",
    model: "cast.onnx",
    inputs: { x: floats([4], 0, 1.5, 200, 65) },
    outputs: {
      string: undefined,
      bool: { element: "bool", dims: [4] },
      uint8: { element: "uint8", dims: [4] },
      int32: { element: "int32", dims: [4] },
      int64: { element: "int64", dims: [4] },
      float16: { element: "float16", dims: [4] },
    },
  },
  {
    name: "a shape that only the run knows",
    model: "places.onnx",
    inputs: { x: floats([5], 0, 1, 0, 3, -1) },
    outputs: { at: undefined },
  },
  {
    name: "a shape that turns out empty",
    model: "places.onnx",
    inputs: { x: floats([3], 0, 0, 0) },
    outputs: { at: undefined },
  },
];

// ---- Directly ----

function directTensor(ort: Direct, { element, dims, content }: Value): Tensor {
  const { Tensor: Made } = ort;
  if (!(content instanceof Uint8Array)) return new Made("string", [...content], dims);
  const { buffer } = content.slice();
  if (element === "float32") return new Made(element, new Float32Array(buffer), dims);
  if (element === "float16") return new Made(element, new Uint16Array(buffer), dims);
  if (element === "int64") return new Made(element, new BigInt64Array(buffer), dims);
  if (element === "int32") return new Made(element, new Int32Array(buffer), dims);
  return new Made(element, new Uint8Array(buffer), dims);
}

function ofTensor({ type, dims, data }: Tensor): Value {
  return {
    element: type as Element,
    dims,
    content: Array.isArray(data) ? data : bytesOf(data as unknown as ArrayBufferView),
  };
}

export async function runDirectly(
  ort: Direct,
  session: InferenceSession,
  { inputs, outputs }: Case,
): Promise<Record<string, Value>> {
  const feeds = Object.entries(inputs).map(([name, value]) => [name, directTensor(ort, value)]);
  const results = await session.run(Object.fromEntries(feeds), Object.keys(outputs));
  return Object.fromEntries(
    Object.keys(outputs).map((name) => [name, ofTensor(results[name] as Tensor)]),
  );
}

// ---- Through the C API ----

export interface Described {
  readonly name: string;
  readonly type: number;
  /** -1, and the name it has, where the model leaves a dimension open. */
  readonly dims: readonly number[];
  readonly symbols: readonly string[];
}

/** What a function of the probe returned, other than 0. */
export class ProbeError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export class TensorProbe {
  readonly #program: OrtProgram;
  #lent: number[] = [];

  constructor(program: OrtProgram) {
    this.#program = program;
  }

  /** @param model - a path, or the model's bytes */
  async open(model: string | Uint8Array, provider?: string): Promise<void> {
    const isPath = typeof model === "string";
    await this.#checked(
      "probe_open",
      isPath ? this.#text(model) : 0,
      isPath ? 0 : this.#bytes(model),
      isPath ? 0 : model.byteLength,
      provider === undefined ? 0 : this.#text(provider),
    );
    this.#giveBack();
  }

  close(): void {
    this.#program.callNow("probe_close");
  }

  /** @param side - 0 for inputs, 1 for outputs */
  async describe(side: 0 | 1): Promise<Described[]> {
    const program = this.#program;
    const all: Described[] = [];
    for (let i = 0; i < program.callNow("probe_count", side); i++) {
      await this.#checked("probe_describe", side, i);
      const rank = program.callNow("probe_described_rank");
      const each = <T>(of: (at: number) => T): T[] =>
        Array.from({ length: rank }, (_, at) => of(at));
      all.push({
        name: program.text(program.callNow("probe_described_name")),
        type: program.callNow("probe_described_type"),
        dims: each((at) => program.callNow("probe_described_dimension", at)),
        symbols: each((at) => program.text(program.callNow("probe_described_symbol", at))),
      });
      await this.#checked("probe_described_free");
    }
    return all;
  }

  async run({ inputs, outputs }: Case, way: Way): Promise<Record<string, Value>> {
    const program = this.#program;
    for (const [name, { element, dims, content }] of Object.entries(inputs))
      await this.#checked(
        "probe_input",
        this.#text(name),
        NUMBER[element],
        this.#shape(dims),
        dims.length,
        this.#bytes(
          content instanceof Uint8Array
            ? content
            : new TextEncoder().encode(content.map((text) => `${text}\0`).join("")),
        ),
        content.length,
      );
    for (const [name, made] of Object.entries(outputs)) {
      const { element, dims = [] } = (way.endsWith("made") && made) || {};
      await this.#checked(
        "probe_output",
        this.#text(name),
        element ? NUMBER[element] : 0,
        this.#shape(dims),
        dims.length,
      );
    }
    const how = way.startsWith("run") ? 0 : way.startsWith("binding") ? 1 : 2;
    await this.#checked("probe_run", how);
    while (how === 2 && program.callNow("probe_finished") === 0)
      await new Promise((resolve) => setTimeout(resolve));
    if (how === 2) this.#check(Math.max(0, -program.callNow("probe_finished")));

    const names = Object.keys(outputs);
    const results: Record<string, Value> = {};
    for (const [i, name] of names.entries()) results[name] = await this.#result(i);
    this.clear();
    return results;
  }

  /** Releases the last run's values, also of one that failed. */
  clear(): void {
    this.#program.callNow("probe_clear");
    this.#giveBack();
  }

  async #result(index: number): Promise<Value> {
    const program = this.#program;
    await this.#checked("probe_result", index);
    const type = program.callNow("probe_result_type");
    const rank = program.callNow("probe_result_rank");
    const at = program.callNow("probe_result_data");
    const bytes = program.u8.slice(at, at + program.callNow("probe_result_bytes"));
    const dims = Array.from({ length: rank }, (_, i) =>
      program.callNow("probe_result_dimension", i),
    );
    const element = Object.entries(NUMBER).find(([, number]) => number === type)?.[0] as Element;
    if (element !== "string") return { element, dims, content: bytes };
    const count = dims.reduce((product, size) => product * size, 1);
    const offsets = program.callNow("probe_result_offsets") / 4;
    const [...bounds] = program.u32.slice(offsets, offsets + count + 1);
    const content = Array.from({ length: count }, (_, i) =>
      new TextDecoder().decode(bytes.subarray(bounds[i], bounds[i + 1])),
    );
    return { element, dims, content };
  }

  async #checked(name: string, ...args: number[]): Promise<void> {
    this.#check(await this.#program.call(name, ...args));
  }

  #check(code: number): void {
    const program = this.#program;
    if (code !== 0) throw new ProbeError(code, program.text(program.callNow("probe_message")));
  }

  #text(text: string): number {
    return this.#keep(this.#program.writeText(text));
  }

  #bytes(bytes: Uint8Array): number {
    const at = this.#keep(this.#program.allocate(Math.max(1, bytes.byteLength)));
    this.#program.u8.set(bytes, at);
    return at;
  }

  #shape(dims: readonly number[]): number {
    return this.#bytes(bytesOf(BigInt64Array.from(dims, (size) => BigInt(size))));
  }

  #keep(at: number): number {
    this.#lent.push(at);
    return at;
  }

  #giveBack(): void {
    for (const at of this.#lent) this.#program.free(at);
    this.#lent = [];
  }
}

// ---- Both ----

const written = ({ element, dims, content }: Value): string =>
  `${element} [${dims}] ${content instanceof Uint8Array ? content.join(" ") : JSON.stringify(content)}`;

/** Every case in every way; says where the two are not the same, to the last bit. */
export async function tensorDifferences(
  program: OrtProgram,
  ort: Direct,
  models: (name: string) => Promise<Uint8Array>,
  ways: readonly Way[],
): Promise<{ compared: number; differences: string[] }> {
  const probe = new TensorProbe(program);
  const differences: string[] = [];
  let compared = 0;
  for (const name of new Set(CASES.map(({ model }) => model))) {
    const bytes = await models(name);
    const session = await ort.InferenceSession.create(bytes);
    await probe.open(program.mode === "callback" ? name : bytes);
    for (const one of CASES.filter(({ model }) => model === name)) {
      const expected = await runDirectly(ort, session, one);
      for (const way of ways) {
        const got = await probe.run(one, way);
        for (const [output, value] of Object.entries(expected)) {
          compared++;
          const [a, b] = [written(value), written(got[output] ?? { ...value, dims: [-1] })];
          if (a !== b) differences.push(`${one.name}, ${way}, ${output}: ${b}, expected ${a}`);
        }
      }
    }
    await session.release();
  }
  probe.close();
  return { compared, differences };
}
