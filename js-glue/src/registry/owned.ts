/** A value that a scope owns, with what ends it. */
import { deferred, handled } from "./deferred.js";
import { adopted, owned } from "./ownership.js";
import type { Registry } from "./registry.js";
import { disposedError, Resource } from "./resource.js";
import type { Site } from "./sites.js";

/** May return a promise: disposal then waits for it. */
export type Close<T> = (value: T) => unknown;

/** Its signal is aborted when the scope ends before the promise resolves. */
export type Open<T> = (signal: AbortSignal) => T | PromiseLike<T>;

interface Opening {
  /** Settles when nothing is left of it. */
  readonly done: Promise<void>;
  abandon(): void;
}

export class Owned<T> extends Resource {
  readonly #close: Close<T>;
  #value: T | undefined;
  #opening: Opening | undefined;

  /** @internal */
  constructor(registry: Registry, site: Site, close: Close<T>, value?: T) {
    super(registry, site);
    this.#close = close;
    this.#value = value;
    if (value !== undefined) adopted(value);
  }

  /** @throws VoicepathError DISPOSED */
  get value(): T {
    this.requireOpen();
    return this.#value as T;
  }

  /** @internal Opens it now. */
  create(open: () => T): this {
    try {
      this.#value = owned(open);
      adopted(this.#value);
      return this;
    } catch (error) {
      this.registry.close(this);
      throw error;
    }
  }

  /**
   * Opens it. When it is disposed of meanwhile, the promise rejects at once, and what arrives in the
   * end is closed at once.
   *
   * @internal
   */
  acquire(open: Open<T>): Promise<this> {
    const life = new AbortController();
    const opened = deferred<this>();
    const done = deferred<void>();
    this.#opening = {
      done: done.promise,
      abandon: () => {
        const error = disposedError(this.name);
        handled(opened.promise);
        opened.reject(error);
        life.abort(error);
      },
    };
    this.#arrive(open, life.signal, opened.resolve, opened.reject).then(done.resolve, done.reject);
    handled(done.promise);
    return opened.promise;
  }

  async #arrive(
    open: Open<T>,
    signal: AbortSignal,
    resolve: (self: this) => void,
    reject: (error: unknown) => void,
  ): Promise<void> {
    let value: T;
    try {
      value = await owned(() => open(signal));
    } catch (error) {
      // After an abort, failing is what it should do.
      if (this.phase !== "open") return;
      this.registry.close(this);
      reject(error);
      return;
    }
    if (this.phase !== "open") {
      await owned(() => this.#close(value));
      return;
    }
    this.#opening = undefined;
    this.#value = value;
    adopted(value);
    resolve(this);
  }

  protected override end(): unknown {
    const opening = this.#opening;
    if (opening) {
      opening.abandon();
      return opening.done;
    }
    const value = this.#value as T;
    this.#value = undefined;
    return this.#close(value);
  }
}
