/**
 * Freezes plain objects and lists, and everything in them: who changes a state that was handed out gets
 * "Cannot assign to read only property" at once, instead of a page that is not drawn anew.
 */
export function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  if (!Object.isFrozen(value)) Object.freeze(value);
  for (const item of Object.values(value)) if (!done.has(item)) frozen(item);
  done.add(value);
  return value;
}

/** What is frozen to its depth: the parts of a state that did not change are not gone through again. */
const done = new WeakSet<object>();

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
