/** What each family of natives is given to be watched. */
import type { Ledger } from "./ledger.js";
import type { Patches } from "./patch.js";

export interface Watch {
  /** The window, or what stands for it in a worker or in Node; any of its natives may be missing. */
  readonly target: typeof globalThis;
  readonly patches: Patches;
  readonly ledger: Ledger;
}

/** The prototype of a class of the target's, if it has the class. */
export function prototypeOf({ target }: Watch, className: string): unknown {
  const found: unknown = Reflect.get(target, className);
  return typeof found === "function" ? Reflect.get(found, "prototype") : undefined;
}

/** Whether a value is an instance of a class of the target's, if it has the class. */
export function isA({ target }: Watch, className: string, value: unknown): value is object {
  const found: unknown = Reflect.get(target, className);
  return typeof found === "function" && value instanceof found;
}

/** Hands on what a promise brings, before the application sees it. Failures go past it. */
export function whenItComes(result: unknown, see: (value: unknown) => void): unknown {
  if (!(result instanceof Promise)) return result;
  return result.then((value: unknown) => {
    see(value);
    return value;
  });
}
