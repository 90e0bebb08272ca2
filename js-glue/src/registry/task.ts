/** Work under way: it is told when nobody wants it any more, and waited for. */
import { VoicepathError } from "../errors.js";
import { deferred, handled } from "./deferred.js";
import type { Registry } from "./registry.js";
import { disposedError, Resource, type ResourceOptions } from "./resource.js";
import type { Site } from "./sites.js";

/** Work that can be given up takes the signal; a promise can only be waited for. */
export type Work<T> = PromiseLike<T> | ((signal: AbortSignal) => T | PromiseLike<T>);

export interface TaskOptions extends ResourceOptions {
  /** When it is given up. Default: never. */
  readonly deadlineMs?: number;
}

export class Task<T> extends Resource {
  readonly #life = new AbortController();
  readonly #result = deferred<T>();
  #running: Promise<void> = Promise.resolve();

  /** @internal */
  constructor(registry: Registry, site: Site) {
    super(registry, site);
  }

  /** Rejects with DISPOSED or DEADLINE as soon as it is given up. */
  get result(): Promise<T> {
    return this.#result.promise;
  }

  /** @internal */
  run(work: Work<T>): void {
    this.#running = this.#run(work);
  }

  /** @internal Its deadline has passed. */
  override fired(): void {
    const error = new VoicepathError("DEADLINE", `${this.name} was not done by its deadline`);
    this.registry.markLate(this);
    this.#result.reject(error);
    this.#life.abort(error);
  }

  protected override end(): Promise<void> {
    const error = disposedError(this.name);
    handled(this.#result.promise);
    this.#result.reject(error);
    this.#life.abort(error);
    return this.#running;
  }

  async #run(work: Work<T>): Promise<void> {
    const { signal } = this.#life;
    try {
      this.#result.resolve(await (typeof work === "function" ? work(signal) : work));
    } catch (error) {
      // Once it was given up, nobody waits for its error.
      this.#result.reject(error);
    }
    if (this.phase === "open") this.registry.close(this);
  }
}
