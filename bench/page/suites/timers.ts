/** Timers under test: with many alive, the oldest is cleared and a new one created, over and over. */
import { TimerWheel } from "timer-wheel";
import { JsWheel } from "../../peers/js-wheel";
import { openRegistry } from "../../peers/voicepath";
import type { OpenOperations, Operations } from "./operations";
import { VOICEPATH } from "./suite";

export const NATIVE_TIMER = "setTimeout";
const DELAYS = 4096;

/** One to three minutes: none is due while it is measured. From a seed, so the same every time. */
const DELAYS_MS = ((): readonly number[] => {
  let state = 1;
  return Array.from({ length: DELAYS }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 60_000 + Math.floor((state / 2 ** 32) * 120_000);
  });
})();

const delayMs = (i: number): number => DELAYS_MS[i & (DELAYS - 1)] ?? 60_000;
const noop = (): void => {};

function native(live: number): OpenOperations {
  const ids: number[] = [];
  let oldest = 0;
  let created = 0;
  return {
    begin() {
      for (let i = 0; i < live; i++) ids[i] = window.setTimeout(noop, delayMs(created++));
    },
    run(count) {
      for (let i = 0; i < count; i++) {
        window.clearTimeout(ids[oldest]);
        ids[oldest] = window.setTimeout(noop, delayMs(created++));
        oldest = oldest + 1 === live ? 0 : oldest + 1;
      }
    },
    end() {
      for (const id of ids) window.clearTimeout(id);
    },
  };
}

function objectWheel(live: number): OpenOperations {
  let wheel = new TimerWheel<() => void>();
  const handles: { remove(): void }[] = [];
  let oldest = 0;
  let created = 0;
  return {
    begin() {
      wheel = new TimerWheel();
      for (let i = 0; i < live; i++) handles[i] = wheel.schedule(noop, delayMs(created++));
    },
    run(count) {
      for (let i = 0; i < count; i++) {
        handles[oldest]?.remove();
        handles[oldest] = wheel.schedule(noop, delayMs(created++));
        oldest = oldest + 1 === live ? 0 : oldest + 1;
      }
    },
    end() {
      handles.length = 0;
    },
  };
}

function arrayWheel(live: number): OpenOperations {
  const wheel = new JsWheel(live + 1);
  const handles = new Int32Array(live);
  const openedMs = performance.now();
  let oldest = 0;
  let created = 0;
  const advance = (): void => wheel.advance(Math.floor(performance.now() - openedMs));
  return {
    begin() {
      advance();
      for (let i = 0; i < live; i++) handles[i] = wheel.start(noop, delayMs(created++));
    },
    run(count) {
      advance();
      for (let i = 0; i < count; i++) {
        wheel.stop(handles[oldest] ?? 0);
        handles[oldest] = wheel.start(noop, delayMs(created++));
        oldest = oldest + 1 === live ? 0 : oldest + 1;
      }
    },
    end() {
      for (const handle of handles) wheel.stop(handle);
    },
  };
}

async function timeouts(live: number): Promise<OpenOperations> {
  const registry = await openRegistry();
  let scope = registry.scope("page");
  const timers: { dispose(): void }[] = [];
  let oldest = 0;
  let created = 0;
  return {
    begin() {
      scope = registry.scope("page");
      for (let i = 0; i < live; i++) timers[i] = scope.timeout(noop, delayMs(created++));
    },
    run(count) {
      for (let i = 0; i < count; i++) {
        timers[oldest]?.dispose();
        timers[oldest] = scope.timeout(noop, delayMs(created++));
        oldest = oldest + 1 === live ? 0 : oldest + 1;
      }
    },
    end() {
      timers.length = 0;
      scope[Symbol.dispose]();
    },
    close: () => registry[Symbol.dispose](),
  };
}

async function reusedTimers(live: number): Promise<OpenOperations> {
  const registry = await openRegistry();
  const scope = registry.scope("page");
  const timers = Array.from({ length: live }, () => scope.timer(noop));
  let oldest = 0;
  let started = 0;
  return {
    begin() {
      for (const timer of timers) timer.start(delayMs(started++));
    },
    run(count) {
      for (let i = 0; i < count; i++) {
        const timer = timers[oldest];
        timer?.stop();
        timer?.start(delayMs(started++));
        oldest = oldest + 1 === live ? 0 : oldest + 1;
      }
    },
    end() {
      for (const timer of timers) timer.stop();
    },
    close: () => registry[Symbol.dispose](),
  };
}

/** Each with so many timers alive. */
export function timers(live: number): readonly Operations[] {
  return [
    {
      name: `${VOICEPATH} scope.timeout()`,
      batch: 8192,
      open: () => timeouts(live),
    },
    {
      name: `${VOICEPATH} timer.start()`,
      batch: 8192,
      open: () => reusedTimers(live),
    },
    { name: NATIVE_TIMER, batch: 2048, open: async () => native(live) },
    { name: "timer-wheel", batch: 8192, open: async () => objectWheel(live) },
    { name: "wheel in typed arrays", batch: 8192, open: async () => arrayWheel(live) },
  ];
}
