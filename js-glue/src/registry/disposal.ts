/** The end of a scope: every disposer runs, whatever the others do; the slow ones are waited for. */
import { deferred } from "./deferred.js";
import type { Registry } from "./registry.js";
import type { Resource } from "./resource.js";
import { Scope } from "./scope.js";

export interface DisposeOptions {
  /** How long to wait for what does not end at once. Default 5000 ms, as Erlang's supervisors. */
  readonly deadlineMs?: number;
}

export interface DisposalReport {
  /** How many resources had ended in time, scopes not counted. */
  readonly closed: number;
  /** The names of those that had not. */
  readonly late: readonly string[];
  /** What disposers threw until then; null when none did. */
  readonly errors: AggregateError | null;
}

export class Disposal {
  readonly #registry: Registry;
  readonly #scope: Scope;
  /** In the order of disposal; the scopes among them end when everything else has. */
  readonly #resources: readonly Resource[];
  readonly #scopes: Scope[] = [];
  readonly #pending = new Set<Resource>();
  readonly #errors: unknown[] = [];
  #closed = 0;
  readonly #report = deferred<DisposalReport>();
  readonly #settled = deferred<void>();

  constructor(registry: Registry, scope: Scope, resources: readonly Resource[]) {
    this.#registry = registry;
    this.#scope = scope;
    this.#resources = resources;
  }

  /** Resolves when everything has ended, or at the deadline. */
  get report(): Promise<DisposalReport> {
    return this.#report.promise;
  }

  /** Resolves when everything has ended, also after the deadline. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** What was thrown so far, or null. */
  get errors(): AggregateError | null {
    const { length } = this.#errors;
    if (length === 0) return null;
    const message = `${length} of the disposers of ${this.#scope.name} failed`;
    return new AggregateError([...this.#errors], message);
  }

  /** Tells everything to end, now; only once. */
  run(deadlineMs: number): void {
    for (const resource of this.#resources)
      if (resource instanceof Scope && resource.beginDisposal(this)) this.#scopes.push(resource);
    for (const resource of this.#resources)
      if (!(resource instanceof Scope)) this.#end(resource);
      else if (resource.disposal !== this && resource.disposal)
        this.#await(resource, resource.disposal.settled);
    if (this.#pending.size === 0) this.#finish();
    else this.#registry.startTimer(this.#scope, Math.ceil(deadlineMs), 0, 0);
  }

  /** Time is up: what is pending is late. */
  deadline(): void {
    for (const resource of this.#late) this.#registry.markLate(resource);
    this.#resolve();
  }

  /** What is pending, but for what has just ended and was not yet heard of. */
  get #late(): Resource[] {
    return [...this.#pending].filter(({ phase }) => phase !== "closed");
  }

  #end(resource: Resource): void {
    try {
      const ending = resource.phase === "open" ? resource.finish() : resource.ending;
      if (ending) this.#await(resource, ending);
      else this.#closed++;
    } catch (error) {
      this.#closed++;
      this.#fail(resource, error);
    }
  }

  #await(resource: Resource, ending: Promise<void>): void {
    this.#pending.add(resource);
    const ended = (): void => {
      this.#closed++;
      this.#pending.delete(resource);
      if (this.#pending.size === 0) this.#finish();
    };
    ending.then(ended, (error: unknown) => {
      this.#errors.push(error);
      ended();
    });
  }

  #fail(resource: Resource, error: unknown): void {
    this.#errors.push(error);
    this.#registry.reportFailure(resource, error);
  }

  #finish(): void {
    for (const scope of this.#scopes) this.#registry.close(scope);
    this.#resolve();
    this.#settled.resolve();
  }

  #resolve(): void {
    const late = this.#late.map(({ name }) => name);
    this.#report.resolve({ closed: this.#closed, late, errors: this.errors });
  }
}
