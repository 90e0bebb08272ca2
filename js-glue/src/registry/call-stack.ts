/** Where in the application a call comes from; 20 µs, so for development only. */

/** V8's, by now in all engines. */
interface StackError {
  captureStackTrace?(target: object, below: (...args: never[]) => unknown): void;
  stackTraceLimit?: number;
}

const FRAMES = 12;

type Callable = (...args: never[]) => unknown;

/** The outermost of the wrappers that the application is calling through. */
let wrapper: Callable | undefined;

/**
 * Until {@link leaveWrapper}, the application is above `entered` on the stack. For wrappers that lie
 * above those of `instrument`, and have no business in its stacks. Without garbage.
 *
 * @returns what is to be given to {@link leaveWrapper}
 */
export function enterWrapper(entered: Callable): Callable | undefined {
  const outer = wrapper;
  wrapper ??= entered;
  return outer;
}

export function leaveWrapper(outer: Callable | undefined): void {
  wrapper = outer;
}

/**
 * The frames above a function, innermost first, one a line: `startMic (https://…/app.js:12:3)`.
 *
 * @param below - this function and what it called are left out, where the engine can
 */
export function callStack(below: Callable): string {
  const engine = Error as StackError;
  const limit = engine.stackTraceLimit;
  if (limit !== undefined) engine.stackTraceLimit = FRAMES;
  const holder: { stack?: string } = {};
  if (engine.captureStackTrace) engine.captureStackTrace(holder, wrapper ?? below);
  else holder.stack = new Error().stack ?? "";
  if (limit !== undefined) engine.stackTraceLimit = limit;
  return (holder.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at |@/.test(line))
    .map((line) => line.trim().replace(/^at /, ""))
    .join("\n");
}

/** The first frame. */
export function callSite(stack: string): string {
  return stack.split("\n", 1)[0] ?? "";
}
