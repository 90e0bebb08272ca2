/** What the C side gets to see of an error: an OrtErrorCode and a message. */
import { OrtErrorCode } from "./onnx.gen.js";

export class OrtFailure extends Error {
  override readonly name = "OrtFailure";
  /** OrtErrorCode, never ORT_OK. */
  readonly ortCode: number;

  constructor(code: keyof typeof OrtErrorCode | number, message: string) {
    super(message);
    this.ortCode = typeof code === "number" ? code : OrtErrorCode[code];
  }

  /** Of whatever onnxruntime-web has thrown. */
  static from(error: unknown): OrtFailure {
    if (error instanceof OrtFailure) return error;
    // Builds without C++ exceptions throw the address of one.
    if (typeof error === "number")
      return new OrtFailure("ORT_RUNTIME_EXCEPTION", `ONNX Runtime threw an exception at ${error}`);
    const message = error instanceof Error ? error.message : String(error);
    const told =
      /ERROR_CODE: (\d+), ERROR_MESSAGE: ([\s\S]*)/.exec(message) ??
      /error code = (\d+)/.exec(message);
    const code = Number(told?.[1] ?? 0);
    if (code > 0 && code <= LAST_CODE) return new OrtFailure(code, told?.[2] || message);
    return new OrtFailure(guess(error, message), message);
  }
}

const LAST_CODE = Math.max(...Object.values(OrtErrorCode));

/** onnxruntime-web's JavaScript throws errors of its own, which have no code. */
function guess(error: unknown, message: string): keyof typeof OrtErrorCode {
  const exhausted =
    error instanceof RangeError ||
    error instanceof WebAssembly.RuntimeError ||
    /out of memory|bad_alloc|\bOOM\b|failed to allocate/i.test(message);
  if (exhausted) return "ORT_RUNTIME_EXCEPTION";
  // "no available backend found. ERR: [webgpu] Error: Failed to get GPU adapter."
  if (message.startsWith("no available backend")) return "ORT_EP_FAIL";
  // "input 'x' is missing in 'feeds'", "Tensor's size(4) does not match data length(3)"
  if (/\bfeeds\b|\bfetches\b|does not match|unsupported|invalid|must be/i.test(message))
    return "ORT_INVALID_ARGUMENT";
  return "ORT_FAIL";
}
