/**
 * The JavaScript end of vp_registry: free slots are taken from linear memory, commands are written
 * there, and everything the C side knows is read from there. Nothing here makes garbage, but growing
 * and disposing.
 */
import {
  type Pointer,
  VP_CLOSE_WORDS,
  VP_CLOSING_WORDS,
  VP_COMMAND_CLOSE,
  VP_COMMAND_CLOSING,
  VP_COMMAND_LATE,
  VP_COMMAND_OPEN,
  VP_COMMAND_START,
  VP_COMMAND_STOP,
  VP_GENERATION_SHIFT,
  VP_LATE_WORDS,
  VP_OPEN_WORDS,
  VP_SITES_MAX,
  VP_SLOTS_MAX,
  VP_START_WORDS,
  VP_STOP_WORDS,
  VP_TAG_SHIFT,
  vp_registry_config,
  vp_registry_counters,
  vp_registry_delta,
  vp_registry_state,
  vp_registry_views,
} from "../abi.gen.js";
import { checkStatus, VoicepathError } from "../errors.js";
import { alignUp, Handle, type Heap, readField, writeStruct } from "../handle.js";
import type { SessionModule } from "../wasm.js";

export interface TableSize {
  readonly slots: number;
  readonly sites: number;
}

/** Counts of one kind, of one site, or of everything. */
export interface Counters {
  /** Ever opened. */
  opened: number;
  /** Open now: live or closing. */
  active: number;
  /** Closed. */
  finished: number;
  /** The most that were ever active. */
  peak: number;
  /** Of the active ones, those that were told to end. */
  closing: number;
  /** Were not done by their deadline. */
  late: number;
  /** Disposed of again, which is harmless. */
  doubleClosed: number;
  /** Asked of a scope that had ended. */
  refused: number;
}

export interface SiteDelta {
  readonly site: number;
  readonly opened: number;
  readonly finished: number;
}

const COMMAND_WORDS = 4096;
const COUNTER_WORDS = vp_registry_counters.size >> 2;

const wordOf = ({ offset }: { readonly offset: number }): number => offset >> 2;
const STATE = vp_registry_state.fields;
const FREE_TAIL = wordOf(STATE.free_tail);
const COUNTERS = vp_registry_counters.fields;

export class SlotTable {
  readonly #session: SessionModule;
  readonly #heap: Heap;
  readonly #now: () => number;
  #handle: Handle<"vp_registry">;
  #size: TableSize;
  /** Addresses in 32-bit words, good until the table moves. */
  #state = 0;
  #tags = 0;
  #owners = 0;
  #ring = 0;
  #ringMask = 0;
  #commands = 0;
  #fired = 0;
  #order = 0;
  #kinds = 0;
  #sites = 0;
  /** Taken from the ring so far, modulo 2^32; the C side follows at the flush. */
  #head = 0;
  #words = 0;

  /** @throws VoicepathError VP_E_MEMORY */
  constructor(session: SessionModule, size: TableSize, now: () => number) {
    this.#session = session;
    this.#heap = session.heap;
    this.#now = now;
    this.#size = size;
    this.#handle = this.#build(size, (at, bytes, config) =>
      session.exports.vp_registry_init(at, bytes, config, now()),
    );
    this.#readViews();
  }

  /** When {@link advance} has something to do at the earliest; infinity for never. */
  get nextDueMs(): number {
    return this.#heap.f64[(this.#state + wordOf(STATE.next_due_ms)) >> 1] ?? 0;
  }

  /** Open slots, the root among them. */
  get active(): number {
    return this.#stateWord(wordOf(STATE.total) + wordOf(COUNTERS.active));
  }

  /** The memory was given back. */
  get freed(): boolean {
    return this.#handle.disposed;
  }

  get siteCount(): number {
    return this.#stateWord(wordOf(STATE.site_count));
  }

  get runningTimers(): number {
    return this.#stateWord(wordOf(STATE.timers));
  }

  // ---- Commands ----

  generation(index: number): number {
    return (this.#heap.u32[this.#tags + index] ?? 0) >>> VP_TAG_SHIFT;
  }

  /**
   * Takes a slot; its {@link generation} is then that of the handle. When the owner is not live, the C
   * side counts a refusal and takes the slot back.
   *
   * @throws VoicepathError VP_E_CAPACITY, VP_E_MEMORY
   */
  open(owner: number, ownerGeneration: number, site: number): number {
    if (this.#head === this.#stateWord(FREE_TAIL)) this.#makeRoom();
    const at = this.#append(VP_OPEN_WORDS);
    const { u32 } = this.#heap;
    const index = u32[this.#ring + (this.#head & this.#ringMask)] ?? 0;
    this.#head = (this.#head + 1) >>> 0;
    u32[at] = VP_COMMAND_OPEN | (this.generation(index) << VP_GENERATION_SHIFT);
    u32[at + 1] = index;
    u32[at + 2] = owner;
    u32[at + 3] = ownerGeneration;
    u32[at + 4] = site;
    return index;
  }

  close(index: number, generation: number, site: number): void {
    const at = this.#append(VP_CLOSE_WORDS);
    const { u32 } = this.#heap;
    u32[at] = VP_COMMAND_CLOSE | (generation << VP_GENERATION_SHIFT);
    u32[at + 1] = index;
    u32[at + 2] = site;
  }

  closing(index: number, generation: number): void {
    this.#short(VP_COMMAND_CLOSING, VP_CLOSING_WORDS, index, generation);
  }

  late(index: number, generation: number): void {
    this.#short(VP_COMMAND_LATE, VP_LATE_WORDS, index, generation);
  }

  stop(index: number, generation: number): void {
    this.#short(VP_COMMAND_STOP, VP_STOP_WORDS, index, generation);
  }

  start(
    index: number,
    generation: number,
    delayMs: number,
    periodMs: number,
    slackMs: number,
  ): void {
    const at = this.#append(VP_START_WORDS);
    const { u32 } = this.#heap;
    u32[at] = VP_COMMAND_START | (generation << VP_GENERATION_SHIFT);
    u32[at + 1] = index;
    u32[at + 2] = delayMs;
    u32[at + 3] = periodMs;
    u32[at + 4] = slackMs;
  }

  flush(): void {
    const words = this.#words;
    if (words === 0) return;
    this.#words = 0;
    checkStatus(this.#session.exports.vp_registry_flush(this.#handle.pointer, words, this.#now()));
  }

  // ---- Timers and disposal ----

  /** Fires up to VP_FIRED_MAX timers; {@link firedIndex} and {@link firedGeneration} say which. */
  advance(nowMs: number): number {
    return checkStatus(this.#session.exports.vp_registry_advance(this.#handle.pointer, nowMs));
  }

  firedIndex(i: number): number {
    return this.#heap.u32[this.#fired + 2 * i] ?? 0;
  }

  firedGeneration(i: number): number {
    return this.#heap.u32[this.#fired + 2 * i + 1] ?? 0;
  }

  /** Everything under a slot and itself, in the order of disposal. Commands must be flushed. */
  dispose(index: number, generation: number): Uint32Array {
    const heap = this.#heap;
    const { exports } = this.#session;
    const count = checkStatus(exports.vp_registry_dispose(this.#handle.pointer, index, generation));
    return heap.u32.slice(this.#order, this.#order + count);
  }

  // ---- Sites and statistics ----

  /** A number for a new site, or undefined when there are VP_SITES_MAX. */
  addSite(kind: number): number | undefined {
    if (this.siteCount === this.#size.sites) {
      if (this.siteCount === VP_SITES_MAX) return undefined;
      this.flush();
      this.#move({ ...this.#size, sites: Math.min(VP_SITES_MAX, 2 * this.#size.sites) });
    }
    return checkStatus(this.#session.exports.vp_registry_site(this.#handle.pointer, kind));
  }

  /** The index of a slot's owner; the root owns itself. */
  owner(index: number): number {
    return this.#heap.u32[this.#owners + index] ?? 0;
  }

  readTotal(into: Counters): Counters {
    return this.#readCounters(this.#state + wordOf(STATE.total), into);
  }

  readKind(kind: number, into: Counters): Counters {
    return this.#readCounters(this.#kinds + kind * COUNTER_WORDS, into);
  }

  readSite(site: number, into: Counters): Counters {
    return this.#readCounters(this.#sites + site * COUNTER_WORDS, into);
  }

  activeOfKind(kind: number): number {
    const { u32 } = this.#heap;
    return u32[this.#kinds + kind * COUNTER_WORDS + wordOf(COUNTERS.active)] ?? 0;
  }

  /** The counters of all sites now, to compare with later. */
  mark(): Uint8Array {
    const heap = this.#heap;
    const { exports } = this.#session;
    const size = checkStatus(exports.vp_registry_mark_size(this.#handle.pointer));
    const at = heap.allocate<"vp_registry_mark">(size);
    try {
      checkStatus(exports.vp_registry_mark_set(this.#handle.pointer, at, size));
      return heap.u8.slice(at, at + size);
    } finally {
      heap.free(at);
    }
  }

  since(mark: Uint8Array): SiteDelta[] {
    const heap = this.#heap;
    const { exports } = this.#session;
    const capacity = this.siteCount;
    const markBytes = alignUp(mark.length);
    const at = heap.allocate<"vp_registry_mark">(markBytes + capacity * vp_registry_delta.size);
    const deltas: number = at + markBytes;
    try {
      heap.u8.set(mark, at);
      const count = checkStatus(
        exports.vp_registry_mark_diff(this.#handle.pointer, at, deltas, capacity),
      );
      return Array.from({ length: count }, (_, i) => {
        const delta = deltas + i * vp_registry_delta.size;
        const read = (field: keyof typeof vp_registry_delta.fields): number =>
          readField(heap, delta, vp_registry_delta, field);
        return { site: read("site"), opened: read("opened"), finished: read("finished") };
      });
    } finally {
      heap.free(at);
    }
  }

  /** Gives the memory back. */
  free(): void {
    this.#handle.dispose();
  }

  // ---- Inside ----

  #stateWord(word: number): number {
    return this.#heap.u32[this.#state + word] ?? 0;
  }

  #readCounters(at: number, into: Counters): Counters {
    const { u32 } = this.#heap;
    into.opened = u32[at + wordOf(COUNTERS.opened)] ?? 0;
    into.active = u32[at + wordOf(COUNTERS.active)] ?? 0;
    into.finished = u32[at + wordOf(COUNTERS.finished)] ?? 0;
    into.peak = u32[at + wordOf(COUNTERS.peak)] ?? 0;
    into.closing = u32[at + wordOf(COUNTERS.closing)] ?? 0;
    into.late = u32[at + wordOf(COUNTERS.late)] ?? 0;
    into.doubleClosed = u32[at + wordOf(COUNTERS.double_closed)] ?? 0;
    into.refused = u32[at + wordOf(COUNTERS.refused)] ?? 0;
    return into;
  }

  /** Room for a command; its address in words. */
  #append(words: number): number {
    if (this.#words + words > COMMAND_WORDS) this.flush();
    const at = this.#commands + this.#words;
    this.#words += words;
    return at;
  }

  #short(command: number, words: number, index: number, generation: number): void {
    const at = this.#append(words);
    const { u32 } = this.#heap;
    u32[at] = command | (generation << VP_GENERATION_SHIFT);
    u32[at + 1] = index;
  }

  #makeRoom(): void {
    this.flush();
    if (this.#head !== this.#stateWord(FREE_TAIL)) return;
    const { slots } = this.#size;
    if (slots === VP_SLOTS_MAX)
      throw new VoicepathError("VP_E_CAPACITY", `${slots} things are open: no registry holds more`);
    this.#move({ ...this.#size, slots: Math.min(VP_SLOTS_MAX, 2 * slots) });
  }

  #move(size: TableSize): void {
    const old = this.#handle;
    this.#handle = this.#build(size, (at, bytes, config) =>
      this.#session.exports.vp_registry_move(at, bytes, config, old.pointer),
    );
    old.dispose();
    this.#size = size;
    this.#readViews();
  }

  #build(
    { slots, sites }: TableSize,
    fill: (
      at: Pointer<"vp_registry">,
      bytes: number,
      config: Pointer<"vp_registry_config">,
    ) => number,
  ): Handle<"vp_registry"> {
    const heap = this.#heap;
    const { exports } = this.#session;
    const config = heap.allocate<"vp_registry_config">(vp_registry_config.size);
    let at: Pointer<"vp_registry"> = 0;
    try {
      writeStruct(heap, config, vp_registry_config, { slots, sites, command_words: COMMAND_WORDS });
      const bytes = checkStatus(exports.vp_registry_size(config));
      at = heap.allocate(bytes);
      checkStatus(fill(at, bytes, config));
      return new Handle(heap, "Registry", at);
    } catch (error) {
      heap.free(at);
      throw error;
    } finally {
      heap.free(config);
    }
  }

  #readViews(): void {
    const heap = this.#heap;
    const { exports } = this.#session;
    const views = heap.allocate<"vp_registry_views">(vp_registry_views.size);
    checkStatus(exports.vp_registry_view(this.#handle.pointer, views));
    const read = (field: keyof typeof vp_registry_views.fields): number =>
      readField(heap, views, vp_registry_views, field);
    this.#state = read("state") >> 2;
    this.#tags = read("tags") >> 2;
    this.#owners = read("owners") >> 2;
    this.#ring = read("free_ring") >> 2;
    this.#ringMask = read("free_mask");
    this.#commands = read("commands") >> 2;
    this.#fired = read("fired") >> 2;
    this.#order = read("order") >> 2;
    this.#kinds = read("kinds") >> 2;
    this.#sites = read("sites") >> 2;
    this.#head = this.#stateWord(wordOf(STATE.free_head));
    heap.free(views);
  }
}
