/** Where in the application a call comes from; 20 µs, so for development only. */

/** V8's, by now in all engines. */
interface StackError {
  captureStackTrace?(target: object, below: (...args: never[]) => unknown): void;
  stackTraceLimit?: number;
}

const FRAMES = 12;

/**
 * The frames above a function, innermost first, one a line: `startMic (https://…/app.js:12:3)`.
 *
 * @param below - this function and what it called are left out, where the engine can
 */
export function callStack(below: (...args: never[]) => unknown): string {
  const engine = Error as StackError;
  const limit = engine.stackTraceLimit;
  if (limit !== undefined) engine.stackTraceLimit = FRAMES;
  const holder: { stack?: string } = {};
  if (engine.captureStackTrace) engine.captureStackTrace(holder, below);
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
