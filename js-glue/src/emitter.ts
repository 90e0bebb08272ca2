/** Typed listeners with AbortSignal: the small part of EventTarget that makes no objects. */
export interface ListenOptions {
  /** Removes the listener when aborted. */
  readonly signal?: AbortSignal;
}

export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /**
   * Calls `listener` for every event of this type, in the order of registration.
   *
   * @returns a function that removes it
   */
  on<Type extends keyof Events>(
    type: Type,
    listener: (event: Events[Type]) => void,
    { signal }: ListenOptions = {},
  ): () => void {
    if (signal?.aborted) return () => {};
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    // Wrapped, so that one function registered twice is two listeners with two lives.
    const entry = (event: Events[Type]): void => listener(event);
    const off = (): void => {
      signal?.removeEventListener("abort", off);
      if (listeners.delete(entry)) this.listenersChanged(type);
    };
    listeners.add(entry);
    signal?.addEventListener("abort", off, { once: true });
    this.listenersChanged(type);
    return off;
  }

  /** @internal */
  protected has(type: keyof Events): boolean {
    return (this.#listeners.get(type)?.size ?? 0) > 0;
  }

  /**
   * Every listener runs, whatever the others do; what they throw is reported as an uncaught error,
   * as EventTarget does.
   *
   * @internal
   */
  protected emit<Type extends keyof Events>(type: Type, event: Events[Type]): void {
    for (const listener of this.#listeners.get(type) ?? []) {
      try {
        (listener as (event: Events[Type]) => void)(event);
      } catch (error) {
        reportUncaught(error);
      }
    }
  }

  /** @internal Told after the first listener of a type came or the last went. */
  protected listenersChanged(_type: keyof Events): void {}
}

/** To the page's error handlers, or Node's, without disturbing the caller. */
export function reportUncaught(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else void Promise.reject(error);
}
