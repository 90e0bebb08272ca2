/** Time, as the registry sees it: the platform's, or a fake one that tests turn by hand. */
import { requireNumber, VoicepathError } from "../errors.js";
import { enterOwnership, leaveOwnership } from "./ownership.js";

/** What the registry needs of a clock; times are in ms and never run back. */
export interface Clock {
  now(): number;
  /** Calls back after the current task, before any timer: `queueMicrotask`. */
  soon(callback: () => void): void;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(id: unknown): void;
  /** Calls back before the next frame is drawn; without frames, as in Node, after 16 ms. */
  requestFrame(callback: (timeMs: number) => void): unknown;
  cancelFrame(id: unknown): void;
}

const FRAME_MS = 1000 / 60;
/** More alarms at one time than this are one that sets itself again and again. */
const STEPS_MAX = 10_000;

type TimerId = Parameters<typeof clearTimeout>[0];

function setTimer(callback: () => void, delayMs: number): unknown {
  enterOwnership();
  const id = setTimeout(callback, delayMs);
  leaveOwnership();
  return id;
}

function clearTimer(id: unknown): void {
  enterOwnership();
  clearTimeout(id as TimerId);
  leaveOwnership();
}

function requestFrame(callback: (timeMs: number) => void): unknown {
  enterOwnership();
  const id = requestAnimationFrame(callback);
  leaveOwnership();
  return id;
}

function cancelFrame(id: unknown): void {
  enterOwnership();
  cancelAnimationFrame(id as number);
  leaveOwnership();
}

/** The platform's own clock and timers. */
export function systemClock(): Clock {
  const hasFrames = typeof requestAnimationFrame === "function";
  return {
    now: () => performance.now(),
    soon: (callback) => queueMicrotask(callback),
    setTimeout: setTimer,
    clearTimeout: clearTimer,
    requestFrame: hasFrames
      ? requestFrame
      : (callback) => setTimer(() => callback(performance.now()), FRAME_MS),
    cancelFrame: hasFrames ? cancelFrame : clearTimer,
  };
}

interface Alarm {
  readonly dueMs: number;
  readonly callback: (timeMs: number) => void;
}

/**
 * A clock for tests: time stands still until it is advanced, and then passes at once.
 *
 * ```ts
 * const clock = new FakeClock();
 * const registry = Registry.create(session, { clock });
 * registry.scope("test").timeout(ring, 1000);
 * clock.advance(999); // nothing
 * clock.advance(1); // ring
 * ```
 */
export class FakeClock implements Clock {
  #nowMs: number;
  #alarms = new Map<number, Alarm>();
  #nextId = 1;
  #soon: (() => void)[] = [];
  /** Alarms since time went on. */
  #steps = 0;

  constructor(startMs = 0) {
    this.#nowMs = requireNumber("startMs", startMs, 0, Number.MAX_SAFE_INTEGER);
  }

  now(): number {
    return this.#nowMs;
  }

  soon(callback: () => void): void {
    this.#soon.push(callback);
    queueMicrotask(() => this.#runSoon());
  }

  setTimeout(callback: () => void, delayMs: number): number {
    const id = this.#nextId++;
    this.#alarms.set(id, { dueMs: this.#nowMs + Math.max(0, delayMs), callback });
    return id;
  }

  clearTimeout(id: unknown): void {
    this.#alarms.delete(id as number);
  }

  /** Frames come at multiples of 16.7 ms. */
  requestFrame(callback: (timeMs: number) => void): number {
    const id = this.#nextId++;
    const dueMs = (Math.floor(this.#nowMs / FRAME_MS + 1e-6) + 1) * FRAME_MS;
    this.#alarms.set(id, { dueMs, callback });
    return id;
  }

  cancelFrame(id: unknown): void {
    this.clearTimeout(id);
  }

  /** Alarms that are set: the registry needs one for all its timers. */
  get pending(): number {
    return this.#alarms.size;
  }

  /**
   * Lets `ms` pass and runs what falls due, in order; promises wait until it returns.
   *
   * @throws VoicepathError CLOCK when alarms set themselves again without any time passing
   */
  advance(ms: number): void {
    const end = this.#nowMs + requireNumber("ms", ms, 0, Number.MAX_SAFE_INTEGER);
    while (this.#runNext(end)) {}
    this.#nowMs = end;
  }

  /** The same, but promises get their turn before each step and at the end. */
  async advanceAsync(ms: number): Promise<void> {
    const end = this.#nowMs + requireNumber("ms", ms, 0, Number.MAX_SAFE_INTEGER);
    do await settlePromises();
    while (this.#runNext(end));
    this.#nowMs = end;
    await settlePromises();
  }

  #runSoon(): void {
    while (this.#soon.length > 0) {
      const callbacks = this.#soon;
      this.#soon = [];
      for (const callback of callbacks) callback();
    }
  }

  #runNext(endMs: number): boolean {
    this.#runSoon();
    let next: number | undefined;
    let dueMs = Number.POSITIVE_INFINITY;
    for (const [id, alarm] of this.#alarms)
      if (alarm.dueMs < dueMs) {
        next = id;
        dueMs = alarm.dueMs;
      }
    const alarm = next === undefined ? undefined : this.#alarms.get(next);
    if (next === undefined || !alarm || dueMs > endMs) return false;
    this.#alarms.delete(next);
    this.#steps = dueMs > this.#nowMs ? 0 : this.#steps + 1;
    if (this.#steps > STEPS_MAX)
      throw new VoicepathError(
        "CLOCK",
        `${STEPS_MAX} alarms rang and it is still ${this.#nowMs} ms`,
      );
    this.#nowMs = Math.max(this.#nowMs, dueMs);
    alarm.callback(this.#nowMs);
    this.#runSoon();
    return true;
  }
}

/** Long chains of promises need several turns; a macrotask lets all of them run. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
