/**
 * How JavaScript enters a program's exports, and how an import that has to wait for a promise makes the
 * program wait. jspi.ts and asyncify.ts can wait; the direct path cannot, and needs no waiting where
 * the engine answers at once.
 */
export type Answer = number | Promise<number>;
export type HostFunction = (...args: number[]) => Answer;
export type Export = (...args: number[]) => number | bigint | undefined;

export interface CallPath {
  /** The host function as the program's import. */
  import(answer: HostFunction): WebAssembly.ImportValue;
  /** Told once what the program exports. */
  bind(exports: WebAssembly.Exports): void;
  /** Calls an export that may wait. Never entered while it waits. */
  enter(call: Export, args: readonly number[]): Answer;
}

export class DirectPath implements CallPath {
  import(answer: HostFunction): WebAssembly.ImportValue {
    return answer;
  }

  bind(): void {}

  enter(call: Export, args: readonly number[]): number {
    return Number(call(...args) ?? 0);
  }
}
