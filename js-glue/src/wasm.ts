/** From a file, wherever it is, to a checked instance. */
import {
  ABI_HASH,
  AUDIO_EXPORT_ARITIES,
  type AudioExports,
  SESSION_EXPORT_ARITIES,
  type SessionExports,
} from "./abi.gen.js";
import { VoicepathError } from "./errors.js";
import { Heap } from "./handle.js";

/** Where bytes come from: an address, the bytes themselves, or an answer under way. */
export type ByteSource = URL | string | BufferSource | Response;

/** A wasm file: bytes, or a module compiled before. */
export type WasmSource = ByteSource | WebAssembly.Module;

function isModule(source: unknown): source is WebAssembly.Module {
  return source instanceof WebAssembly.Module;
}

/** Node has no fetch for file: addresses. Looked up so that no bundler sees an import. */
async function readLocalFile(url: URL, what: string): Promise<Uint8Array | undefined> {
  if (url.protocol !== "file:" || typeof process === "undefined") return undefined;
  const fs = process.getBuiltinModule?.("node:fs/promises");
  if (!fs) return undefined;
  try {
    return await fs.readFile(url);
  } catch (cause) {
    throw new VoicepathError("ASSET_MISSING", `${what}: cannot read ${url.href}`, { cause });
  }
}

declare const process:
  | {
      getBuiltinModule?(
        id: "node:fs/promises",
      ): { readFile(url: URL): Promise<Uint8Array> } | undefined;
    }
  | undefined;

function startsLikeHtml(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 64)).trimStart();
  return start.startsWith("<");
}

/**
 * The bytes behind a source.
 *
 * @param what - how errors call the file
 * @throws VoicepathError ASSET_MISSING, ASSET_HTML; the signal's reason when aborted
 */
export async function loadBytes(
  source: ByteSource,
  what: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source))
    return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);

  let response: Response;
  if (typeof source === "object" && "arrayBuffer" in source) {
    response = source;
  } else {
    const local = source instanceof URL ? await readLocalFile(source, what) : undefined;
    if (local) return local;
    try {
      response = await fetch(source, signal ? { signal } : undefined);
    } catch (cause) {
      signal?.throwIfAborted();
      throw new VoicepathError("ASSET_MISSING", `${what}: cannot fetch ${source}`, { cause });
    }
  }
  if (!response.ok)
    throw new VoicepathError(
      "ASSET_MISSING",
      `${what}: ${response.url} answers ${response.status} ${response.statusText}`,
    );
  const bytes = new Uint8Array(await response.arrayBuffer());
  signal?.throwIfAborted();
  if (startsLikeHtml(bytes))
    throw new VoicepathError(
      "ASSET_HTML",
      `${what}: ${response.url || "the answer"} is an HTML page. The file was not copied to where the page ` +
        `looks for it; pass its address, use "voicepath/inline", or, in Vite's dev server, add ` +
        `optimizeDeps: { exclude: ["voicepath"] }.`,
    );
  return bytes;
}

/** (module (func (result v128) i32.const 0 i8x16.splat)): valid only where SIMD is. */
const SIMD_PROBE = Uint8Array.of(
  0,
  97,
  115,
  109,
  1,
  0,
  0,
  0,
  1,
  5,
  1,
  96,
  0,
  1,
  123,
  3,
  2,
  1,
  0,
  10,
  8,
  1,
  6,
  0,
  65,
  0,
  253,
  15,
  11,
);

/**
 * Compiles a wasm file.
 *
 * @param what - how errors call the file
 * @throws VoicepathError WASM_NO_SIMD, WASM_INVALID and those of {@link loadBytes}
 */
export async function compile(
  source: WasmSource,
  what: string,
  signal?: AbortSignal,
): Promise<WebAssembly.Module> {
  if (isModule(source)) return source;
  const bytes = await loadBytes(source, what, signal);
  if (!WebAssembly.validate(SIMD_PROBE))
    throw new VoicepathError("WASM_NO_SIMD", "this engine has no WebAssembly SIMD");
  try {
    const module = await WebAssembly.compile(bytes as BufferSource);
    signal?.throwIfAborted();
    return module;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new VoicepathError("WASM_INVALID", `${what}: ${bytes.length} bytes that are no module`, {
      cause,
    });
  }
}

/** What every wasm file of this package exports. */
interface CommonExports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: WebAssembly.Global;
  vp_abi_hash(): number;
}

/** One instance of a wasm file and its heap. */
abstract class WasmModule<Exports extends CommonExports> {
  /** The compiled code: pass it on to a Worker or worklet, which then compiles nothing. */
  readonly module: WebAssembly.Module;
  /** @internal */
  readonly exports: Exports;
  /** @internal */
  readonly heap: Heap;

  /**
   * Instantiates synchronously, as an AudioWorklet needs it.
   *
   * @throws VoicepathError WASM_MISMATCH when the module is not that file of this version
   */
  protected constructor(module: WebAssembly.Module, file: string, arities: object) {
    const mismatch = (why: string, cause?: unknown): VoicepathError =>
      new VoicepathError(
        "WASM_MISMATCH",
        `this is not the ${file} of this voicepath: ${why}`,
        cause === undefined ? {} : { cause },
      );
    let exports: WebAssembly.Exports;
    try {
      ({ exports } = new WebAssembly.Instance(module, {}));
    } catch (cause) {
      throw mismatch("it asks for imports", cause);
    }
    for (const name of Object.keys(arities))
      if (typeof exports[name] !== "function") throw mismatch(`${name} is missing`);
    this.module = module;
    this.exports = exports as unknown as Exports;
    const hash = this.exports.vp_abi_hash() >>> 0;
    if (hash !== ABI_HASH) throw mismatch(`its ABI is ${hash}, expected ${ABI_HASH}`);
    this.heap = new Heap(this.exports.memory, this.exports.__heap_base.value as number);
  }

  /** Bytes of wasm memory that live objects hold; 0 when all are disposed of. */
  get usedBytes(): number {
    return this.heap.usedBytes;
  }

  /** Bytes of wasm memory; it grows when objects need more, and never shrinks. */
  get memoryBytes(): number {
    return this.heap.u8.length;
  }
}

/** audio.wasm: what hears and resamples. */
export class AudioModule extends WasmModule<AudioExports> {
  /** @throws VoicepathError WASM_MISMATCH when the module is not the audio.wasm of this version */
  constructor(module: WebAssembly.Module) {
    super(module, "audio.wasm", AUDIO_EXPORT_ARITIES);
  }
}

/** session.wasm: what keeps count of everything that is open. */
export class SessionModule extends WasmModule<SessionExports> {
  /** @throws VoicepathError WASM_MISMATCH when the module is not the session.wasm of this version */
  constructor(module: WebAssembly.Module) {
    super(module, "session.wasm", SESSION_EXPORT_ARITIES);
  }
}
