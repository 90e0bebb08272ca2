/**
 * What keeps the registry going: commands are flushed once, after the task that made them, and one
 * timer of the platform is armed for the earliest of the registry's.
 */
import { VP_DELAY_MAX_MS } from "../abi.gen.js";
import type { Clock } from "./clock.js";
import type { SlotTable } from "./slot-table.js";

export interface DriverCallbacks {
  fire(index: number, generation: number): void;
  /** Counters are up to date. */
  flushed(): void;
}

export class Driver {
  readonly #clock: Clock;
  readonly #table: SlotTable;
  readonly #callbacks: DriverCallbacks;
  readonly #flush = (): void => this.flush();
  readonly #turn = (): void => this.turn();
  #flushing = false;
  #turning = false;
  #alarm: unknown = undefined;
  /** Infinity when no alarm is set. */
  #alarmMs = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(clock: Clock, table: SlotTable, callbacks: DriverCallbacks) {
    this.#clock = clock;
    this.#table = table;
    this.#callbacks = callbacks;
  }

  /** Commands were made: they are flushed when the current task, or turn, is over. */
  flushSoon(): void {
    if (this.#flushing || this.#turning) return;
    this.#flushing = true;
    this.#clock.soon(this.#flush);
  }

  flush(): void {
    this.#flushing = false;
    if (this.#stopped) return;
    this.#table.flush();
    this.#callbacks.flushed();
    this.#arm();
  }

  /** Runs all timers that are due. */
  turn(): void {
    this.#alarmMs = Number.POSITIVE_INFINITY;
    if (this.#stopped || this.#turning) return;
    this.#turning = true;
    try {
      this.#table.flush();
      const nowMs = this.#clock.now();
      for (let count = this.#table.advance(nowMs); count > 0; count = this.#advance(nowMs))
        for (let i = 0; i < count; i++)
          this.#callbacks.fire(this.#table.firedIndex(i), this.#table.firedGeneration(i));
    } finally {
      this.#turning = false;
    }
    this.flush();
  }

  stop(): void {
    this.#stopped = true;
    this.#clock.clearTimeout(this.#alarm);
  }

  #advance(nowMs: number): number {
    return this.#stopped ? 0 : this.#table.advance(nowMs);
  }

  /** A later alarm than needed is set anew; an earlier one rings in vain, which costs less. */
  #arm(): void {
    const dueMs = this.#table.nextDueMs;
    if (dueMs >= this.#alarmMs) return;
    this.#clock.clearTimeout(this.#alarm);
    this.#alarmMs = dueMs;
    const delayMs = Math.min(VP_DELAY_MAX_MS, Math.max(0, dueMs - this.#clock.now()));
    this.#alarm = this.#clock.setTimeout(this.#turn, delayMs);
  }
}
