/** The end of a scope: every disposer runs, whatever the others do; the slow ones are waited for. */
import { type Deferred, deferred } from "./deferred.js";
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

const NOTHING: readonly Resource[] = [];

/** Most scopes end at once, and nobody waits for them: then there are no promises. */
export class Disposal {
  readonly #registry: Registry;
  readonly #scope: Scope;
  /** They end when everything else has. */
  readonly #scopes: Scope[] = [];
  readonly #errors: unknown[] = [];
  #closed = 0;
  #pending: Set<Resource> | undefined;
  #reported: DisposalReport | undefined;
  #report: Deferred<DisposalReport> | undefined;
  #isSettled = false;
  #settled: Deferred<void> | undefined;

  constructor(registry: Registry, scope: Scope) {
    this.#registry = registry;
    this.#scope = scope;
  }

  /** Resolves when everything has ended, or at the deadline. */
  get report(): Promise<DisposalReport> {
    this.#report ??= deferred();
    if (this.#reported) this.#report.resolve(this.#reported);
    return this.#report.promise;
  }

  /** Resolves when everything has ended, also after the deadline. */
  get settled(): Promise<void> {
    this.#settled ??= deferred();
    if (this.#isSettled) this.#settled.resolve();
    return this.#settled.promise;
  }

  /** What was thrown so far, or null. */
  get errors(): AggregateError | null {
    const { length } = this.#errors;
    if (length === 0) return null;
    const message = `${length} of the disposers of ${this.#scope.name} failed`;
    return new AggregateError([...this.#errors], message);
  }

  /**
   * Tells everything to end, now; only once.
   *
   * @param resources - in the order of disposal
   */
  run(resources: readonly (Resource | undefined)[], deadlineMs: number): void {
    for (let i = 0; i < resources.length; i++) {
      const resource = resources[i];
      if (resource instanceof Scope && resource.beginDisposal(this)) this.#scopes.push(resource);
    }
    for (let i = 0; i < resources.length; i++) {
      const resource = resources[i];
      if (resource instanceof Scope) this.#waitForPart(resource);
      else if (resource) this.#end(resource);
    }
    if (!this.#pending) this.#finish();
    else this.#registry.startTimer(this.#scope, Math.ceil(deadlineMs), 0, 0);
  }

  /** Time is up: what is pending is late. */
  deadline(): void {
    for (const resource of this.#late) this.#registry.markLate(resource);
    this.#resolve();
  }

  /** What is pending, but for what has just ended and was not yet heard of. */
  get #late(): readonly Resource[] {
    return [...(this.#pending ?? NOTHING)].filter(({ phase }) => phase !== "closed");
  }

  /** A part that began to end before has a disposal of its own. */
  #waitForPart({ disposal }: Scope): void {
    if (disposal && disposal !== this) this.#await(disposal.#scope, disposal.settled);
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
    this.#pending ??= new Set();
    const pending = this.#pending;
    if (pending.has(resource)) return;
    pending.add(resource);
    const ended = (): void => {
      this.#closed++;
      pending.delete(resource);
      if (pending.size === 0) this.#finish();
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
    this.#isSettled = true;
    this.#settled?.resolve();
  }

  #resolve(): void {
    const late = this.#late.map(({ name }) => name);
    this.#reported ??= { closed: this.#closed, late, errors: this.errors };
    this.#report?.resolve(this.#reported);
  }
}
