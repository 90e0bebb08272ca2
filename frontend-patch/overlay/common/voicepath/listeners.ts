/** Who is told, each whatever the others do. */
export interface Subscription {
  unsubscribe(): void;
}

export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  add(listener: (value: T) => void): Subscription {
    // Wrapped, so that one function added twice is two listeners with two lives.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return { unsubscribe: () => this.#listeners.delete(entry) };
  }

  /** What a listener throws is reported as an uncaught error, as the platform does with its events. */
  tell(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        reportError(error);
      }
    }
  }
}
