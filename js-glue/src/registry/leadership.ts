/**
 * One tab among many: the one that holds a Web Lock leads, the others wait for it. The browser gives
 * the lock on when the leader's tab is closed, crashes, or enters the back/forward cache.
 */
import { reportUncaught } from "../emitter.js";
import { deferred } from "./deferred.js";
import { owned } from "./ownership.js";
import type { Registry } from "./registry.js";
import { Resource } from "./resource.js";
import type { Scope } from "./scope.js";
import type { Site } from "./sites.js";

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
  readonly #lock: string;
  readonly #lead: Lead;
  #unwatch: (() => void) | undefined;
  /** The request under way or held; aborted to give it up. */
  #request: AbortController | undefined;
  #scope: Scope | undefined;
  #ended: Promise<unknown> | undefined;

  /** @internal */
  constructor(registry: Registry, site: Site, owner: Scope, lock: string, lead: Lead) {
    super(registry, site);
    this.#owner = owner;
    this.#lock = lock;
    this.#lead = lead;
  }

  get leading(): boolean {
    return this.#scope !== undefined;
  }

  /** Leads at once: the tab that did waits for its turn. @throws VoicepathError DISPOSED */
  takeOver(): void {
    this.requireOpen();
    if (this.leading) return;
    this.#giveUp();
    this.#ask(true);
  }

  /** Counts the tabs. Without Web Locks, as on pages that are not secure, each is alone. */
  async census(): Promise<TabCensus> {
    const { locks } = this.registry.platform;
    const { leading } = this;
    if (!locks) return { tabs: 1, leading };
    const { held = [], pending = [] } = await locks.query();
    const tabs = [...held, ...pending].filter(({ name }) => name === this.#lock);
    return { tabs: tabs.length, leading };
  }

  /** @internal */
  begin(): void {
    // A page that holds a lock cannot enter the back/forward cache, and a frozen one should not lead.
    this.#unwatch = this.registry.page.watch((event) => {
      if (event === "pagehide" || event === "freeze") this.#giveUp();
      if (event === "pageshow" || event === "resume") this.#ask(false);
    });
    this.#ask(false);
  }

  protected override end(): Promise<unknown> | undefined {
    this.#unwatch?.();
    return this.#giveUp();
  }

  #ask(steal: boolean): void {
    if (this.phase !== "open" || this.#request) return;
    const { locks } = this.registry.platform;
    const request = new AbortController();
    const { signal } = request;
    this.#request = request;
    if (!locks) {
      this.#begin();
      return;
    }
    const hold = async (): Promise<void> => {
      if (signal.aborted) return;
      const release = deferred<unknown>();
      const give = (): void => release.resolve(this.#ended);
      owned(() => signal.addEventListener("abort", give, { once: true }));
      this.#begin();
      await release.promise;
    };
    // A request that steals cannot be given up; but then it need not wait.
    locks.request(this.#lock, steal ? { steal } : { signal }, hold).catch((error: unknown) => {
      if (this.#request !== request) return; // given up by this tab
      const stolen = this.leading;
      this.#giveUp();
      if (stolen) this.#ask(false);
      else this.registry.reportFailure(this, error);
    });
  }

  #begin(): void {
    this.#scope = this.#owner.scope("leading");
    try {
      this.#lead(this.#scope);
    } catch (error) {
      reportUncaught(error);
    }
  }

  /** What was led is told to end before the lock is released: so there are never two microphones. */
  #giveUp(): Promise<unknown> | undefined {
    const scope = this.#scope;
    this.#scope = undefined;
    const endsAlready = scope?.disposed;
    this.#ended = scope?.disposal?.report ?? scope?.dispose();
    this.#request?.abort();
    this.#request = undefined;
    // Whoever ends the owner waits for the scope as well.
    return endsAlready ? undefined : this.#ended;
  }
}
