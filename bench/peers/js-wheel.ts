/**
 * A timing wheel in plain JavaScript: what a careful author would write without WebAssembly, so that
 * the comparison is not only with objects. Levels of 64 slots, each 64 times as coarse as the one
 * below; a timer lies on the level of the highest bit in which its time differs from now. Everything
 * is an integer in a typed array, the lists are linked by index, and freed timers are used again.
 * (Varghese and Lauck, "Hashed and Hierarchical Timing Wheels", 1987.)
 */
const BITS = 6;
const SLOTS = 1 << BITS;
const LEVELS = 5;
const NONE = -1;

/** A handle is the timer's index, and above it how often that index was used. */
const INDEX_BITS = 17;
const INDEX_MASK = (1 << INDEX_BITS) - 1;
const GENERATION_MASK = (1 << 13) - 1;

const nothing = (): void => {};

export class JsWheel {
  /** Of timers, then of one list head for each slot. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #dueMs: Int32Array;
  readonly #generation: Int32Array;
  readonly #callbacks: (() => void)[];
  readonly #heads: number;
  #free = 0;
  #nowMs = 0;

  /** @param capacity - timers at once, at most 2^17 */
  constructor(capacity: number) {
    const links = capacity + LEVELS * SLOTS;
    this.#heads = capacity;
    // Freed timers are linked by `next`; a head is a list of itself.
    this.#next = Int32Array.from({ length: links }, (_, i) => (i < capacity ? i + 1 : i));
    this.#next[capacity - 1] = NONE;
    this.#previous = Int32Array.from({ length: links }, (_, i) => i);
    this.#dueMs = new Int32Array(capacity);
    this.#generation = new Int32Array(capacity);
    this.#callbacks = new Array<() => void>(capacity).fill(nothing);
  }

  /** Calls back once, `delayMs` from the wheel's time; both in whole ms, below 2^30. */
  start(callback: () => void, delayMs: number): number {
    const index = this.#free;
    if (index === NONE) throw new Error(`there are ${this.#heads} timers already`);
    this.#free = this.#next[index] ?? NONE;
    this.#callbacks[index] = callback;
    // What is due now would have to wait for a whole turn of the wheel.
    this.#dueMs[index] = this.#nowMs + Math.max(1, delayMs);
    this.#insert(index);
    return ((this.#generation[index] ?? 0) << INDEX_BITS) | index;
  }

  /** False when it has fired or was stopped. */
  stop(handle: number): boolean {
    const index = handle & INDEX_MASK;
    if (this.#generation[index] !== handle >>> INDEX_BITS) return false;
    this.#unlink(index);
    this.#release(index);
    return true;
  }

  /** Fires what is due until then. */
  advance(nowMs: number): void {
    while (this.#nowMs < nowMs) {
      const now = ++this.#nowMs;
      // A slot's time has come when all bits below it are 0.
      for (let level = LEVELS - 1; level > 0; level--)
        if ((now & ((1 << (BITS * level)) - 1)) === 0) this.#refill(this.#head(level, now));
      this.#fire(this.#head(0, now));
    }
  }

  #head(level: number, timeMs: number): number {
    return this.#heads + level * SLOTS + ((timeMs >>> (BITS * level)) & (SLOTS - 1));
  }

  #insert(index: number): void {
    const dueMs = this.#dueMs[index] ?? 0;
    const differing = (dueMs ^ this.#nowMs) | 1;
    const head = this.#head(((31 - Math.clz32(differing)) / BITS) | 0, dueMs);
    const last = this.#previous[head] ?? head;
    this.#next[last] = index;
    this.#previous[index] = last;
    this.#next[index] = head;
    this.#previous[head] = index;
  }

  #unlink(index: number): void {
    const next = this.#next[index] ?? 0;
    const previous = this.#previous[index] ?? 0;
    this.#next[previous] = next;
    this.#previous[next] = previous;
  }

  #release(index: number): void {
    this.#generation[index] = ((this.#generation[index] ?? 0) + 1) & GENERATION_MASK;
    this.#callbacks[index] = nothing;
    this.#next[index] = this.#free;
    this.#free = index;
  }

  /** Moves the timers of a slot to lower levels. */
  #refill(head: number): void {
    for (let index = this.#next[head] ?? head; index !== head; index = this.#next[head] ?? head) {
      this.#unlink(index);
      this.#insert(index);
    }
  }

  #fire(head: number): void {
    for (let index = this.#next[head] ?? head; index !== head; index = this.#next[head] ?? head) {
      const callback = this.#callbacks[index] ?? nothing;
      this.#unlink(index);
      this.#release(index);
      callback();
    }
  }
}
