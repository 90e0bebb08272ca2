/**
 * Whether the registry itself is calling the platform. `instrument` asks, so that it blames nobody
 * for what a scope already owns.
 */
let depth = 0;

/** Until {@link leaveOwnership}, what is opened belongs to the registry. Without garbage. */
export function enterOwnership(): void {
  depth++;
}

export function leaveOwnership(): void {
  depth--;
}

/** Runs `action` on behalf of the registry. Only its synchronous part counts. */
export function owned<Result>(action: () => Result): Result {
  depth++;
  try {
    return action();
  } finally {
    depth--;
  }
}

export function isOwned(): boolean {
  return depth > 0;
}

type AdoptionListener = (value: unknown) => void;

const adoptionListeners = new Set<AdoptionListener>();

/**
 * Tells of values that were open when a scope took them over, as with `scope.adopt` or when an
 * opener takes time, until the returned function is called.
 */
export function onAdoption(listener: AdoptionListener): () => void {
  adoptionListeners.add(listener);
  return () => adoptionListeners.delete(listener);
}

/** A scope owns it from now on. */
export function adopted(value: unknown): void {
  if (adoptionListeners.size > 0) for (const listener of adoptionListeners) listener(value);
}
