/**
 * The registry: every scope and resource of an application, its one timer, its one frame callback,
 * and the counts of all of them.
 */
import { VP_KINDS_MAX } from "../abi.gen.js";
import { Emitter, reportUncaught } from "../emitter.js";
import { optionError, requireInteger } from "../errors.js";
import type { SessionModule } from "../wasm.js";
import { callSite, callStack } from "./call-stack.js";
import { type Clock, systemClock } from "./clock.js";
import { Disposal, type DisposalReport, type DisposeOptions } from "./disposal.js";
import { Driver } from "./driver.js";
import { FrameTurn } from "./frame-turn.js";
import { Heartbeats } from "./heartbeats.js";
import { PageEvents } from "./page-events.js";
import { browserPlatform, type Platform } from "./platform.js";
import { disposedError, type Resource } from "./resource.js";
import { Scope, type ScopeOptions } from "./scope.js";
import { type Kind, type Site, Sites } from "./sites.js";
import { type Counters, SlotTable } from "./slot-table.js";
import type { TabLock } from "./tab-lock.js";

/** Active resources of a kind above which a `threshold` event comes. */
export type Thresholds = Readonly<Partial<Record<Kind | "default", number>>>;

export interface RegistryOptions {
  /** For tests: see {@link FakeClock}. */
  readonly clock?: Clock;
  /** For tests: another page, other locks, another WebSocket. */
  readonly platform?: Platform;
  /** For tests: numbers in [0, 1), for the jitter of reconnections. */
  readonly random?: () => number;
  /** Default 20 for every kind: `{ listener: 200, default: 20 }`, or one number. */
  readonly thresholds?: number | Thresholds;
  /** Remembers where in the code each site is; costs 20 µs for every resource. Default false. */
  readonly development?: boolean;
}

export interface ThresholdEvent {
  readonly kind: Kind;
  readonly active: number;
  readonly threshold: number;
  /** Of the first five that are active. */
  readonly names: readonly string[];
}

export interface LateEvent {
  readonly kind: Kind;
  readonly name: string;
}

export interface FailureEvent {
  readonly kind: Kind;
  readonly name: string;
  readonly error: unknown;
}

export interface RegistryEvents {
  /** More of a kind are active than its threshold; again only after they were fewer. */
  threshold: ThresholdEvent;
  /** Something had not ended, or a task was not done, by its deadline. */
  late: LateEvent;
  /** A disposer threw. Without a listener it is reported as an uncaught error. */
  failure: FailureEvent;
}

/** Counts of everything, and of each kind. */
export interface RegistryStats extends Counters {
  readonly kinds: { [kind in Kind]?: Counters };
  /** Timers that run, all on one of the platform's. */
  timers: number;
}

/** Counts of one place that opens things. */
export interface SiteReport extends Counters {
  readonly kind: Kind;
  readonly name: string;
  /** Where it is in the code, in development. */
  readonly stack: string | undefined;
}

/** How a site changed since a mark. */
export interface Growth {
  readonly kind: Kind;
  readonly name: string;
  readonly stack: string | undefined;
  readonly opened: number;
  readonly finished: number;
  /** opened - finished. */
  readonly growth: number;
}

/** The counters at one moment; see {@link Registry.mark}. */
export interface Mark {
  readonly timeMs: number;
  /** @internal */
  readonly counters: Uint8Array;
}

/** A resource in the tree of owners. */
export interface RegistryNode {
  readonly kind: Kind;
  readonly name: string;
  readonly phase: "open" | "closing";
  readonly late: boolean;
  readonly children: readonly RegistryNode[];
}

const DEFAULT_THRESHOLD = 20;
const NAMES_IN_EVENT = 5;
const INITIAL_SLOTS = 1024;
const INITIAL_SITES = 64;

const noCounters = (): Counters => ({
  opened: 0,
  active: 0,
  finished: 0,
  peak: 0,
  closing: 0,
  late: 0,
  doubleClosed: 0,
  refused: 0,
});

function checkThresholds(given: number | Thresholds): Thresholds {
  const thresholds = typeof given === "number" ? { default: given } : given;
  if (typeof thresholds !== "object" || thresholds === null)
    throw optionError("thresholds", given, "a number, or one for each kind");
  for (const [kind, value] of Object.entries(thresholds))
    if (value !== Number.POSITIVE_INFINITY)
      requireInteger(`thresholds.${kind}`, value, 0, Number.MAX_SAFE_INTEGER);
  return thresholds;
}

/**
 * One for an application. Everything that must end is opened through its scopes.
 *
 * ```ts
 * const registry = Registry.create(await loadSession());
 * const page = registry.scope("page");
 * page.interval(poll, 1000);
 * page.listen(window, "resize", layout);
 * const { late } = await page.dispose();
 * ```
 */
export class Registry extends Emitter<RegistryEvents> {
  readonly #table: SlotTable;
  readonly #sites: Sites;
  readonly #driver: Driver;
  /** By slot. */
  readonly #resources: (Resource | undefined)[] = [];
  readonly #late = new WeakSet<Resource>();
  readonly #thresholds: Thresholds;
  /** The threshold of each kind, by its number. */
  readonly #limits: number[] = [];
  /** Kinds above their threshold. */
  readonly #above = new Uint8Array(VP_KINDS_MAX);
  /** @internal */
  readonly development: boolean;
  /** @internal */
  readonly clock: Clock;
  /** @internal */
  readonly random: () => number;
  /** @internal */
  readonly platform: Platform;
  /** @internal */
  readonly page: PageEvents;
  /** @internal */
  readonly frames: FrameTurn;
  /** @internal Of its sockets. */
  readonly heartbeats = new Heartbeats();
  /** @internal By the name of the leader. */
  readonly tabLocks = new Map<string, TabLock>();
  /** @internal */
  readonly session: SessionModule;
  /** The scope that owns all others. */
  readonly root: Scope;

  private constructor(session: SessionModule, options: RegistryOptions) {
    super();
    const { clock = systemClock(), random = Math.random, development = false } = options;
    this.#thresholds = checkThresholds(options.thresholds ?? DEFAULT_THRESHOLD);
    this.development = development;
    this.session = session;
    this.clock = clock;
    this.random = random;
    this.platform = { ...browserPlatform(), ...options.platform };
    this.page = new PageEvents(this.platform);
    const size = { slots: INITIAL_SLOTS, sites: INITIAL_SITES };
    this.#table = new SlotTable(session, size, () => clock.now());
    this.#sites = new Sites(this.#table, "root");
    this.#driver = new Driver(clock, this.#table, {
      fire: (index, generation) => this.#fire(index, generation),
      flushed: () => this.#checkThresholds(),
    });
    this.frames = new FrameTurn(clock);
    this.root = new Scope(this, this.#sites.root, null, "");
    this.root.generation = 1;
    this.#resources[0] = this.root;
  }

  /** @throws VoicepathError OPTION, VP_E_MEMORY */
  static create(session: SessionModule, options: RegistryOptions = {}): Registry {
    return new Registry(session, options);
  }

  // ---- Scopes ----

  /**
   * A new scope: under `parent`, or on its own.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  scope(name: string, options: ScopeOptions & { readonly parent?: Scope } = {}): Scope {
    return (options.parent ?? this.root).scope(name, options);
  }

  /** Ends everything, and then gives the memory back. */
  dispose(options?: DisposeOptions): Promise<DisposalReport> {
    return this.root.dispose(options);
  }

  get disposed(): boolean {
    return this.root.disposed;
  }

  [Symbol.dispose](): void {
    this.root[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.root[Symbol.asyncDispose]();
  }

  // ---- Statistics ----

  /**
   * The counts now.
   *
   * @param into - an earlier result to fill again, so that nothing is allocated
   */
  stats(into: RegistryStats = { ...noCounters(), kinds: {}, timers: 0 }): RegistryStats {
    this.#update();
    this.#table.readTotal(into);
    into.timers = this.#table.runningTimers;
    const { kinds } = this.#sites;
    for (let id = 0; id < kinds.length; id++) {
      const kind = kinds[id] ?? "";
      let counters = into.kinds[kind];
      if (!counters) {
        counters = noCounters();
        into.kinds[kind] = counters;
      }
      this.#table.readKind(id, counters);
    }
    return into;
  }

  /** How many are active: of one kind, or of everything but the root. */
  active(kind?: Kind): number {
    this.#update();
    if (kind === undefined) return this.#table.active - 1;
    const id = this.#sites.kinds.indexOf(kind);
    return id < 0 ? 0 : this.#table.activeOfKind(id) - (id === 0 ? 1 : 0);
  }

  /** What every site has opened, those with most active first. */
  report(): SiteReport[] {
    this.#update();
    return this.#sites.all
      .map(({ id, kind, name, stack }) => ({
        kind,
        name,
        stack,
        ...this.#table.readSite(id, noCounters()),
      }))
      .filter(({ opened, refused, doubleClosed }) => opened + refused + doubleClosed > 0)
      .sort((a, b) => b.active - a.active);
  }

  /** Remembers all counts, for {@link since}. */
  mark(): Mark {
    this.#update();
    return { timeMs: this.clock.now(), counters: this.#table.mark() };
  }

  /** The sites that opened or closed something since a mark, those that grew most first. */
  since(mark: Mark): Growth[] {
    this.#update();
    return this.#table
      .since(mark.counters)
      .map(({ site, opened, finished }) => {
        const { kind, name, stack } = this.#sites.all[site] ?? this.#sites.root;
        return { kind, name, stack, opened, finished, growth: opened - finished };
      })
      .sort((a, b) => b.growth - a.growth);
  }

  /** Everything that is open, by owner. */
  tree(): RegistryNode {
    this.#update();
    const children = new Map<Resource, Resource[]>();
    for (const resource of this.#resources) {
      const owner = resource && this.#resources[this.#table.owner(resource.index)];
      if (!owner || owner === resource) continue;
      const siblings = children.get(owner);
      if (siblings) siblings.push(resource);
      else children.set(owner, [resource]);
    }
    const node = (resource: Resource): RegistryNode => ({
      kind: resource.kind,
      name: resource.name,
      phase: resource.phase === "open" ? "open" : "closing",
      late: this.#late.has(resource),
      children: (children.get(resource) ?? []).map(node),
    });
    return node(this.root);
  }

  // ---- For resources ----

  /**
   * @internal
   * @param stack - where, if that is known already; `instrument` always does
   */
  site(kind: Kind, name: string, caller: (...args: never[]) => unknown, stack?: string): Site {
    if (!this.development && stack === undefined) return this.#sites.find(kind, name);
    const at = stack ?? callStack(caller);
    return this.#sites.find(kind, `${name} at ${callSite(at)}`, at);
  }

  /** @internal Gives a resource its slot; its owner is open. */
  open(resource: Resource, owner: Scope): void {
    const index = this.#table.open(owner.index, owner.generation, resource.site.id);
    resource.index = index;
    resource.generation = this.#table.generation(index);
    this.#resources[index] = resource;
    this.#driver.flushSoon();
  }

  /** @internal Counts what was asked of an owner that has ended. */
  refuse(site: Site, owner: Scope): void {
    if (this.#table.freed) return;
    this.#table.open(owner.index, owner.generation, site.id);
    this.#driver.flushSoon();
  }

  /** @internal */
  close(resource: Resource): void {
    const { index, generation, site } = resource;
    resource.phase = "closed";
    resource.generation = 0;
    this.#resources[index] = undefined;
    this.#table.close(index, generation, site.id);
    this.#driver.flushSoon();
  }

  /** @internal */
  markClosing({ index, generation }: Resource): void {
    this.#table.closing(index, generation);
    this.#driver.flushSoon();
  }

  /** @internal */
  countDoubleClose({ site, index }: Resource): void {
    if (this.#table.freed) return;
    this.#table.close(index, 0, site.id);
    this.#driver.flushSoon();
  }

  /** @internal */
  markLate(resource: Resource): void {
    const { index, generation, kind, name } = resource;
    this.#table.late(index, generation);
    this.#late.add(resource);
    this.#driver.flushSoon();
    this.emit("late", { kind, name });
  }

  /** @internal */
  reportFailure({ kind, name }: Resource, error: unknown): void {
    if (this.has("failure")) this.emit("failure", { kind, name, error });
    else reportUncaught(error);
  }

  /** @internal */
  startTimer(resource: Resource, delayMs: number, periodMs: number, slackMs: number): void {
    this.#table.start(resource.index, resource.generation, delayMs, periodMs, slackMs);
    this.#driver.flushSoon();
  }

  /** @internal */
  stopTimer({ index, generation }: Resource): void {
    this.#table.stop(index, generation);
    this.#driver.flushSoon();
  }

  /**
   * Starts to end a scope and everything under it.
   *
   * @internal
   */
  endScope(scope: Scope, deadlineMs: number): Disposal {
    this.#table.flush();
    const order = this.#table.dispose(scope.index, scope.generation);
    // Remembered, because disposers may close and open others in the same slots.
    const resources = new Array<Resource | undefined>(order.length);
    for (let i = 0; i < order.length; i++) resources[i] = this.#resources[order[i] ?? 0];
    const disposal = new Disposal(this, scope);
    disposal.run(resources, deadlineMs);
    if (scope === this.root) void disposal.settled.then(() => this.#free());
    return disposal;
  }

  // ---- Inside ----

  /** Lets the counters catch up. @throws VoicepathError DISPOSED */
  #update(): void {
    if (this.#table.freed) throw disposedError("the registry");
    this.#table.flush();
  }

  #fire(index: number, generation: number): void {
    const resource = this.#resources[index];
    if (resource?.generation === generation) resource.fired();
  }

  #free(): void {
    this.#driver.stop();
    this.#table.free();
  }

  /** After every flush: so it makes no garbage, and looks up nothing twice. */
  #checkThresholds(): void {
    const { kinds } = this.#sites;
    for (let id = 0; id < kinds.length; id++) {
      const active = this.#table.activeOfKind(id);
      const above = active > this.#thresholdOf(id);
      if (above !== (this.#above[id] === 1)) this.#crossThreshold(id, active, above);
    }
  }

  #thresholdOf(id: number): number {
    if (id === this.#limits.length) {
      const { [this.#sites.kinds[id] ?? ""]: own, default: other } = this.#thresholds;
      this.#limits.push(own ?? other ?? DEFAULT_THRESHOLD);
    }
    return this.#limits[id] ?? 0;
  }

  #crossThreshold(id: number, active: number, above: boolean): void {
    this.#above[id] = above ? 1 : 0;
    if (!above) return;
    const kind = this.#sites.kinds[id] ?? "";
    const names = this.#firstNames(kind);
    this.emit("threshold", { kind, active, threshold: this.#thresholdOf(id), names });
  }

  #firstNames(kind: Kind): string[] {
    const names: string[] = [];
    for (const resource of this.#resources) {
      if (resource?.kind === kind) names.push(resource.name);
      if (names.length === NAMES_IN_EVENT) break;
    }
    return names;
  }
}
