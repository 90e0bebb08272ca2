/** ONNX Runtime's C API over onnxruntime-web: programs in C, run in the browser and in Node. */
export { type ErrorCode, VoicepathError } from "../errors.js";
export type { SpeechModel } from "../speech-model.js";
export type { ByteSource, WasmSource } from "../wasm.js";
export type {
  InnerModule,
  InnerModuleFactory,
  InnerModuleSource,
  WasmPaths,
} from "./inner-module.js";
export type {
  OrtData,
  OrtSession,
  OrtTensor,
  OrtValueMetadata,
  OrtWeb,
} from "./onnxruntime-web.js";
export { type OrtMode, OrtProgram, type OrtProgramOptions } from "./program.js";
export { SileroOnnx, type SileroOnnxOptions } from "./silero-onnx.js";
