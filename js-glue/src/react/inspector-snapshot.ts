/** What the inspector shows, read from the registry only when something has happened. */
import type {
  Growth,
  Mark,
  Registry,
  RegistryNode,
  RegistryStats,
  SiteReport,
} from "../registry/registry.js";
import type { Kind } from "../registry/sites.js";
import type { Counters } from "../registry/slot-table.js";
import { isOwn } from "./inspector-names.js";

export interface KindCounters extends Counters {
  readonly kind: Kind;
}

export interface Snapshot {
  /** Without the root, which is always there. */
  readonly total: Counters;
  /** Of the active ones, the panel's own. */
  readonly own: number;
  readonly timers: number;
  readonly kinds: readonly KindCounters[];
  readonly tree: RegistryNode;
  readonly sites: readonly SiteReport[];
  /** Of all other sites, since the mark; null without one. */
  readonly growth: readonly Growth[] | null;
}

function withoutRoot<C extends Counters>(counters: C): C {
  const { opened, active, peak } = counters;
  return { ...counters, opened: opened - 1, active: active - 1, peak: peak - 1 };
}

function isRoot({ kind, name, opened }: SiteReport, root: RegistryNode): boolean {
  return kind === root.kind && name === root.name && opened === 1;
}

function read(registry: Registry, mark: Mark | null): Snapshot {
  const { kinds, timers, ...total } = registry.stats();
  const tree = registry.tree();
  const sites = registry.report();
  const root = sites.findIndex((site) => isRoot(site, tree));
  return {
    total: withoutRoot(total),
    own: sites.filter(isOwn).reduce((sum, { active }) => sum + active, 0),
    timers,
    kinds: Object.entries(kinds)
      .flatMap(([kind, counters]) => (counters ? [{ kind, ...counters }] : []))
      .map((row) => (row.kind === tree.kind ? withoutRoot(row) : row))
      .filter(({ opened, refused, doubleClosed }) => opened + refused + doubleClosed > 0)
      .sort((a, b) => b.active - a.active || b.opened - a.opened),
    tree,
    sites: sites.filter((_, i) => i !== root),
    growth: mark && registry.since(mark).filter((site) => !isOwn(site)),
  };
}

export class SnapshotReader {
  readonly #registry: Registry;
  #mark: Mark | null = null;
  #stats: RegistryStats | undefined;
  /** The counts at the last reading. */
  #last = "";

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** From now on, snapshots tell the growth. */
  mark(): void {
    this.#mark = this.#registry.mark();
  }

  read(): Snapshot {
    this.#last = this.#counts();
    return read(this.#registry, this.#mark);
  }

  /** Null when nothing has happened since the last reading. */
  readIfChanged(): Snapshot | null {
    return this.#counts() === this.#last ? null : this.read();
  }

  /** Whatever happens changes one of these, and none but `closing` and `timers` ever falls. */
  #counts(): string {
    this.#stats = this.#registry.stats(this.#stats);
    const { opened, finished, closing, late, refused, doubleClosed, timers } = this.#stats;
    return [opened, finished, closing, late, refused, doubleClosed, timers].join();
  }
}
