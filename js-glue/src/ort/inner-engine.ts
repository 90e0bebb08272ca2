/**
 * Runs on onnxruntime-web's inner module: everything returns at once. Data goes from the program's
 * memory into ONNX Runtime's and back, without anything between.
 *
 * An input of a session keeps its tensor from run to run, since most runs have the shapes of the last:
 * then only its data is written anew.
 */
import { VoicepathError } from "../errors.js";
import { STRING, tensorBytes } from "./element-type.js";
import {
  type InnerModule,
  type InnerModuleSource,
  innerVersion,
  loadInnerModule,
  TESTED_MINORS,
  type WasmPaths,
} from "./inner-module.js";
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

/** OrtInit's and a session's: warnings. */
const LOG_LEVEL_WARNING = 2;
const CPU = 1;
const OPTIMIZATION_LEVELS: Readonly<Record<string, number>> = {
  disabled: 0,
  basic: 1,
  extended: 2,
  layout: 3,
  all: 99,
};

const encoder = new TextEncoder();

/** ONNX Runtime's memory, and its functions with failures thrown. */
class Inner {
  readonly module: InnerModule;
  /** What trapped or aborted is in no state to go on. */
  broken = false;
  /** Words for arguments and answers, used only between two calls. */
  #scratch = 0;
  #scratchWords = 0;

  constructor(module: InnerModule) {
    this.module = module;
  }

  allocate(bytes: number): number {
    const at = this.module._malloc(Math.max(bytes, 1)) >>> 0;
    if (at === 0)
      throw new OrtFailure(
        "ORT_RUNTIME_EXCEPTION",
        `ONNX Runtime has no memory for ${bytes} bytes`,
      );
    return at;
  }

  /** Does what enters ONNX Runtime. */
  enter<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.broken ||= error instanceof WebAssembly.RuntimeError;
      throw error;
    }
  }

  /** Room for so many words; what was there before is gone. */
  scratch(words: number): number {
    if (words > this.#scratchWords) {
      if (this.#scratch !== 0) this.module._free(this.#scratch);
      this.#scratchWords = 0;
      this.#scratch = 0;
      this.#scratch = this.allocate(4 * words);
      this.#scratchWords = words;
    }
    return this.#scratch;
  }

  /** Its memory as it is now, also after a thread of ONNX Runtime made it grow. */
  get u8(): Uint8Array {
    this.module.getValue(0, "i8");
    return this.module.HEAPU8;
  }

  word(at: number): number {
    return this.module.HEAPU32[at >>> 2] ?? 0;
  }

  setWord(at: number, value: number): void {
    this.module.HEAPU32[at >>> 2] = value;
  }

  /** A NUL-terminated copy, to be freed. */
  allocateText(text: string): number {
    const bytes = encoder.encode(`${text}\0`);
    const at = this.allocate(bytes.length);
    this.u8.set(bytes, at);
    return at;
  }

  /** Throws what ONNX Runtime says, if `failed`. */
  check(failed: boolean): void {
    if (!failed) return;
    const at = this.scratch(2);
    this.module._OrtGetLastError(at, at + 4);
    const code = this.module.HEAP32[at >>> 2] ?? 0;
    const message = this.module.UTF8ToString(this.word(at + 4));
    throw new OrtFailure(code > 0 ? code : "ORT_FAIL", message);
  }
}

/** An input's tensor and its data. Texts are pointers, followed by what they point to. */
class InputTensor {
  readonly #inner: Inner;
  #tensor = 0;
  #at = 0;
  #capacity = 0;
  #type = 0;
  #bytes = 0;
  #shape: number[] = [];

  constructor(inner: Inner) {
    this.#inner = inner;
  }

  get handle(): number {
    return this.#tensor;
  }

  /** Whether an address is in its data. */
  holds(at: number): boolean {
    return at >= this.#at && at < this.#at + this.#capacity;
  }

  fill(input: RunInput, memory: ProgramMemory): void {
    if (input.type === STRING) this.#fillTexts(memory.texts(input.at, input.bytes), input);
    else {
      this.#reserve(input.bytes, input);
      this.#inner.u8.set(memory.u8.subarray(input.at, input.at + input.bytes), this.#at);
    }
  }

  /** ONNX Runtime copies texts when it makes the tensor: they are written before, for each run. */
  #fillTexts(texts: readonly string[], input: RunInput): void {
    const encoded = encoder.encode(texts.map((text) => `${text}\0`).join(""));
    const pointersBytes = 4 * texts.length;
    this.#releaseTensor();
    this.#makeRoom(pointersBytes + encoded.length);
    const { u8 } = this.#inner;
    const start = this.#at + pointersBytes;
    u8.set(encoded, start);
    for (let i = 0, at = start; i < texts.length; i++) {
      this.#inner.setWord(this.#at + 4 * i, at);
      at = u8.indexOf(0, at) + 1;
    }
    this.#makeTensor(input, pointersBytes);
  }

  /** Makes the tensor that the input asks for, unless it is the one of the last run. */
  #reserve(bytes: number, input: RunInput): void {
    if (
      this.#tensor !== 0 &&
      bytes === this.#bytes &&
      input.type === this.#type &&
      sameShape(input.shape, this.#shape)
    )
      return;
    this.#releaseTensor();
    this.#makeRoom(bytes);
    this.#makeTensor(input, bytes);
  }

  #makeRoom(bytes: number): void {
    if (bytes <= this.#capacity && this.#at !== 0) return;
    if (this.#at !== 0) this.#inner.module._free(this.#at);
    this.#at = this.#capacity = 0;
    this.#at = this.#inner.allocate(bytes);
    this.#capacity = bytes;
  }

  #makeTensor(input: RunInput, bytes: number): void {
    const { module } = this.#inner;
    const rank = input.shape.length;
    const shapeAt = this.#inner.scratch(rank);
    for (let i = 0; i < rank; i++) this.#inner.setWord(shapeAt + 4 * i, input.shape[i] ?? 0);
    const tensor = module._OrtCreateTensor(input.type, this.#at, bytes, shapeAt, rank, CPU);
    this.#inner.check(tensor === 0);
    this.#tensor = tensor;
    this.#type = input.type;
    this.#bytes = bytes;
    this.#shape = input.shape.slice();
  }

  #releaseTensor(): void {
    if (this.#tensor !== 0) this.#inner.module._OrtReleaseTensor(this.#tensor);
    this.#tensor = 0;
  }

  release(): void {
    this.#releaseTensor();
    if (this.#at !== 0) this.#inner.module._free(this.#at);
    this.#at = this.#capacity = 0;
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

class InnerResultTensor implements ResultTensor {
  readonly #inner: Inner;
  readonly type: number;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Of the numbers; texts were copied out, because theirs are freed at once. */
  readonly at: number;
  readonly #texts: Uint8Array | undefined;

  /** Reads what the tensor is; it stays the caller's. */
  constructor(inner: Inner, tensor: number) {
    this.#inner = inner;
    const { module } = inner;
    const at = inner.scratch(4);
    inner.check(module._OrtGetTensorData(tensor, at, at + 4, at + 8, at + 12) !== 0);
    this.type = inner.word(at);
    this.at = inner.word(at + 4);
    const shapeAt = inner.word(at + 8);
    const shape: number[] = new Array(inner.word(at + 12));
    let elements = 1;
    for (let i = 0; i < shape.length; i++) elements *= shape[i] = inner.word(shapeAt + 4 * i);
    module._OrtFree(shapeAt);
    this.shape = shape;
    if (this.type === STRING) {
      this.#texts = this.#takeTexts(elements);
      this.bytes = this.#texts.length;
      return;
    }
    const bytes = tensorBytes(this.type, elements);
    if (bytes === undefined)
      throw new OrtFailure(
        "ORT_NOT_IMPLEMENTED",
        `onnxruntime-web cannot give tensors of element type ${this.type}`,
      );
    this.bytes = bytes;
  }

  #takeTexts(elements: number): Uint8Array {
    const { module } = this.#inner;
    let joined = "";
    for (let i = 0; i < elements; i++) {
      const text = this.#inner.word(this.at + 4 * i);
      // The last has a NUL behind it, the others end where the next begins.
      const next = i + 1 < elements ? this.#inner.word(this.at + 4 * (i + 1)) : undefined;
      joined += `${module.UTF8ToString(text, next === undefined ? undefined : next - text)}\0`;
    }
    module._free(this.at);
    return encoder.encode(joined);
  }

  copyTo(memory: ProgramMemory, at: number): void {
    const data = this.#texts ?? this.#inner.u8.subarray(this.at, this.at + this.bytes);
    memory.u8.set(data, at);
  }
}

class InnerResult implements RunResult {
  readonly #inner: Inner;
  readonly tensors: readonly ResultTensor[];
  readonly #handles: readonly number[];
  /** Inputs whose data an output is. */
  readonly #inputs: readonly InputTensor[];

  constructor(
    inner: Inner,
    tensors: readonly ResultTensor[],
    handles: readonly number[],
    inputs: readonly InputTensor[],
  ) {
    this.#inner = inner;
    this.tensors = tensors;
    this.#handles = handles;
    this.#inputs = inputs;
  }

  release(): void {
    for (const handle of this.#handles) this.#inner.module._OrtReleaseTensor(handle);
    for (const input of this.#inputs) input.release();
  }
}

/** A name, its copy in ONNX Runtime's memory, and what the model says of it. */
interface Port {
  readonly nameAt: number;
  readonly info: TensorInfo;
}

class InnerSession implements EngineSession {
  readonly #inner: Inner;
  readonly #session: number;
  readonly #inputPorts: readonly Port[];
  readonly #outputPorts: readonly Port[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** By input: the tensor that is not in use, for the next run. */
  readonly #spare: (InputTensor | undefined)[] = [];
  #released = false;

  constructor(inner: Inner, session: number) {
    this.#inner = inner;
    this.#session = session;
    const at = inner.scratch(2);
    inner.check(inner.module._OrtGetInputOutputCount(session, at, at + 4) !== 0);
    const inputCount = inner.word(at);
    const outputCount = inner.word(at + 4);
    const ports: Port[] = [];
    for (let i = 0; i < inputCount + outputCount; i++) ports.push(this.#readPort(i));
    this.#inputPorts = ports.slice(0, inputCount);
    this.#outputPorts = ports.slice(inputCount);
    this.inputs = this.#inputPorts.map(({ info }) => info);
    this.outputs = this.#outputPorts.map(({ info }) => info);
  }

  /** Metadata are words: type, rank, names of the dimensions, sizes. Not for what is no tensor. */
  #readPort(index: number): Port {
    const inner = this.#inner;
    const { module } = inner;
    const at = inner.scratch(2);
    inner.check(module._OrtGetInputOutputMetadata(this.#session, index, at, at + 4) !== 0);
    const nameAt = inner.word(at);
    const metadata = inner.word(at + 4);
    const name = module.UTF8ToString(nameAt);
    const type = inner.word(metadata);
    const shape: Dimension[] = [];
    const rank = type === 0 ? 0 : inner.word(metadata + 4);
    for (let i = 0; i < rank; i++) {
      const symbolAt = inner.word(metadata + 8 + 4 * i);
      const symbol = symbolAt === 0 ? "" : module.UTF8ToString(symbolAt);
      const size = module.HEAP32[(metadata + 8 + 4 * (rank + i)) >>> 2] ?? -1;
      shape.push({ size: symbol === "" ? size : -1, symbol });
    }
    module._OrtFree(metadata);
    return { nameAt, info: { name, type, shape } };
  }

  prepare(
    inputs: readonly RunInput[],
    outputs: readonly number[],
    memory: ProgramMemory,
  ): PreparedRun {
    const missing = this.inputs.find((_, i) => !inputs.some(({ index }) => index === i));
    if (missing) throw new OrtFailure("ORT_INVALID_ARGUMENT", `input "${missing.name}" is missing`);
    const taken: InputTensor[] = [];
    const indices: number[] = [];
    try {
      for (const input of inputs) {
        const tensor = this.#spare[input.index] ?? new InputTensor(this.#inner);
        this.#spare[input.index] = undefined;
        taken.push(tensor);
        indices.push(input.index);
        tensor.fill(input, memory);
      }
    } catch (error) {
      for (const tensor of taken) tensor.release();
      throw error;
    }
    return new InnerRun(this, taken, indices, outputs.slice());
  }

  run(
    inputs: readonly InputTensor[],
    indices: readonly number[],
    outputs: readonly number[],
  ): RunResult {
    const inner = this.#inner;
    const inputCount = inputs.length;
    const outputCount = outputs.length;
    const inputNames = inner.scratch(2 * (inputCount + outputCount));
    const inputTensors = inputNames + 4 * inputCount;
    const outputNames = inputTensors + 4 * inputCount;
    const outputTensors = outputNames + 4 * outputCount;
    for (let i = 0; i < inputCount; i++) {
      inner.setWord(inputNames + 4 * i, this.#inputPorts[indices[i] ?? -1]?.nameAt ?? 0);
      inner.setWord(inputTensors + 4 * i, inputs[i]?.handle ?? 0);
    }
    for (let i = 0; i < outputCount; i++) {
      inner.setWord(outputNames + 4 * i, this.#outputPorts[outputs[i] ?? -1]?.nameAt ?? 0);
      inner.setWord(outputTensors + 4 * i, 0);
    }
    const failed: unknown = inner.enter(() =>
      inner.module._OrtRun(
        this.#session,
        inputNames,
        inputTensors,
        inputCount,
        outputNames,
        outputCount,
        outputTensors,
        0,
      ),
    );
    requireNow(failed, "_OrtRun");
    inner.check(failed !== 0);
    const handles = outputs.map((_, i) => inner.word(outputTensors + 4 * i));
    return this.#result(handles, inputs, indices);
  }

  #result(
    handles: readonly number[],
    inputs: readonly InputTensor[],
    indices: readonly number[],
  ): RunResult {
    const tensors: InnerResultTensor[] = [];
    try {
      for (const handle of handles) tensors.push(new InnerResultTensor(this.#inner, handle));
    } catch (error) {
      for (const handle of handles) this.#inner.module._OrtReleaseTensor(handle);
      throw error;
    }
    // An output that is an input of the model itself has that input's data: it is the result's now.
    const lent: InputTensor[] = [];
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (!input) continue;
      if (tensors.some(({ at }) => input.holds(at))) lent.push(input);
      else this.giveBack(indices[i] ?? -1, input);
    }
    return new InnerResult(this.#inner, tensors, handles, lent);
  }

  /** Keeps an input's tensor for the next run. */
  giveBack(index: number, tensor: InputTensor): void {
    if (this.#released || this.#spare[index]) tensor.release();
    else this.#spare[index] = tensor;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    const { module } = this.#inner;
    for (const tensor of this.#spare) tensor?.release();
    for (const { nameAt } of [...this.#inputPorts, ...this.#outputPorts]) module._OrtFree(nameAt);
    module._OrtReleaseSession(this.#session);
  }
}

class InnerRun implements PreparedRun {
  readonly #session: InnerSession;
  readonly #inputs: readonly InputTensor[];
  readonly #indices: readonly number[];
  readonly #outputs: readonly number[];

  constructor(
    session: InnerSession,
    inputs: readonly InputTensor[],
    indices: readonly number[],
    outputs: readonly number[],
  ) {
    this.#session = session;
    this.#inputs = inputs;
    this.#indices = indices;
    this.#outputs = outputs;
  }

  run(): RunResult {
    try {
      return this.#session.run(this.#inputs, this.#indices, this.#outputs);
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  discard(): void {
    this.#inputs.forEach((input, i) => {
      this.#session.giveBack(this.#indices[i] ?? -1, input);
    });
  }
}

/** By where it comes from: one instance holds the sessions of all programs. */
const instances = new WeakMap<object, Map<string, Promise<Inner>>>();
const INSTALLED = {};

async function startOnce(
  given: InnerModuleSource | undefined,
  wasmPaths: WasmPaths | undefined,
  numThreads: number,
): Promise<Inner> {
  const source = given ?? INSTALLED;
  const started = instances.get(source) ?? new Map<string, Promise<Inner>>();
  instances.set(source, started);
  const settings = JSON.stringify([wasmPaths, numThreads]);
  // Asked at once where there is none, so that two programs loaded together start it once.
  const known = started.get(settings);
  if (known && !(await known).broken) return known;
  const starting = loadInnerModule(given, wasmPaths, numThreads).then((module) => {
    const inner = new Inner(module);
    inner.check(module._OrtInit(numThreads, LOG_LEVEL_WARNING) !== 0);
    return inner;
  });
  started.set(settings, starting);
  // The next may try again.
  starting.catch(() => started.delete(settings));
  return starting;
}

function requireNow(answer: unknown, name: string): void {
  if (typeof answer !== "number")
    throw new OrtFailure("ORT_NOT_IMPLEMENTED", `${name} does not answer at once in this build`);
}

export class InnerEngine implements OrtEngine {
  readonly #inner: Inner;
  readonly version: string;
  readonly providers = ["CPUExecutionProvider"];
  readonly waits = false;

  private constructor(inner: Inner, version: string) {
    this.#inner = inner;
    this.version = version;
  }

  /**
   * @param given - the option `innerModule`
   * @param anyVersion - whether versions that were not tested are taken, with a warning
   * @throws VoicepathError ORT_MISSING, ORT_UNSUPPORTED
   */
  static async start(
    given: InnerModuleSource | undefined,
    wasmPaths: WasmPaths | undefined,
    numThreads: number,
    anyVersion: boolean,
    onWarning: (message: string) => void,
  ): Promise<InnerEngine> {
    const inner = await startOnce(given, wasmPaths, numThreads);
    const version = innerVersion(inner.module);
    const minor = version?.replace(/\.\d+$/, "") ?? "";
    if (!TESTED_MINORS.includes(minor)) {
      const why = `onnxruntime-web's inner module of version ${version ?? "unknown"} was not tested, only those of ${TESTED_MINORS.join(", ")}`;
      if (!anyVersion) throw new VoicepathError("ORT_UNSUPPORTED", why);
      onWarning(why);
    }
    return new InnerEngine(inner, version ?? "unknown");
  }

  createSession(model: Uint8Array, options: SessionOptions): EngineSession {
    const inner = this.#inner;
    const { module } = inner;
    const texts: number[] = [];
    let optionsHandle = 0;
    let modelAt = 0;
    try {
      optionsHandle = this.#createOptions(options, texts);
      modelAt = inner.allocate(model.length);
      inner.u8.set(model, modelAt);
      const session: unknown = inner.enter(() =>
        module._OrtCreateSession(modelAt, model.length, optionsHandle),
      );
      requireNow(session, "_OrtCreateSession");
      inner.check(session === 0);
      try {
        return new InnerSession(inner, Number(session));
      } catch (error) {
        module._OrtReleaseSession(Number(session));
        throw error;
      }
    } finally {
      if (modelAt !== 0) module._free(modelAt);
      if (optionsHandle !== 0) module._OrtReleaseSessionOptions(optionsHandle);
      for (const text of texts) module._free(text);
    }
  }

  /** @param texts - gets what to free when the session is made */
  #createOptions(options: SessionOptions, texts: number[]): number {
    const inner = this.#inner;
    const { module } = inner;
    const text = (value: string): number => {
      const at = inner.allocateText(value);
      texts.push(at);
      return at;
    };
    for (const { name } of options.providers)
      if (webProviderName(name) !== "wasm")
        throw new OrtFailure(
          "ORT_INVALID_ARGUMENT",
          `execution provider ${name} is not available in mode "sync", only CPU`,
        );
    const handle = module._OrtCreateSessionOptions(
      OPTIMIZATION_LEVELS[options.graphOptimizationLevel ?? "all"] ?? 99,
      options.enableCpuMemArena ?? false,
      options.enableMemPattern ?? false,
      options.executionMode === "parallel" ? 1 : 0,
      false,
      0,
      options.logId === undefined ? 0 : text(options.logId),
      options.logSeverityLevel ?? LOG_LEVEL_WARNING,
      options.logVerbosityLevel ?? 0,
      0,
    );
    inner.check(handle === 0);
    try {
      for (const [name, size] of options.freeDimensions)
        inner.check(module._OrtAddFreeDimensionOverride(handle, text(name), size) !== 0);
      for (const [key, value] of options.config)
        inner.check(module._OrtAddSessionConfigEntry(handle, text(key), text(value)) !== 0);
    } catch (error) {
      module._OrtReleaseSessionOptions(handle);
      throw error;
    }
    return handle;
  }
}
