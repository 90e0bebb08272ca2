/**
 * What runs models: the border between the host functions, which speak the C side's language, and
 * onnxruntime-web, whose two interfaces (web-engine.ts, inner-engine.ts) fit behind it.
 *
 * What an engine answers at once in one case and later in another is `T | Promise<T>`; one that `waits`
 * always answers with promises, one that does not never does. Failures are thrown as they come;
 * OrtFailure.from() reads them.
 */
import type { ProgramMemory } from "./program-memory.js";
import type { SessionOptions } from "./session-options.js";

export interface Dimension {
  /** -1 where the model leaves it open. */
  readonly size: number;
  /** The name of an open dimension, or "". */
  readonly symbol: string;
}

/** What a model says of an input or output. */
export interface TensorInfo {
  readonly name: string;
  /** ONNXTensorElementDataType; 0 for what is no tensor. */
  readonly type: number;
  readonly shape: readonly Dimension[];
}

/** An input of a run; its data is in the program's memory. The object is used again for other runs. */
export interface RunInput {
  index: number;
  type: number;
  shape: number[];
  at: number;
  bytes: number;
}

export interface ResultTensor {
  readonly type: number;
  readonly shape: readonly number[];
  /** Of texts: with a NUL behind each. */
  readonly bytes: number;
  /** Copies the data into the program's memory. */
  copyTo(memory: ProgramMemory, at: number): void;
}

/** Tensors in the order asked for, until released. */
export interface RunResult {
  readonly tensors: readonly ResultTensor[];
  release(): void;
}

/** A run whose inputs were copied, to be run or discarded once. */
export interface PreparedRun {
  run(): RunResult | Promise<RunResult>;
  discard(): void;
}

export interface EngineSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Copies the inputs: the program's memory may change afterwards. */
  prepare(
    inputs: readonly RunInput[],
    outputs: readonly number[],
    memory: ProgramMemory,
  ): PreparedRun;
  release(): void | Promise<void>;
}

export interface OrtEngine {
  /** Of onnxruntime-web. */
  readonly version: string;
  /** By ONNX Runtime's names, best first. */
  readonly providers: readonly string[];
  /** Whether it answers with promises. */
  readonly waits: boolean;
  createSession(
    model: Uint8Array,
    options: SessionOptions,
    onLost: (reason: string) => void,
  ): EngineSession | Promise<EngineSession>;
}
