import { STATUSES } from "./abi.gen.js";

/** What went wrong, for programs; the C side's statuses have the same names there. */
export type ErrorCode =
  /** The C side refused: `VP_E_RATE` and its siblings in `status.def`. */
  | `VP_E_${string}`
  /** An option has a value outside its range; `option`, `value` and `range` say which. */
  | "OPTION"
  /** The object was disposed before this call. */
  | "DISPOSED"
  /** A task was not done by its deadline. */
  | "DEADLINE"
  /** A fake clock cannot go on: alarms are set again and again for the same time. */
  | "CLOCK"
  /** The WebGL context is lost, or cannot do what was asked. */
  | "GL_CONTEXT"
  /** An address is malformed: `option` says which one. */
  | "ENDPOINT"
  /** An https page may not reach this ws or http address: browsers refuse it. */
  | "MIXED_CONTENT"
  /** The outbox is full and was asked to say so, or the player's buffer is. */
  | "QUEUE_FULL"
  /** An audio clip is malformed, or of a kind that cannot be decoded: `option` says which field. */
  | "CLIP"
  /** A file could not be fetched. */
  | "ASSET_MISSING"
  /** A file arrived, but it is an HTML page: usually a bundler or server that did not copy it. */
  | "ASSET_HTML"
  /** The bytes are no WebAssembly. */
  | "WASM_INVALID"
  /** This engine has no WebAssembly SIMD. */
  | "WASM_NO_SIMD"
  /** The wasm file was built from other sources than this JavaScript. */
  | "WASM_MISMATCH"
  /** The weights or the .onnx file are of another model than the one asked for. */
  | "MODEL_MISMATCH"
  /** A model could not judge a frame. */
  | "MODEL_FAILED"
  /** The AudioContext is closed, or the page has no AudioWorklet. */
  | "CONTEXT_UNUSABLE"
  /** The worklet's module could not be loaded or failed on the audio thread. */
  | "WORKLET_FAILED"
  /** onnxruntime-web is not installed, or its own files are not found. */
  | "ORT_MISSING"
  /** No mode of `OrtProgram` works here, or the one asked for does not; the message says why. */
  | "ORT_UNSUPPORTED"
  /** The program lacks what `voicepath::ort` gives it, asks for an unknown import, or has no such export. */
  | "ORT_PROGRAM"
  /** The program trapped; it cannot be called any more. */
  | "ORT_TRAP"
  /** What `callNow` entered had to wait: it is for `call`. */
  | "ORT_WAITS"
  /** The microphone was refused, is missing, or its device disappeared. */
  | "MICROPHONE";

export interface ErrorDetails {
  readonly option?: string;
  readonly value?: unknown;
  readonly range?: string;
  readonly cause?: unknown;
}

/** Every error that voicepath throws on purpose. */
export class VoicepathError extends Error {
  override readonly name = "VoicepathError";
  readonly code: ErrorCode;
  /** The option at fault, its value and the allowed range, where the error is about one. */
  readonly option: string | undefined;
  readonly value: unknown;
  readonly range: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.option = details.option;
    this.value = details.value;
    this.range = details.range;
  }
}

/** Throws for the negative statuses of the C side, passes counts on. */
export function checkStatus(status: number): number {
  if (status >= 0) return status;
  const known = STATUSES.get(status);
  throw new VoicepathError(
    (known?.code ?? "VP_E_UNKNOWN") as ErrorCode,
    known?.message ?? `unknown status ${status}`,
  );
}

/** Never throws: an object may be without a usable toString. */
function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return Object.prototype.toString.call(value);
  return typeof value === "function" ? "a function" : String(value);
}

export function optionError(option: string, value: unknown, range: string): VoicepathError {
  return new VoicepathError("OPTION", `${option} is ${describe(value)}; it must be ${range}`, {
    option,
    value,
    range,
  });
}

/** A number in [min, max], or an error that names the option; NaN and non-numbers fail. */
export function requireNumber(option: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  const range = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `${min} to ${max}`;
  throw optionError(option, value, `a number, ${range}`);
}

export function requireInteger(option: string, value: unknown, min: number, max: number): number {
  if (Number.isInteger(value)) return requireNumber(option, value, min, max);
  throw optionError(option, value, `an integer, ${min} to ${max}`);
}

export function requireBoolean(option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw optionError(option, value, "true or false");
}

export function requireFunction<F>(option: string, value: F): F {
  if (typeof value === "function") return value;
  throw optionError(option, value, "a function");
}

export function requireSamples(option: string, value: unknown): Float32Array {
  if (value instanceof Float32Array) return value;
  throw optionError(option, value, "a Float32Array");
}
