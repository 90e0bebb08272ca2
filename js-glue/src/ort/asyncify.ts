/**
 * Waiting by Asyncify, a pass of Binaryen's wasm-opt: every function that can be on the stack when an
 * import waits can leave itself in the middle ("unwind", its locals written to a block of memory) and
 * be entered there again ("rewind"). An import that gets a promise starts an unwinding; the call then
 * returns here, and when the promise is kept it is made again, rewinding, until it reaches that import,
 * which now has its answer.
 *
 * The block is two pointers, where the next locals go and where the block ends, and the locals behind
 * them. There is one: calls are one after another.
 */
import { VoicepathError } from "../errors.js";
import type { Answer, CallPath, Export, HostFunction } from "./call-path.js";

/** asyncify_get_state() */
const State = { normal: 0, unwinding: 1, rewinding: 2 } as const;

const HEADER_BYTES = 8;

interface AsyncifyExports {
  asyncify_get_state(): number;
  asyncify_start_unwind(block: number): void;
  asyncify_stop_unwind(): void;
  asyncify_start_rewind(block: number): void;
  asyncify_stop_rewind(): void;
}

const NAMES = [
  "asyncify_get_state",
  "asyncify_start_unwind",
  "asyncify_stop_unwind",
  "asyncify_start_rewind",
  "asyncify_stop_rewind",
] as const satisfies readonly (keyof AsyncifyExports)[];

/** Whether a module went through the pass. */
export function isAsyncified(module: WebAssembly.Module): boolean {
  const names = new Set(WebAssembly.Module.exports(module).map(({ name }) => name));
  return NAMES.every((name) => names.has(name));
}

export class AsyncifyPath implements CallPath {
  readonly #stackBytes: number;
  #exports: AsyncifyExports | undefined;
  #memory: WebAssembly.Memory | undefined;
  #block = 0;
  #pending: Promise<number> | undefined;
  #answer = 0;

  constructor(stackBytes: number) {
    this.#stackBytes = stackBytes;
  }

  bind(exports: WebAssembly.Exports): void {
    this.#exports = exports as unknown as AsyncifyExports;
    this.#memory = exports["memory"] as WebAssembly.Memory;
    const allocate = exports["vp_ort_allocate"] as (bytes: number) => number;
    this.#block = allocate(HEADER_BYTES + this.#stackBytes) >>> 0;
    if (this.#block === 0)
      throw new VoicepathError(
        "VP_E_MEMORY",
        `the program has no ${this.#stackBytes} bytes for Asyncify's stack`,
      );
  }

  import(answer: HostFunction): WebAssembly.ImportValue {
    return (...args: number[]): number => {
      if (this.#asyncify.asyncify_get_state() === State.rewinding) {
        this.#asyncify.asyncify_stop_rewind();
        return this.#answer;
      }
      const given = answer(...args);
      if (typeof given === "number") return given;
      this.#pending = given;
      this.#resetBlock();
      this.#asyncify.asyncify_start_unwind(this.#block);
      return 0;
    };
  }

  enter(call: Export, args: readonly number[]): Answer {
    const result = this.#step(call, args);
    const pending = this.#takePending();
    return pending ? this.#resume(call, args, pending) : result;
  }

  async #resume(call: Export, args: readonly number[], first: Promise<number>): Promise<number> {
    for (let pending: Promise<number> | undefined = first; ; ) {
      this.#answer = await pending;
      this.#asyncify.asyncify_start_rewind(this.#block);
      const result = this.#step(call, args);
      pending = this.#takePending();
      if (!pending) return result;
    }
  }

  /** Runs until the export returns, finished or unwound. */
  #step(call: Export, args: readonly number[]): number {
    return Number(call(...args) ?? 0);
  }

  /** What the program waits for, if it left itself. */
  #takePending(): Promise<number> | undefined {
    if (this.#asyncify.asyncify_get_state() !== State.unwinding) return undefined;
    const [next = 0, end = 0] = this.#header();
    // Asyncify writes past the end and tells afterwards: what lay behind is lost.
    if (next > end)
      throw new VoicepathError(
        "ORT_TRAP",
        `the program's stack does not fit in asyncifyStackBytes, ${this.#stackBytes}`,
      );
    this.#asyncify.asyncify_stop_unwind();
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  get #asyncify(): AsyncifyExports {
    if (this.#exports) return this.#exports;
    throw new VoicepathError("ORT_PROGRAM", "the program waits while it is being instantiated");
  }

  #header(): Uint32Array {
    return new Uint32Array(this.#memory?.buffer ?? new ArrayBuffer(8), this.#block, 2);
  }

  #resetBlock(): void {
    const header = this.#header();
    header[0] = this.#block + HEADER_BYTES;
    header[1] = this.#block + HEADER_BYTES + this.#stackBytes;
  }
}
