/** A session's options, read from the pairs of texts that host.h describes. */
import { OrtFailure } from "./ort-failure.js";

export interface ExecutionProvider {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What was set; onnxruntime-web's defaults for everything else. */
export interface SessionOptions {
  graphOptimizationLevel?: string;
  executionMode?: string;
  intraOpNumThreads?: number;
  interOpNumThreads?: number;
  enableMemPattern?: boolean;
  enableCpuMemArena?: boolean;
  logId?: string;
  logSeverityLevel?: number;
  logVerbosityLevel?: number;
  readonly providers: ExecutionProvider[];
  /** Session configuration entries, "session.disable_prepacking": "1". */
  readonly config: Map<string, string>;
  readonly freeDimensions: Map<string, number>;
}

const CHOICES = {
  graphOptimizationLevel: ["disabled", "basic", "extended", "layout", "all"],
  executionMode: ["sequential", "parallel"],
} as const;

export const defaultSessionOptions = (): SessionOptions => ({
  providers: [],
  config: new Map(),
  freeDimensions: new Map(),
});

function decimal(key: string, value: string): number {
  if (/^-?\d{1,10}$/.test(value)) return Number(value);
  throw new OrtFailure("ORT_INVALID_ARGUMENT", `session option ${key} is "${value}", not a number`);
}

/** @throws OrtFailure ORT_INVALID_ARGUMENT */
export function readSessionOptions(texts: readonly string[]): SessionOptions {
  const options = defaultSessionOptions();
  for (let i = 0; i + 1 < texts.length; i += 2) set(options, texts[i] ?? "", texts[i + 1] ?? "");
  return options;
}

function set(options: SessionOptions, key: string, value: string): void {
  switch (key) {
    case "graphOptimizationLevel":
    case "executionMode":
      if (!CHOICES[key].some((choice) => choice === value))
        throw new OrtFailure(
          "ORT_INVALID_ARGUMENT",
          `session option ${key} is "${value}"; it must be one of ${CHOICES[key].join(", ")}`,
        );
      options[key] = value;
      return;
    case "intraOpNumThreads":
    case "interOpNumThreads":
    case "logSeverityLevel":
    case "logVerbosityLevel":
      options[key] = decimal(key, value);
      return;
    case "enableMemPattern":
    case "enableCpuMemArena":
      options[key] = value === "1";
      return;
    case "logId":
      options.logId = value;
      return;
    case "executionProvider":
      options.providers.push({ name: value, options: {} });
      return;
  }
  const dot = key.indexOf(".");
  const rest = key.slice(dot + 1);
  switch (key.slice(0, dot)) {
    case "config":
      options.config.set(rest, value);
      return;
    case "freeDimension":
      options.freeDimensions.set(rest, decimal(key, value));
      return;
    case "executionProvider": {
      const provider = options.providers.pop();
      if (!provider) break;
      options.providers.push({ ...provider, options: { ...provider.options, [rest]: value } });
      return;
    }
  }
  throw new OrtFailure("ORT_INVALID_ARGUMENT", `unknown session option "${key}"`);
}

/** onnxruntime-web's name of a provider that the C API names "WebGPU" or "WebGpuExecutionProvider". */
export function webProviderName(name: string): string {
  const bare = name.toLowerCase().replace(/executionprovider$/, "");
  if (bare === "cpu") return "wasm";
  return bare === "js" ? "webgpu" : bare;
}
