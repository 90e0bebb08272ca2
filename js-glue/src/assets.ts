/** Where the package's own files are. Bundlers read these expressions and copy the files. */
import { optionError } from "./errors.js";

/** Silero VAD 5.1 or 6.2. */
export type ModelVersion = "v5" | "v6";

/** `f16` is half the download, and differs by at most .003 in probability; `f32` is exact. */
export type ModelPrecision = "f16" | "f32";

export function audioWasmURL(): URL {
  return new URL("./assets/audio.wasm", import.meta.url);
}

export function sessionWasmURL(): URL {
  return new URL("./assets/session.wasm", import.meta.url);
}

export function micProcessorURL(): URL {
  return new URL("./assets/mic-processor.js", import.meta.url);
}

export function playerProcessorURL(): URL {
  return new URL("./assets/player-processor.js", import.meta.url);
}

/** The program of `SileroOnnx`. */
export function sileroOnnxWasmURL(): URL {
  return new URL("./assets/silero-onnx.wasm", import.meta.url);
}

/** The same, for mode "asyncify". */
export function sileroOnnxAsyncifyURL(): URL {
  return new URL("./assets/silero-onnx.asyncify.wasm", import.meta.url);
}

export function modelURL(version: ModelVersion, precision: ModelPrecision): URL {
  switch (`${version}-${precision}`) {
    case "v5-f16":
      return new URL("./assets/silero-v5-f16.vpw", import.meta.url);
    case "v5-f32":
      return new URL("./assets/silero-v5-f32.vpw", import.meta.url);
    case "v6-f16":
      return new URL("./assets/silero-v6-f16.vpw", import.meta.url);
    case "v6-f32":
      return new URL("./assets/silero-v6-f32.vpw", import.meta.url);
  }
  throw optionError("precision", precision, '"f16" or "f32"');
}

/** Silero 4, which vad-web calls legacy, for ONNX Runtime. */
export function legacyModelURL(): URL {
  return new URL("./assets/silero-legacy.onnx", import.meta.url);
}

/** @throws VoicepathError OPTION */
export function requireModelVersion(version: unknown): ModelVersion {
  if (version === "v5" || version === "v6") return version;
  throw optionError("model", version, '"v5" or "v6"');
}
