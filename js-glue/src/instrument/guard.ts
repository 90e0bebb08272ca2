/** What is open and nobody owns, by the places that opened it, and how that changes. */
import { VP_DELAY_MAX_MS } from "../abi.gen.js";
import { requireNumber } from "../errors.js";
import { callSite } from "../registry/call-stack.js";
import type { Kind, Site } from "../registry/sites.js";
import { watchGLContexts, watchGLObjects } from "./gl.js";
import { watchImageBitmaps } from "./images.js";
import type { Ledger, Unowned } from "./ledger.js";
import { watchListeners } from "./listeners.js";
import { watchAudioContexts, watchStreams } from "./media.js";
import { watchObservers } from "./observers.js";
import { Patches } from "./patch.js";
import { watchSockets } from "./sockets.js";
import { watchTimersAndFrames } from "./timers.js";
import { watchObjectURLs, watchWorkers } from "./urls-and-workers.js";
import { watchWasmMemory } from "./wasm-memory.js";
import type { Watch } from "./watch.js";

const FAMILIES = [
  watchTimersAndFrames,
  watchSockets,
  watchListeners,
  watchObservers,
  watchAudioContexts,
  watchStreams,
  watchGLContexts,
  watchGLObjects,
  watchObjectURLs,
  watchWorkers,
  watchImageBitmaps,
  watchWasmMemory,
];

const SETTLE_MS = 100;
const LOOKS = 4;
const NAMES = 5;

export interface LeakOptions {
  /**
   * How long a pending timer or frame, a closing socket and the like have to end by themselves.
   * Default 100. With 0, only this moment counts: also timers that a component forgot and that end
   * soon.
   */
  readonly settleMs?: number;
}

/** What one place in the code has open. */
export interface OpenSite {
  readonly kind: Kind;
  /** `startMic (https://…/app.js:12:3)` */
  readonly site: string;
  /** Of what was opened last. */
  readonly stack: string;
  readonly live: number;
  /** Of WebAssembly memories; else 0. */
  readonly bytes: number;
  /** Of the last five: addresses of sockets, types of events, callbacks of timers. */
  readonly names: readonly string[];
}

/** A place that has more open than before. */
export interface Leak {
  readonly kind: Kind;
  readonly site: string;
  readonly stack: string;
  /** How many more; of WebAssembly memories, how many are new or have grown. */
  readonly growth: number;
  readonly bytes: number;
  readonly names: readonly string[];
}

/** What was open at one moment; see {@link Guard.mark}. */
export interface GuardMark {
  /** @internal */
  readonly census: Census;
}

/** By site, with the bytes of each. */
type Census = ReadonlyMap<Site, ReadonlyMap<Unowned, number>>;

type Growth = ReadonlyMap<Site, Leak>;

const NOTHING: ReadonlyMap<Unowned, number> = new Map();

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((a, b) => a + b, 0);

/** Watches a page; see {@link instrument}. */
export class Guard {
  readonly #target: typeof globalThis & { gc?: () => void };
  readonly #ledger: Ledger;
  readonly #patches = new Patches();

  /** @internal */
  constructor(target: typeof globalThis, ledger: Ledger) {
    this.#target = target;
    this.#ledger = ledger;
    ledger.scope.signal.addEventListener("abort", () => this.restore());
    const watch: Watch = { target, patches: this.#patches, ledger };
    for (const family of FAMILIES) family(watch);
  }

  /** How many things are open that nobody owns: of one kind, or of all. */
  live(kind?: Kind): number {
    let count = 0;
    for (const thing of this.#ledger.counted())
      if (kind === undefined || thing.kind === kind) count++;
    return count;
  }

  /** Bytes of the WebAssembly memories that were made since the guard is there. */
  wasmBytes(): number {
    return sum([...this.#ledger.counted()].map(bytesOf));
  }

  /** The places that have something open, those with most first. */
  report(): OpenSite[] {
    return [...this.#census().values()]
      .map((things) => ({
        ...describe([...things.keys()]),
        live: things.size,
        bytes: sum(things.values()),
      }))
      .sort((a, b) => b.live - a.live);
  }

  /** Remembers what is open, for {@link leaks}. */
  mark(): GuardMark {
    return { census: this.#census() };
  }

  /**
   * The places that have more open than at the mark, at each of several looks; those that grew most
   * first. Open and close once before the mark: what a page opens once and keeps is no leak.
   *
   * What only the collector ends is looked for after `gc()`, where `--expose-gc` provides it.
   *
   * ```ts
   * const mark = guard.mark();
   * for (let i = 0; i < 10; i++) await openAndClose();
   * for (const { kind, site, growth } of await guard.leaks(mark))
   *   console.warn(`${growth} of ${kind} were left open at ${site}`);
   * ```
   *
   * @throws VoicepathError OPTION
   */
  async leaks(mark: GuardMark, { settleMs = SETTLE_MS }: LeakOptions = {}): Promise<Leak[]> {
    requireNumber("settleMs", settleMs, 0, VP_DELAY_MAX_MS);
    let leaks = this.#growth(mark);
    for (let look = 0; look < LOOKS && settleMs > 0 && leaks.size > 0; look++) {
      await this.#wait(settleMs / LOOKS);
      const now = this.#growth(mark);
      // A loop that was just started has moved on to where it arms itself again.
      leaks = look === 0 ? now : least(leaks, now);
    }
    return [...leaks.values()].sort((a, b) => b.growth - a.growth);
  }

  /** Puts all natives back and forgets what is open. Also done when the registry is disposed of. */
  restore(): void {
    this.#patches.restore();
    this.#ledger.scope[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.restore();
  }

  #census(): Census {
    this.#target.gc?.();
    const census = new Map<Site, Map<Unowned, number>>();
    for (const thing of this.#ledger.counted()) {
      const things = census.get(thing.site) ?? new Map<Unowned, number>();
      census.set(thing.site, things.set(thing, bytesOf(thing)));
    }
    return census;
  }

  #growth({ census }: GuardMark): Growth {
    const current = this.#census();
    const known = identities(census);
    const alive = identities(current);
    const leaks = new Map<Site, Leak>();
    for (const [site, now] of current) {
      const before = census.get(site) ?? NOTHING;
      const fresh = [...now.keys()].filter(({ identity }) => !known.has(identity));
      const ended = [...before.keys()].filter(({ identity }) => !alive.has(identity));
      const grown = [...before.keys()].filter(
        (thing) => (now.get(thing) ?? 0) > (before.get(thing) ?? 0),
      );
      const growth = fresh.length - ended.length + grown.length;
      const bytes = sum(now.values()) - sum(before.values());
      if (growth > 0) leaks.set(site, { ...describe([...grown, ...fresh]), growth, bytes });
    }
    return leaks;
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#ledger.registry.clock.setTimeout(resolve, delayMs));
  }
}

function least(a: Growth, b: Growth): Growth {
  const both = new Map<Site, Leak>();
  for (const [site, one] of a) {
    const other = b.get(site);
    if (other) both.set(site, other.growth < one.growth ? other : one);
  }
  return both;
}

function bytesOf({ traits }: Unowned): number {
  return traits.bytes?.() ?? 0;
}

function identities(census: Census): Set<object> {
  return new Set(
    [...census.values()].flatMap((things) => Array.from(things.keys(), ({ identity }) => identity)),
  );
}

/** @param things - of one site, the last one last */
function describe(things: readonly Unowned[]): Omit<OpenSite, "live" | "bytes"> {
  const list = [...things].reverse();
  const [{ kind, stack }] = list as [Unowned];
  const names = new Set(list.map(({ traits }) => traits.label ?? "").filter((name) => name !== ""));
  return { kind, site: callSite(stack), stack, names: [...names].slice(0, NAMES) };
}
