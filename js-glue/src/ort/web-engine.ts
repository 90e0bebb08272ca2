/**
 * Runs on onnxruntime-web's public interface, of every version since 1.14: everything is answered by
 * promises, and every tensor is an array of its own.
 */
import { VoicepathError } from "../errors.js";
import { elementType, elementTypeNamed, STRING } from "./element-type.js";
import type { WasmPaths } from "./inner-module.js";
import { OnnxFormatError, readOnnxSignature } from "./onnx-reader.js";
import type {
  OrtData,
  OrtSession,
  OrtTensor,
  OrtValueMetadata,
  OrtWeb,
} from "./onnxruntime-web.js";
import type {
  Dimension,
  EngineSession,
  OrtEngine,
  PreparedRun,
  ResultTensor,
  RunInput,
  RunResult,
  TensorInfo,
} from "./ort-engine.js";
import { OrtFailure } from "./ort-failure.js";
import type { ProgramMemory } from "./program-memory.js";
import { type SessionOptions, webProviderName } from "./session-options.js";

/** What an open dimension is in session.inputMetadata: -1 as an unsigned number. */
const OPEN = 2 ** 32 - 1;

type ArrayType = new (
  buffer: ArrayBufferLike,
  byteOffset?: number,
  length?: number,
) => ArrayBufferView;

/** The arrays that ort.Tensor takes; 16-bit floats as their bits, where the engine has no such array. */
const ARRAYS: Readonly<Record<string, ArrayType>> = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  uint4: Uint8Array,
  int4: Int8Array,
};

const encoder = new TextEncoder();

function openDimension(size: number | string | undefined): Dimension {
  if (typeof size === "string") return { size: -1, symbol: size };
  return { size: size === undefined || size < 0 || size === OPEN ? -1 : size, symbol: "" };
}

function fromMetadata({ name, isTensor, type = "", shape = [] }: OrtValueMetadata): TensorInfo {
  if (!isTensor) return { name, type: 0, shape: [] };
  return { name, type: elementTypeNamed(type)?.value ?? 0, shape: shape.map(openDimension) };
}

/** What the file says of the names that the session has. */
function fromFile(
  names: readonly string[],
  declared: readonly TensorInfo[],
  freeDimensions: ReadonlyMap<string, number>,
): TensorInfo[] {
  return names.map((name) => {
    const info = declared.find((other) => other.name === name);
    if (!info) return { name, type: 0, shape: [] };
    const shape = info.shape.map((dimension) => {
      const size = freeDimensions.get(dimension.symbol);
      return size === undefined ? dimension : { size, symbol: "" };
    });
    return { name, type: info.type, shape };
  });
}

/** Views of an array's bytes. */
const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

class WebResultTensor implements ResultTensor {
  readonly type: number;
  readonly shape: readonly number[];
  readonly #data: Uint8Array;

  constructor({ type, dims, data }: OrtTensor) {
    const element = elementTypeNamed(type);
    if (!element)
      throw new OrtFailure("ORT_NOT_IMPLEMENTED", `tensors of element type ${type} are not known`);
    this.type = element.value;
    this.shape = dims;
    this.#data = ArrayBuffer.isView(data)
      ? bytesOf(data)
      : encoder.encode(data.map((text) => `${text}\0`).join(""));
  }

  get bytes(): number {
    return this.#data.length;
  }

  copyTo(memory: ProgramMemory, at: number): void {
    memory.u8.set(this.#data, at);
  }
}

class WebRun implements PreparedRun {
  readonly #session: OrtSession;
  readonly #feeds: Readonly<Record<string, OrtTensor>>;
  readonly #fetches: readonly string[];

  constructor(
    session: OrtSession,
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: readonly string[],
  ) {
    this.#session = session;
    this.#feeds = feeds;
    this.#fetches = fetches;
  }

  async run(): Promise<RunResult> {
    const fetched = await this.#session.run(this.#feeds, this.#fetches);
    const tensors = this.#fetches.map((name) => {
      const tensor = fetched[name];
      if (tensor) return new WebResultTensor(tensor);
      throw new OrtFailure("ORT_FAIL", `onnxruntime-web gave no output ${name}`);
    });
    // Arrays of JavaScript's: nothing has to be given back.
    return { tensors, release: () => {} };
  }

  discard(): void {}
}

class WebSession implements EngineSession {
  readonly #engine: WebEngine;
  readonly #session: OrtSession;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];

  constructor(
    engine: WebEngine,
    session: OrtSession,
    inputs: readonly TensorInfo[],
    outputs: readonly TensorInfo[],
  ) {
    this.#engine = engine;
    this.#session = session;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  prepare(
    inputs: readonly RunInput[],
    outputs: readonly number[],
    memory: ProgramMemory,
  ): PreparedRun {
    // Names may be those of Object's prototype.
    const feeds: Record<string, OrtTensor> = Object.create(null);
    for (const input of inputs)
      feeds[this.inputs[input.index]?.name ?? ""] = this.#engine.tensor(input, memory);
    return new WebRun(
      this.#session,
      feeds,
      outputs.map((index) => this.outputs[index]?.name ?? ""),
    );
  }

  async release(): Promise<void> {
    await this.#session.release?.();
  }
}

export class WebEngine implements OrtEngine {
  readonly #ort: OrtWeb;
  readonly version: string;
  readonly providers: readonly string[];
  readonly waits = true;
  /** The array of 16-bit floats, found out with the first of them. */
  #float16: ArrayType | undefined;

  private constructor(ort: OrtWeb) {
    this.#ort = ort;
    // 1.14 and 1.15 do not tell.
    this.version = ort.env.versions?.web ?? "1.14";
    this.providers = hasWebGpu(ort)
      ? ["WebGpuExecutionProvider", "CPUExecutionProvider"]
      : ["CPUExecutionProvider"];
  }

  /**
   * Starts ONNX Runtime, by running a model that does nothing: files that are not found are told now.
   *
   * @throws VoicepathError ORT_MISSING
   */
  static async start(
    ort: OrtWeb,
    wasmPaths: WasmPaths | undefined,
    numThreads: number | undefined,
  ): Promise<WebEngine> {
    configure(ort, wasmPaths, numThreads);
    try {
      const session = await ort.InferenceSession.create(IDENTITY_MODEL.slice(), {
        executionProviders: ["wasm"],
      });
      await session.release?.();
    } catch (cause) {
      throw new VoicepathError(
        "ORT_MISSING",
        `onnxruntime-web does not start; are its .wasm files where \`wasmPaths\` says? ${cause instanceof Error ? cause.message : cause}`,
        { cause },
      );
    }
    return new WebEngine(ort);
  }

  async createSession(
    model: Uint8Array,
    options: SessionOptions,
    onLost: (reason: string) => void,
  ): Promise<EngineSession> {
    let signature: ReturnType<typeof readOnnxSignature> | undefined;
    if (!this.#tellsTypes) {
      try {
        signature = readOnnxSignature(model);
      } catch (error) {
        if (!(error instanceof OnnxFormatError)) throw error;
        throw new OrtFailure("ORT_INVALID_PROTOBUF", `this is no ONNX model: ${error.message}`);
      }
    }
    // ONNX Runtime reads its bytes while JavaScript goes on, and the program's memory may grow.
    const session = await this.#ort.InferenceSession.create(model, webOptions(options));
    if (options.providers.some(({ name }) => webProviderName(name) === "webgpu"))
      this.#watchDevice(onLost);
    const { inputMetadata, outputMetadata, inputNames, outputNames } = session;
    return new WebSession(
      this,
      session,
      inputMetadata?.map(fromMetadata) ??
        fromFile(inputNames, signature?.inputs ?? [], options.freeDimensions),
      outputMetadata?.map(fromMetadata) ??
        fromFile(outputNames, signature?.outputs ?? [], options.freeDimensions),
    );
  }

  /** Sessions tell the types of their inputs and outputs since 1.22. */
  get #tellsTypes(): boolean {
    const [major = 0, minor = 0] = this.version.split(".").map(Number);
    return major > 1 || minor >= 22;
  }

  /** An input as a tensor with a copy of its data. */
  tensor(input: RunInput, memory: ProgramMemory): OrtTensor {
    const element = elementType(input.type);
    if (!element)
      throw new OrtFailure(
        "ORT_NOT_IMPLEMENTED",
        `onnxruntime-web takes no tensors of element type ${input.type}`,
      );
    const shape = input.shape.slice();
    if (element.value === STRING)
      return this.#make(element.type, memory.texts(input.at, input.bytes), shape);
    const { buffer } = memory.u8.slice(input.at, input.at + input.bytes);
    if (element.type === "float16") return this.#float16Tensor(buffer, shape);
    const Elements = ARRAYS[element.type] ?? Uint8Array;
    return this.#make(element.type, new Elements(buffer), shape);
  }

  #make(type: string, data: OrtData, shape: readonly number[]): OrtTensor {
    try {
      return new this.#ort.Tensor(type, data, shape);
    } catch (error) {
      throw new OrtFailure(
        "ORT_INVALID_ARGUMENT",
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  /** Versions differ in which array they want where the engine has a Float16Array. */
  #float16Tensor(buffer: ArrayBufferLike, shape: readonly number[]): OrtTensor {
    const { Float16Array } = globalThis as { Float16Array?: ArrayType };
    if (!this.#float16)
      try {
        new this.#ort.Tensor("float16", new Uint16Array(1), [1]);
        this.#float16 = Uint16Array;
      } catch {
        this.#float16 = Float16Array ?? Uint16Array;
      }
    return this.#make("float16", new this.#float16(buffer), shape);
  }

  /** The device is one for all sessions. */
  #watchDevice(onLost: (reason: string) => void): void {
    const webgpu = this.#ort.env.webgpu as { device?: GpuDevice | Promise<GpuDevice> } | undefined;
    Promise.resolve(webgpu?.device)
      .then((device) => device?.lost)
      .then((info) => {
        if (info) onLost(`the GPU device was lost: ${info.message || info.reason}`);
      })
      .catch(() => {
        // A device that cannot be had was told by the session that wanted it.
      });
  }
}

/** Of WebGPU's GPUDevice. */
interface GpuDevice {
  readonly lost: Promise<{ readonly message: string; readonly reason: string }>;
}

/** Whether the browser has WebGPU. */
function hasWebGpu(ort: OrtWeb): boolean {
  const { navigator } = globalThis as { navigator?: { gpu?: unknown } };
  return navigator?.gpu !== undefined && ort.env.webgpu !== undefined;
}

/** Settings are the page's, so what it has set stays where this program asks for nothing else. */
function configure(
  ort: OrtWeb,
  wasmPaths: WasmPaths | undefined,
  numThreads: number | undefined,
): void {
  const wasm = ort.env.wasm as { wasmPaths?: unknown; numThreads?: number };
  if (wasmPaths !== undefined) wasm.wasmPaths = wasmPaths;
  if (numThreads !== undefined) wasm.numThreads = numThreads;
  wasm.numThreads ??= 1;
}

/**
 * y = Identity(x), floats of shape [1]: ModelProto of IR version 7, opset 13. Nested messages are
 * { field, length, content }.
 */
// biome-ignore format: a line is a field
const IDENTITY_MODEL = Uint8Array.of(
  0x08, 7,                                                    // ir_version
  0x3a, 55,                                                   // graph
    0x0a, 16, 0x0a, 1, 0x78, 0x12, 1, 0x79,                   //   node: input "x", output "y",
      0x22, 8, 0x49, 0x64, 0x65, 0x6e, 0x74, 0x69, 0x74, 0x79, //     op_type "Identity"
    0x12, 1, 0x67,                                            //   name "g"
    0x5a, 15, 0x0a, 1, 0x78,                                  //   input "x"
      0x12, 10, 0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1,  //     float, [1]
    0x62, 15, 0x0a, 1, 0x79,                                  //   output "y"
      0x12, 10, 0x0a, 8, 0x08, 1, 0x12, 4, 0x0a, 2, 0x08, 1,
  0x42, 2, 0x10, 13,                                          // opset_import: version 13
);

/** As InferenceSession.create() takes them. */
function webOptions(options: SessionOptions): object {
  const { providers, config, freeDimensions, ...plain } = options;
  return {
    ...plain,
    executionProviders:
      providers.length === 0
        ? ["wasm"]
        : providers.map(({ name, options }) => ({ ...options, name: webProviderName(name) })),
    ...(config.size > 0 && { extra: Object.fromEntries(config) }),
    ...(freeDimensions.size > 0 && { freeDimensionOverrides: Object.fromEntries(freeDimensions) }),
  };
}
