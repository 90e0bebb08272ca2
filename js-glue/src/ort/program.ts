/**
 * A C program written for ONNX Runtime's C API, running over onnxruntime-web.
 *
 * C waits for a model's result, JavaScript never does. Between the two is a mode: the program's stack is
 * put aside by the engine ("jspi") or by its own code ("asyncify"), ONNX Runtime answers at once
 * ("sync"), or only RunAsync is there ("callback").
 */
import { optionError, requireInteger, VoicepathError } from "../errors.js";
import { type ByteSource, compile, loadBytes, type WasmSource } from "../wasm.js";
import { AsyncifyPath, isAsyncified } from "./asyncify.js";
import { type CallPath, DirectPath, type Export } from "./call-path.js";
import { CallQueue } from "./call-queue.js";
import { HOST_MODULE, OrtHost } from "./host.js";
import { InnerEngine } from "./inner-engine.js";
import type { InnerModuleSource, WasmPaths } from "./inner-module.js";
import { isSuspendError, JspiPath } from "./jspi.js";
import { loadOrtWeb, type OrtWeb } from "./onnxruntime-web.js";
import type { OrtEngine } from "./ort-engine.js";
import { ProgramMemory } from "./program-memory.js";
import { WebEngine } from "./web-engine.js";

/** How a program waits for onnxruntime-web. */
export type OrtMode = "jspi" | "sync" | "asyncify" | "callback";

/** In the order of "auto". */
const MODES: readonly OrtMode[] = ["jspi", "sync", "asyncify", "callback"];

export interface OrtProgramOptions {
  /** The Asyncify build of the same program. */
  readonly asyncify?: WasmSource;
  /** `"auto"`, the default, is the first that works of jspi, sync, asyncify and callback. */
  readonly mode?: OrtMode | "auto";
  /** The module onnxruntime-web, or what loads it; by default the one that is installed. */
  readonly ort?: OrtWeb | (() => Promise<OrtWeb>);
  /**
   * The factory of onnxruntime-web's inner module, or what loads its module. Mode "sync" uses it. Where
   * a bundler is to find it: `() => import("onnxruntime-web/ort-wasm-simd-threaded.mjs")`.
   */
  readonly innerModule?: InnerModuleSource;
  /** Where ONNX Runtime's own files are: a folder's address with its slash, or the files'. */
  readonly wasmPaths?: WasmPaths;
  /** Threads of ONNX Runtime; default 1. More need a page that is cross-origin isolated. */
  readonly numThreads?: number;
  /** What CreateSession finds by these paths. Others are fetched, where the mode can wait for it. */
  readonly models?: Readonly<Record<string, ByteSource>>;
  /** What else the program imports, such as WASI. */
  readonly imports?: WebAssembly.Imports;
  /** Bytes for the program's stack while it waits in mode "asyncify"; default 64 KiB. */
  readonly asyncifyStackBytes?: number;
  /** Told why a mode was passed over, and what failed with nobody to be told. Default: nobody. */
  readonly onWarning?: (message: string) => void;
  /** Aborts the loading. */
  readonly signal?: AbortSignal;
}

const ASYNCIFY_STACK_BYTES = 65536;
const MAX_THREADS = 64;
const MAX_ADDRESS = 2 ** 32 - 1;

/** What voicepath::ort exports. */
interface OrtExports {
  vp_ort_allocate(bytes: number): number;
  vp_ort_free(at: number): void;
  vp_ort_live(kind: number): number;
  vp_ort_kind_name(kind: number): number;
  vp_ort_misuses(): number;
  vp_ort_run_finished(token: number, result: number): undefined;
}

const ORT_EXPORTS = [
  "vp_ort_allocate",
  "vp_ort_free",
  "vp_ort_live",
  "vp_ort_kind_name",
  "vp_ort_misuses",
  "vp_ort_run_finished",
] as const satisfies readonly (keyof OrtExports)[];

/** What a mode comes down to. */
interface Plan {
  readonly mode: OrtMode;
  readonly module: WebAssembly.Module;
  readonly engine: OrtEngine;
  readonly path: CallPath;
}

/** What is loaded once, whichever modes are tried. */
class Parts {
  readonly #program: WasmSource;
  readonly #options: OrtProgramOptions;
  #module: Promise<WebAssembly.Module> | undefined;
  #web: Promise<WebEngine> | undefined;

  constructor(program: WasmSource, options: OrtProgramOptions) {
    this.#program = program;
    this.#options = options;
  }

  get module(): Promise<WebAssembly.Module> {
    this.#module ??= compile(this.#program, "the program", this.#options.signal);
    return this.#module;
  }

  get web(): Promise<WebEngine> {
    const { ort, wasmPaths, numThreads } = this.#options;
    this.#web ??= loadOrtWeb(ort).then((ort) => WebEngine.start(ort, wasmPaths, numThreads));
    return this.#web;
  }

  /** @throws VoicepathError that says why the mode does not work here */
  async plan(mode: OrtMode): Promise<Plan> {
    switch (mode) {
      case "jspi": {
        const path = JspiPath.create();
        if (!path)
          throw new VoicepathError("ORT_UNSUPPORTED", "this engine has no WebAssembly.Suspending");
        return { mode, path, module: await this.module, engine: await this.web };
      }
      case "sync":
        return {
          mode,
          path: new DirectPath(),
          module: await this.module,
          engine: await this.#inner(),
        };
      case "asyncify": {
        const path = new AsyncifyPath(this.#options.asyncifyStackBytes ?? ASYNCIFY_STACK_BYTES);
        return { mode, path, module: await this.#asyncified(), engine: await this.web };
      }
      case "callback":
        return { mode, path: new DirectPath(), module: await this.module, engine: await this.web };
    }
  }

  #inner(): Promise<InnerEngine> {
    const { innerModule, wasmPaths, numThreads = 1, mode, onWarning = () => {} } = this.#options;
    return InnerEngine.start(innerModule, wasmPaths, numThreads, mode === "sync", onWarning);
  }

  async #asyncified(): Promise<WebAssembly.Module> {
    const { asyncify, signal } = this.#options;
    if (asyncify === undefined)
      throw new VoicepathError("ORT_UNSUPPORTED", "no Asyncify build was given as `asyncify`");
    const module = await compile(asyncify, "the Asyncify build", signal);
    if (isAsyncified(module)) return module;
    throw new VoicepathError("ORT_PROGRAM", "`asyncify` has not been through wasm-opt --asyncify");
  }
}

/** One instance of a program. */
export class OrtProgram implements Disposable {
  readonly mode: OrtMode;
  /** Of onnxruntime-web. */
  readonly ortVersion: string;
  readonly #exports: WebAssembly.Exports;
  readonly #ort: OrtExports;
  readonly #memory: ProgramMemory;
  readonly #path: CallPath;
  readonly #host: OrtHost;
  readonly #queue = new CallQueue();
  readonly #onWarning: (message: string) => void;
  /** Ends the calls under way. */
  readonly #ending = new Set<(error: VoicepathError) => void>();
  #disposed = false;
  #trap: VoicepathError | undefined;

  private constructor(
    { mode, module, engine, path }: Plan,
    models: ReadonlyMap<string, Uint8Array>,
    imports: WebAssembly.Imports,
    onWarning: (message: string) => void,
  ) {
    this.mode = mode;
    this.ortVersion = engine.version;
    this.#path = path;
    this.#onWarning = onWarning;
    this.#host = new OrtHost({
      engine,
      models,
      canWait: mode !== "callback",
      onWarning,
      runFinished: (token, result) => this.#runFinished(token, result),
    });
    this.#exports = instantiate(module, {
      env: { emscripten_notify_memory_growth: () => {} },
      ...imports,
      [HOST_MODULE]: this.#host.imports(path),
    });
    this.#ort = this.#exports as unknown as OrtExports;
    this.#memory = new ProgramMemory(this.#exports["memory"] as WebAssembly.Memory);
    this.#host.bind(this.#memory);
    const { _initialize } = this.#exports;
    if (typeof _initialize === "function") _initialize();
    path.bind(this.#exports);
  }

  /**
   * Compiles a program, loads onnxruntime-web, and brings the two together in a mode.
   *
   * @throws VoicepathError ORT_MISSING, ORT_UNSUPPORTED, ORT_PROGRAM, OPTION, and those of loading wasm
   *   and models; the signal's reason when aborted
   */
  static async load(program: WasmSource, options: OrtProgramOptions = {}): Promise<OrtProgram> {
    const { signal, imports = {}, onWarning = () => {} } = requireOptions(options);
    signal?.throwIfAborted();
    const parts = new Parts(program, options);
    requireProgram(await parts.module, imports);
    const models = await loadModels(options.models ?? {}, signal);
    const plan = await choose(parts, options.mode ?? "auto", onWarning);
    signal?.throwIfAborted();
    const made = new OrtProgram(plan, models, imports, onWarning);
    if (plan.mode === "callback") await made.#host.prepareSessions();
    if (!signal?.aborted) return made;
    made.dispose();
    throw signal.reason;
  }

  /**
   * Calls an export, after the calls before it have ended. It may wait for ONNX Runtime.
   *
   * @returns what it returns, 0 for nothing
   * @throws VoicepathError ORT_PROGRAM when there is no such export, ORT_TRAP, DISPOSED
   */
  call(name: string, ...args: number[]): Promise<number> {
    try {
      const call = this.#export(name, args);
      return this.#enter(call, () => args);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @param args - asked for when its turn has come */
  #enter(call: Export, args: () => readonly number[]): Promise<number> {
    return this.#queue.run(() => {
      this.#requireAlive();
      const answer = this.#guarded(() => this.#path.enter(call, args()));
      return typeof answer === "number" ? answer : this.#untilDisposed(answer);
    });
  }

  /**
   * Calls an export at once, which may not wait; in mode "sync" nothing does.
   *
   * @throws VoicepathError ORT_WAITS when it would have waited; the C side got ORT_NOT_IMPLEMENTED
   */
  callNow(name: string, ...args: number[]): number {
    const call = this.#export(name, args);
    let answer = 0;
    this.#host.enterNow();
    let refused = "";
    try {
      answer = Number(call(...args) ?? 0);
    } catch (error) {
      throw this.#trapped(error);
    } finally {
      refused = this.#host.leaveNow();
    }
    if (refused === "") return answer;
    throw new VoicepathError("ORT_WAITS", `${name} waits in ${refused}: use call("${name}")`);
  }

  /** @throws VoicepathError VP_E_MEMORY when the program has no such memory */
  allocate(bytes: number): number {
    this.#requireAlive();
    requireInteger("bytes", bytes, 0, MAX_ADDRESS);
    const at = this.#guarded(() => this.#ort.vp_ort_allocate(bytes)) >>> 0;
    if (at === 0) throw new VoicepathError("VP_E_MEMORY", `the program has no ${bytes} bytes`);
    return at;
  }

  /** Gives back what {@link allocate} or {@link writeText} gave. 0 is ignored. */
  free(at: number): void {
    this.#requireAlive();
    this.#requireAddress(at);
    this.#guarded(() => this.#ort.vp_ort_free(at));
  }

  /** Views of the program's memory. They are current now; memory that grows gets new ones. */
  get u8(): Uint8Array {
    return this.#view.u8;
  }
  get i32(): Int32Array {
    return this.#view.i32;
  }
  get u32(): Uint32Array {
    return this.#view.u32;
  }
  get i64(): BigInt64Array {
    return this.#view.i64;
  }
  get f32(): Float32Array {
    return this.#view.f32;
  }
  get f64(): Float64Array {
    return this.#view.f64;
  }

  get #view(): ProgramMemory {
    this.#requireNotDisposed();
    return this.#memory;
  }

  /** The UTF-8 text at an address, up to its NUL. */
  text(at: number): string {
    this.#requireNotDisposed();
    this.#requireAddress(at);
    return this.#memory.terminatedText(at);
  }

  /** The address of a copy with a NUL behind it, to be freed. */
  writeText(text: string): number {
    if (typeof text !== "string") throw optionError("text", text, "a string");
    const at = this.allocate(3 * text.length + 1);
    const { u8 } = this.#memory;
    u8[at + this.#memory.writeText(text, at, 3 * text.length)] = 0;
    return at;
  }

  /** Objects of ONNX Runtime's C API that are alive, by kind. */
  get live(): Readonly<Record<string, number>> {
    this.#requireAlive();
    const live: Record<string, number> = {};
    for (let kind = 0; ; kind++) {
      const name = this.#ort.vp_ort_kind_name(kind) >>> 0;
      if (name === 0) return live;
      live[this.#memory.terminatedText(name)] = this.#ort.vp_ort_live(kind) >>> 0;
    }
  }

  /** Releases of what was not alive. */
  get misuses(): number {
    this.#requireAlive();
    return this.#ort.vp_ort_misuses() >>> 0;
  }

  /**
   * Gives ONNX Runtime's memory back, as when a page goes to the background. The program's sessions stay
   * until it releases them; their runs are ORT_ENGINE_ERROR, "session lost: " and the reason.
   */
  async loseSessions(reason: string): Promise<void> {
    this.#requireNotDisposed();
    if (typeof reason !== "string") throw optionError("reason", reason, "a string");
    await this.#host.loseSessions(reason);
  }

  /** Gives everything back. Calls under way are rejected with DISPOSED. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#host.dispose();
    for (const end of this.#ending) end(disposedError());
    this.#ending.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * Calls the program's callback. It may itself wait, but in mode "asyncify": vp_ort_run_finished() is
   * left out of Asyncify's pass (wasm/ort/CMakeLists.txt), so Run there is ORT_NOT_IMPLEMENTED.
   */
  #runFinished(token: number, result: () => number): void {
    const finish = this.#ort.vp_ort_run_finished as Export;
    const called =
      this.mode === "asyncify"
        ? this.#queue.run(() => this.callNow("vp_ort_run_finished", token, result()))
        : this.#enter(finish, () => [token, result()]);
    called.catch((error: unknown) => {
      if (!this.#disposed)
        this.#onWarning(`RunAsync's callback: ${error instanceof Error ? error.message : error}`);
    });
  }

  /** A call that waits ends with the program. */
  #untilDisposed(answer: Promise<number>): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#ending.add(reject);
      answer.then(
        (result) => {
          this.#ending.delete(reject);
          resolve(result);
        },
        (error: unknown) => {
          this.#ending.delete(reject);
          reject(this.#trapped(error));
        },
      );
    });
  }

  #guarded<T>(enter: () => T): T {
    try {
      return enter();
    } catch (error) {
      throw this.#trapped(error);
    }
  }

  /** What left the program without returning has broken its stack: nothing can be called any more. */
  #trapped(cause: unknown): VoicepathError {
    if (cause instanceof VoicepathError && cause.code !== "ORT_TRAP") return cause;
    // Thrown before the program is entered.
    if (cause instanceof TypeError && cause.message.includes("BigInt"))
      return new VoicepathError("ORT_PROGRAM", "exports with 64-bit integers cannot be called", {
        cause,
      });
    const message = cause instanceof Error ? cause.message : String(cause);
    this.#trap ??=
      cause instanceof VoicepathError
        ? cause
        : new VoicepathError("ORT_TRAP", `the program trapped: ${message}`, { cause });
    if (!isSuspendError(cause)) return this.#trap;
    return new VoicepathError("ORT_WAITS", "what waits is to be entered by call()", { cause });
  }

  #export(name: string, args: readonly number[]): Export {
    this.#requireAlive();
    if (typeof name !== "string") throw optionError("name", name, "a string");
    const found = Object.hasOwn(this.#exports, name) ? this.#exports[name] : undefined;
    if (typeof found !== "function")
      throw new VoicepathError("ORT_PROGRAM", `the program exports no function ${name}`);
    for (const arg of args)
      if (typeof arg !== "number") throw optionError(`an argument of ${name}`, arg, "a number");
    if (args.length !== found.length)
      throw optionError(`the count of ${name}'s arguments`, args.length, String(found.length));
    return found as Export;
  }

  #requireAddress(at: number): void {
    requireInteger("at", at, 0, this.#memory.u8.length - 1);
  }

  #requireNotDisposed(): void {
    if (this.#disposed) throw disposedError();
  }

  #requireAlive(): void {
    this.#requireNotDisposed();
    if (this.#trap)
      throw new VoicepathError("ORT_TRAP", `an earlier call ended it: ${this.#trap.message}`, {
        cause: this.#trap,
      });
  }
}

const disposedError = (): VoicepathError =>
  new VoicepathError("DISPOSED", "the OrtProgram was disposed of");

function requireOptions(options: OrtProgramOptions): OrtProgramOptions {
  const { mode = "auto", numThreads = 1, asyncifyStackBytes = ASYNCIFY_STACK_BYTES } = options;
  if (mode !== "auto" && !MODES.includes(mode))
    throw optionError("mode", mode, `"auto" or one of ${MODES.join(", ")}`);
  requireInteger("numThreads", numThreads, 1, MAX_THREADS);
  requireInteger("asyncifyStackBytes", asyncifyStackBytes, 256, MAX_ADDRESS);
  return options;
}

/** Says what does not fit before the engine does, by name. */
function requireProgram(module: WebAssembly.Module, imports: WebAssembly.Imports): void {
  const exported = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  for (const name of ["memory", ...ORT_EXPORTS])
    if (!exported.has(name))
      throw new VoicepathError(
        "ORT_PROGRAM",
        `the program does not export ${name}: link it with voicepath::ort`,
      );
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    if (from === HOST_MODULE || (from === "env" && name === "emscripten_notify_memory_growth"))
      continue;
    if (imports[from]?.[name] === undefined)
      throw new VoicepathError(
        "ORT_PROGRAM",
        `the program imports ${from}.${name}: give it as \`imports\``,
      );
  }
}

function instantiate(
  module: WebAssembly.Module,
  imports: WebAssembly.Imports,
): WebAssembly.Exports {
  try {
    return new WebAssembly.Instance(module, imports).exports;
  } catch (cause) {
    throw new VoicepathError(
      "ORT_PROGRAM",
      `the program cannot be instantiated: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}

async function loadModels(
  sources: Readonly<Record<string, ByteSource>>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Uint8Array>> {
  const models = Object.entries(sources).map(
    async ([path, source]) => [path, await loadBytes(source, `model "${path}"`, signal)] as const,
  );
  return new Map(await Promise.all(models));
}

/** The mode asked for, or the first that works. */
async function choose(
  parts: Parts,
  mode: OrtMode | "auto",
  onWarning: (message: string) => void,
): Promise<Plan> {
  if (mode !== "auto") return parts.plan(mode);
  const failures: VoicepathError[] = [];
  const reasons: string[] = [];
  for (const candidate of MODES)
    try {
      return await parts.plan(candidate);
    } catch (error) {
      if (!(error instanceof VoicepathError)) throw error;
      failures.push(error);
      reasons.push(`${candidate}: ${error.message}`);
      onWarning(`mode ${candidate} does not work: ${error.message}`);
    }
  // Every mode needs ONNX Runtime; the last one needs nothing else.
  const code = failures.at(-1)?.code === "ORT_MISSING" ? "ORT_MISSING" : "ORT_UNSUPPORTED";
  throw new VoicepathError(code, `no mode works here. ${reasons.join(" ")}`, {
    cause: new AggregateError(failures),
  });
}
