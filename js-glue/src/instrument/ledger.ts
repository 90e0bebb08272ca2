/**
 * What is open and belongs to nobody. Each thing is a resource of the scope "(nobody)", so that the
 * registry's counts, tree, report and events show it too.
 */
import { reportUncaught } from "../emitter.js";
import { callSite, callStack } from "../registry/call-stack.js";
import { isOwned, onAdoption } from "../registry/ownership.js";
import type { Registry } from "../registry/registry.js";
import { Resource } from "../registry/resource.js";
import type { Scope } from "../registry/scope.js";
import type { Kind, Site } from "../registry/sites.js";
import type { Call } from "./patch.js";

/** Where the application opens something. */
export interface Origin {
  readonly site: Site;
  /** Of this call; a site has the stack of its first. */
  readonly stack: string;
}

/**
 * Open and counted; open, but of no weight just now; or ended by itself, which nothing announces.
 */
export type Standing = "counted" | "hidden" | "gone";

export interface Traits {
  /** A socket's address, an event's type, a callback's name. */
  readonly label?: string;
  /** Asked whenever things are counted. It must hold objects of the platform by WeakRef only. */
  readonly standing?: () => Standing;
  readonly bytes?: () => number;
  /** The same for all callbacks of a loop that arms itself again. */
  readonly loop?: object;
}

export class Unowned extends Resource {
  readonly #ledger: Ledger;
  readonly stack: string;
  readonly traits: Traits;

  constructor(ledger: Ledger, { site, stack }: Origin, traits: Traits) {
    super(ledger.registry, site);
    this.#ledger = ledger;
    this.stack = stack;
    this.traits = traits;
  }

  /** What it is the same as: itself, or the callback before it in its loop. */
  get identity(): object {
    return this.traits.loop ?? this;
  }

  /** The application ended it; again, nothing happens. */
  close(): void {
    if (this.phase === "open") this.finish();
  }

  override finish(): undefined {
    this.#ledger.forget(this);
    this.registry.close(this);
  }

  // It is the application's: the registry forgets it, and does not end it.
  protected override end(): void {}
}

/** A function has several names, `draw` and `Object.draw [as open]`, but one place. */
function placeOf(frame: string): string {
  return /[^\s(@]+:\d+:\d+(?=\)?$)/.exec(frame)?.[0] ?? frame;
}

const NOBODY = "(nobody)";

/** What the objects of the platform are known by; an object URL is a string. */
type Key = object | string;

export class Ledger {
  readonly registry: Registry;
  readonly scope: Scope;
  readonly #ignore: RegExp | undefined;
  readonly #sites = new Map<string, Site>();
  readonly #open = new Set<Unowned>();
  readonly #byObject = new WeakMap<object, Unowned>();
  readonly #byURL = new Map<string, Unowned>();
  readonly #ended = new WeakSet<object>();
  readonly #collected = new FinalizationRegistry<Unowned>((thing) => thing.close());
  #failed = false;

  constructor(registry: Registry, ignore: RegExp | undefined) {
    this.registry = registry;
    this.scope = registry.scope(NOBODY);
    this.#ignore = ignore;
    const stopListening = onAdoption((value) => {
      if (typeof value === "string" || (typeof value === "object" && value !== null))
        this.#find(value)?.close();
    });
    this.scope.signal.addEventListener("abort", stopListening);
  }

  /** Undefined when what this call opens has an owner, or is to be ignored. */
  origin(kind: Kind, { wrapper }: Call): Origin | undefined {
    if (isOwned() || this.#closed) return undefined;
    const stack = callStack(wrapper);
    const frame = callSite(stack);
    if (this.#ignore && frame.search(this.#ignore) >= 0) return undefined;
    const key = `${kind} ${placeOf(frame)}`;
    let site = this.#sites.get(key);
    try {
      site ??= this.registry.site(kind, `${NOBODY}/${kind}`, wrapper, stack);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
    this.#sites.set(key, site);
    return { site, stack };
  }

  /** @param partOf - when this is collected, it is gone too */
  open(origin: Origin, traits: Traits = {}, partOf?: object): Unowned {
    const thing = new Unowned(this, origin, traits);
    if (this.#closed || !this.#enter(thing)) {
      thing.phase = "closed";
      return thing;
    }
    this.#open.add(thing);
    if (partOf) this.#collected.register(partOf, thing, thing);
    return thing;
  }

  /** The same, found again by {@link end} and when a scope adopts it. */
  openAs(key: Key, origin: Origin, traits?: Traits, partOf?: object): Unowned {
    const thing = this.open(origin, traits, partOf);
    if (typeof key === "string") this.#byURL.set(key, thing);
    else this.#byObject.set(key, thing);
    return thing;
  }

  /** The application ended it, whoever owned it. */
  end(key: unknown): void {
    if (typeof key === "string") {
      this.#find(key)?.close();
      this.#byURL.delete(key);
    } else if (typeof key === "object" && key !== null) {
      this.#find(key)?.close();
      this.#ended.add(key);
    }
  }

  hasEnded(object: object): boolean {
    return this.#ended.has(object);
  }

  /** What counts now. */
  *counted(): Generator<Unowned> {
    for (const thing of [...this.#open]) {
      const standing = thing.traits.standing?.() ?? "counted";
      if (standing === "counted") yield thing;
      else if (standing === "gone") thing.close();
    }
  }

  /** Called by what ends. */
  forget(thing: Unowned): void {
    this.#open.delete(thing);
    this.#collected.unregister(thing);
  }

  get #closed(): boolean {
    return this.#failed || this.scope.disposed;
  }

  #enter(thing: Unowned): boolean {
    try {
      this.registry.open(thing, this.scope);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #find(key: Key): Unowned | undefined {
    return typeof key === "string" ? this.#byURL.get(key) : this.#byObject.get(key);
  }

  /** The registry is full: the application goes on, and from here on nothing is counted. */
  #fail(error: unknown): void {
    this.#failed = true;
    reportUncaught(error);
  }
}
