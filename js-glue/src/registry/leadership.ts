/** What leads while its tab does: see {@link TabLock}. */
import { reportUncaught } from "../emitter.js";
import type { Registry } from "./registry.js";
import { isPromiseLike, Resource } from "./resource.js";
import type { Scope } from "./scope.js";
import type { Site } from "./sites.js";
import { type LockMember, TabLock } from "./tab-lock.js";

/** Who there is. */
export interface TabCensus {
  /** Tabs, Workers and frames that lead or wait to. */
  readonly tabs: number;
  /** Whether this one leads. */
  readonly leading: boolean;
}

/** Given a scope that ends when another tab leads. */
export type Lead = (scope: Scope) => unknown;

export class Leadership extends Resource {
  readonly #owner: Scope;
  readonly #name: string;
  readonly #lead: Lead;
  readonly #member: LockMember;
  #lock: TabLock | undefined;
  #scope: Scope | undefined;

  /** @internal */
  constructor(registry: Registry, site: Site, owner: Scope, leader: string, lead: Lead) {
    super(registry, site);
    this.#owner = owner;
    this.#name = leader;
    this.#lead = lead;
    this.#member = {
      lead: () => this.#begin(),
      follow: () => this.#end(),
      fail: (error) => registry.reportFailure(this, error),
    };
  }

  get leading(): boolean {
    return this.#scope !== undefined;
  }

  /** Leads at once: the tab that did waits for its turn. @throws VoicepathError DISPOSED */
  takeOver(): void {
    this.requireOpen();
    this.#lock?.takeOver();
  }

  /** Counts the tabs. Without Web Locks, as on pages that are not secure, each is alone. */
  async census(): Promise<TabCensus> {
    const { leading } = this;
    return { tabs: (await this.#lock?.countTabs()) ?? 1, leading };
  }

  /** @internal */
  begin(): void {
    this.#lock = TabLock.join(this.registry, this.#name, this.#member);
  }

  protected override end(): Promise<unknown> | undefined {
    const endsAlready = this.#scope?.disposed;
    const ended = this.#lock?.leave(this.#member);
    // Whoever ends the owner waits for the scope as well.
    return endsAlready ? undefined : ended;
  }

  #begin(): void {
    if (this.#scope) return;
    const scope = this.#owner.scope("leading");
    this.#scope = scope;
    // To fail for having been ended is what it should do.
    const failed = (error: unknown): void => {
      if (!scope.disposed) reportUncaught(error);
    };
    try {
      const led = this.#lead(scope);
      if (isPromiseLike(led)) led.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }

  #end(): Promise<unknown> | undefined {
    const scope = this.#scope;
    this.#scope = undefined;
    return scope?.disposal?.report ?? scope?.dispose();
  }
}
