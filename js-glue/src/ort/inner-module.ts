/**
 * onnxruntime-web's inner module, `onnxruntime-web/ort-wasm-simd-threaded.mjs`: Emscripten's glue of
 * ONNX Runtime itself, on which the public interface is built. Its functions return at once, which is
 * what C wants; they are not documented, so only tested versions are used without being asked for.
 */
import { VoicepathError } from "../errors.js";

/** Emscripten's module of ONNX Runtime. Addresses are in its own memory, not in the program's. */
export interface InnerModule {
  /** Views of its memory, replaced when it grows. */
  readonly HEAPU8: Uint8Array;
  readonly HEAP32: Int32Array;
  readonly HEAPU32: Uint32Array;
  readonly PTR_SIZE: number;
  getValue(at: number, type: string): number;
  UTF8ToString(at: number, maxBytes?: number): string;
  _malloc(bytes: number): number;
  _free(at: number): void;
  _OrtInit(numThreads: number, logLevel: number): number;
  _OrtGetLastError(codeAt: number, messageAt: number): number;
  _OrtCreateSessionOptions(
    graphOptimizationLevel: number,
    enableCpuMemArena: boolean,
    enableMemPattern: boolean,
    executionMode: number,
    enableProfiling: boolean,
    profilePrefix: number,
    logId: number,
    logSeverityLevel: number,
    logVerbosityLevel: number,
    optimizedModelPath: number,
  ): number;
  _OrtAddFreeDimensionOverride(options: number, name: number, value: number): number;
  _OrtAddSessionConfigEntry(options: number, key: number, value: number): number;
  _OrtReleaseSessionOptions(options: number): number;
  _OrtCreateSession(model: number, bytes: number, options: number): number;
  _OrtReleaseSession(session: number): number;
  _OrtGetInputOutputCount(session: number, inputsAt: number, outputsAt: number): number;
  _OrtGetInputOutputMetadata(
    session: number,
    index: number,
    nameAt: number,
    metadataAt: number,
  ): number;
  _OrtFree(at: number): number;
  _OrtCreateTensor(
    type: number,
    data: number,
    bytes: number,
    shape: number,
    rank: number,
    location: number,
  ): number;
  _OrtGetTensorData(
    tensor: number,
    typeAt: number,
    dataAt: number,
    shapeAt: number,
    rankAt: number,
  ): number;
  _OrtReleaseTensor(tensor: number): number;
  _OrtRun(
    session: number,
    inputNames: number,
    inputs: number,
    inputCount: number,
    outputNames: number,
    outputCount: number,
    outputs: number,
    runOptions: number,
  ): number;
}

/** The default export of `onnxruntime-web/ort-wasm-simd-threaded.mjs`. */
export type InnerModuleFactory = (options: object) => Promise<unknown>;

/** The factory, or what loads the module that has it. */
export type InnerModuleSource =
  | InnerModuleFactory
  | (() => Promise<{ default: InnerModuleFactory }>);

/** Where ONNX Runtime's own files are, if not beside its JavaScript. */
export type WasmPaths = string | { readonly wasm?: string | URL; readonly mjs?: string | URL };

/**
 * The minor versions whose inner module was tested. To add one: install it as a dev dependency
 * `onnxruntime-web-<minor>`, add it here, and run tests/js/ort-versions.test.ts, which fails while the
 * two lists differ or a result does.
 */
export const TESTED_MINORS: readonly string[] = ["1.22", "1.24", "1.30"];

const FUNCTIONS = [
  "getValue",
  "UTF8ToString",
  "_malloc",
  "_free",
  "_OrtInit",
  "_OrtGetLastError",
  "_OrtCreateSessionOptions",
  "_OrtAddFreeDimensionOverride",
  "_OrtAddSessionConfigEntry",
  "_OrtReleaseSessionOptions",
  "_OrtCreateSession",
  "_OrtReleaseSession",
  "_OrtGetInputOutputCount",
  "_OrtGetInputOutputMetadata",
  "_OrtFree",
  "_OrtCreateTensor",
  "_OrtGetTensorData",
  "_OrtReleaseTensor",
  "_OrtRun",
] as const satisfies readonly (keyof InnerModule)[];

function requireInnerModule(module: unknown): InnerModule {
  const found = module as InnerModule;
  const missing = FUNCTIONS.filter((name) => typeof found[name] !== "function");
  if (missing.length > 0)
    throw new VoicepathError(
      "ORT_UNSUPPORTED",
      `onnxruntime-web's inner module has no ${missing.join(", ")}: it is older than 1.22`,
    );
  if (found.PTR_SIZE !== 4)
    throw new VoicepathError("ORT_UNSUPPORTED", "onnxruntime-web's inner module is a 64-bit build");
  return found;
}

/**
 * The version of the ONNX Runtime inside, which nothing there tells but a text among its constants;
 * undefined when it is not found, or not the only one of its form.
 */
export function innerVersion(module: InnerModule): string | undefined {
  // Constants lie before the heap. Copied, because a decoder takes no shared memory.
  const end = module._malloc(1);
  module._free(end);
  const constants = new TextDecoder("latin1").decode(module.HEAPU8.slice(0, end));
  const versions = new Set<string>();
  for (const [, version] of constants.matchAll(/\0(\d+\.\d+\.\d+)(?=\0)/g))
    if (version !== undefined) versions.add(version);
  return versions.size === 1 ? [...versions][0] : undefined;
}

/**
 * Node and import maps find it. Bundlers must not look for it: beside an onnxruntime-web that is too old
 * to have it they stop, also in applications that never use it.
 */
const INSTALLED: string = "onnxruntime-web/ort-wasm-simd-threaded.mjs";

/** An address as the page means it; an import's would be relative to this file. */
function fromPage(address: string | URL): string {
  const { location } = globalThis as { location?: { href: string } };
  return location ? new URL(address, location.href).href : String(address);
}

async function loadFactory(
  given: InnerModuleSource | undefined,
  mjs: string | URL | undefined,
): Promise<unknown> {
  if (given) return given;
  try {
    if (mjs !== undefined)
      return await import(/* webpackIgnore: true */ /* @vite-ignore */ fromPage(mjs));
    return await import(/* webpackIgnore: true */ /* @vite-ignore */ INSTALLED);
  } catch (cause) {
    throw new VoicepathError(
      "ORT_MISSING",
      `${INSTALLED} cannot be loaded: install onnxruntime-web 1.24 or later and pass ` +
        `innerModule: () => import("${INSTALLED}"), or the file's address as wasmPaths.mjs`,
      { cause },
    );
  }
}

/** How Emscripten's glue is told where its wasm file is. */
function located(wasmPaths: WasmPaths | undefined): object {
  const wasm = typeof wasmPaths === "string" ? undefined : wasmPaths?.wasm;
  if (wasm !== undefined) return { locateFile: () => String(wasm) };
  if (typeof wasmPaths === "string") return { locateFile: (file: string) => wasmPaths + file };
  return {};
}

/**
 * Makes an instance of the inner module.
 *
 * @throws VoicepathError ORT_MISSING, ORT_UNSUPPORTED
 */
export async function loadInnerModule(
  given: InnerModuleSource | undefined,
  wasmPaths: WasmPaths | undefined,
  numThreads: number,
): Promise<InnerModule> {
  const mjs =
    typeof wasmPaths === "string" ? `${wasmPaths}ort-wasm-simd-threaded.mjs` : wasmPaths?.mjs;
  const options = { numThreads, ...located(wasmPaths) };
  let made: unknown;
  try {
    made = await start(await loadFactory(given, mjs), options);
  } catch (cause) {
    if (cause instanceof VoicepathError) throw cause;
    throw new VoicepathError(
      "ORT_MISSING",
      `onnxruntime-web's inner module does not start: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  return requireInnerModule(made);
}

/**
 * `innerModule` is the factory, or a function that imports its module: both are functions without a
 * declared form, told apart by what they return.
 */
async function start(factory: unknown, options: object): Promise<unknown> {
  const made = await (typeof factory === "function" ? factory(options) : factory);
  const inner = (made as { default?: unknown } | undefined)?.default;
  return typeof inner === "function" ? inner({ ...options }) : made;
}
