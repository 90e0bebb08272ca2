/**
 * onnxruntime-web's public interface, as far as it is used here. Written down, and not imported, so
 * that this package's types compile where onnxruntime-web is not installed.
 */
import { VoicepathError } from "../errors.js";

/** Elements of a tensor; texts come as an array. */
export type OrtData = ArrayBufferView | readonly string[];

/** `ort.Tensor`. */
export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: OrtData;
  dispose?(): void;
}

/** What a session of onnxruntime-web 1.22 and later says of an input or output. */
export interface OrtValueMetadata {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  /** A dimension that the model leaves open is its name, or 4294967295. */
  readonly shape?: readonly (number | string | undefined)[];
}

/** `ort.InferenceSession`. */
export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata?: readonly OrtValueMetadata[];
  readonly outputMetadata?: readonly OrtValueMetadata[];
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, OrtTensor>>>;
  /** Since 1.15. */
  release?(): Promise<void>;
}

/** The module `onnxruntime-web`, 1.14 or later, of any of its builds. */
export interface OrtWeb {
  readonly InferenceSession: {
    create(model: Uint8Array, options?: object): Promise<OrtSession>;
  };
  readonly Tensor: new (type: string, data: OrtData, dims: readonly number[]) => OrtTensor;
  readonly env: {
    readonly versions?: { readonly web?: string | undefined };
    readonly wasm: object;
    readonly webgpu?: object;
  };
}

function isOrtWeb(value: unknown): value is OrtWeb {
  return (
    typeof value === "object" &&
    value !== null &&
    "InferenceSession" in value &&
    "Tensor" in value &&
    "env" in value
  );
}

/** The module, or what a CommonJS build has as its default export. */
function unwrap(module: unknown): OrtWeb {
  if (isOrtWeb(module)) return module;
  const inner = (module as { default?: unknown } | undefined)?.default;
  if (isOrtWeb(inner)) return inner;
  throw new VoicepathError("ORT_MISSING", "`ort` is not the module onnxruntime-web");
}

/** The installed one. Bundlers do without what is awaited right inside a try. */
async function importInstalled(): Promise<unknown> {
  try {
    return await import("onnxruntime-web");
  } catch (cause) {
    // What onnxruntime-web's own script tag leaves.
    const { ort } = globalThis as { ort?: unknown };
    if (isOrtWeb(ort)) return ort;
    throw new VoicepathError(
      "ORT_MISSING",
      "onnxruntime-web cannot be loaded: install it (npm install onnxruntime-web), or pass its module as `ort`",
      { cause },
    );
  }
}

/** The `ort` option's module, or the one that is installed, or that of a script tag. */
export async function loadOrtWeb(
  given: OrtWeb | (() => Promise<OrtWeb>) | undefined,
): Promise<OrtWeb> {
  if (given === undefined) return unwrap(await importInstalled());
  if (typeof given !== "function") return unwrap(given);
  try {
    return unwrap(await given());
  } catch (cause) {
    if (cause instanceof VoicepathError) throw cause;
    throw new VoicepathError("ORT_MISSING", "the `ort` option could not load onnxruntime-web", {
      cause,
    });
  }
}
