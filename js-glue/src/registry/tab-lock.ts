/**
 * The Web Lock by which one tab among many leads. Everything in a tab that names the same leader
 * shares one lock, so that all of it leads together: a socket and a microphone never end up in two
 * tabs. The browser gives the lock on when the tab is closed or crashes.
 */
import { deferred } from "./deferred.js";
import type { Registry } from "./registry.js";

/** What leads while its tab does. */
export interface LockMember {
  /** The tab leads. */
  lead(): void;
  /** It does no longer; the promise is there when that takes time. */
  follow(): Promise<unknown> | undefined;
  /** The lock could not be asked for. */
  fail(error: unknown): void;
}

/** A request that waits, or is held, until it is released. */
interface Request {
  readonly giveUp: AbortController;
  readonly release: (after?: Promise<unknown>) => void;
}

export class TabLock {
  readonly #registry: Registry;
  readonly #name: string;
  readonly #members = new Set<LockMember>();
  /** Of members that lead no longer, but are not done. */
  readonly #ending = new Set<Promise<unknown>>();
  #request: Request | undefined;
  #held = false;
  #unwatch: (() => void) | undefined;

  private constructor(registry: Registry, name: string) {
    this.#registry = registry;
    this.#name = name;
  }

  /** Lets something lead with its tab, soon when the tab does already; the last to leave releases it. */
  static join(registry: Registry, name: string, member: LockMember): TabLock {
    let lock = registry.tabLocks.get(name);
    if (!lock) {
      lock = new TabLock(registry, name);
      registry.tabLocks.set(name, lock);
    }
    lock.#join(member);
    return lock;
  }

  /** Asks for it before all others: the tab that has it loses it at once. */
  takeOver(): void {
    if (this.#held) return;
    this.#giveUp();
    this.#ask(true);
  }

  /** One request for each tab. Without Web Locks, each is alone. */
  async countTabs(): Promise<number> {
    const { locks } = this.#registry.platform;
    if (!locks) return 1;
    const { held = [], pending = [] } = await locks.query();
    return [...held, ...pending].filter(({ name }) => name === this.#name).length;
  }

  leave(member: LockMember): Promise<unknown> | undefined {
    if (!this.#members.delete(member)) return undefined;
    const ended = this.#end(member);
    if (this.#members.size === 0) {
      this.#unwatch?.();
      this.#registry.tabLocks.delete(this.#name);
      this.#giveUp();
    }
    return ended;
  }

  #join(member: LockMember): void {
    this.#members.add(member);
    if (this.#members.size === 1) {
      this.#unwatch = this.#registry.page.watch((event) => {
        // A page that holds a lock cannot enter the back/forward cache, and a frozen one must not
        // lead. Neither runs on, so the others cannot wait for what takes time.
        if (event === "pagehide" || event === "freeze") this.#giveUp("at once");
        if (event === "pageshow" || event === "resume") this.#ask(false);
      });
      this.#ask(false);
    } else if (this.#held) queueMicrotask(() => this.#lead(member));
  }

  #ask(steal: boolean): void {
    if (this.#members.size === 0 || this.#request) return;
    const { locks } = this.#registry.platform;
    const giveUp = new AbortController();
    const released = deferred<unknown>();
    const request: Request = { giveUp, release: released.resolve };
    this.#request = request;
    if (!locks) {
      this.#begin();
      return;
    }
    const hold = async (): Promise<void> => {
      if (this.#request !== request) return;
      this.#begin();
      await released.promise;
    };
    // A request that steals cannot be given up; but then it need not wait.
    const options = steal ? { steal } : { signal: giveUp.signal };
    locks.request(this.#name, options, hold).catch((error: unknown) => {
      if (this.#request !== request) return; // given up by this tab
      const stolen = this.#held;
      this.#giveUp();
      if (stolen) this.#ask(false);
      else for (const member of this.#members) member.fail(error);
    });
  }

  #begin(): void {
    this.#held = true;
    for (const member of [...this.#members]) this.#lead(member);
  }

  #lead(member: LockMember): void {
    if (this.#held && this.#members.has(member)) member.lead();
  }

  /** What was led is told to end before the lock is released: so there are never two microphones. */
  #giveUp(release: "when all has ended" | "at once" = "when all has ended"): void {
    const request = this.#request;
    this.#request = undefined;
    this.#held = false;
    for (const member of [...this.#members]) this.#end(member);
    request?.giveUp.abort();
    request?.release(release === "at once" ? undefined : Promise.allSettled([...this.#ending]));
  }

  #end(member: LockMember): Promise<unknown> | undefined {
    const ended = member.follow();
    if (ended) {
      this.#ending.add(ended);
      const forget = (): void => void this.#ending.delete(ended);
      ended.then(forget, forget);
    }
    return ended;
  }
}
