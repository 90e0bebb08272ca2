/**
 * Timers and animation frames. One that fires is finished before its callback runs: a loop that arms
 * itself again is, at any moment, one that waits, at the place that arms it again.
 */

import { owned } from "../registry/ownership.js";
import type { Unowned } from "./ledger.js";
import { Loops } from "./loops.js";
import type { Callable } from "./patch.js";
import type { Watch } from "./watch.js";

interface Pending {
  readonly thing: Unowned;
  /** A timer whose code is a string says nothing when it fires: another one, of ours, does. */
  readonly herald?: ReturnType<typeof setTimeout>;
}

/** Node's timers are objects that turn into their number. */
function keyOf(id: unknown): number {
  const hasNumber = typeof id === "object" && id !== null && Symbol.toPrimitive in id;
  return typeof id === "number" || typeof id === "string" || hasNumber ? Number(id) : Number.NaN;
}

export function watchTimersAndFrames(watch: Watch): void {
  const loops = new Loops();
  watchTimers(watch, loops);
  watchFrames(watch, loops);
}

function watchTimers({ target, patches, ledger }: Watch, loops: Loops): void {
  // One list: clearTimeout clears intervals, and the other way round.
  const timers = new Map<number, Pending>();
  const end = (id: unknown): void => {
    const key = keyOf(id);
    const pending = timers.get(key);
    if (!pending) return;
    timers.delete(key);
    pending.thing.close();
    const { herald } = pending;
    if (herald !== undefined) owned(() => target.clearTimeout(herald));
  };
  patches.method(target, "setTimeout", (call) => {
    const origin = ledger.origin("timeout", call);
    if (!origin) return call.native();
    const [callback, delayMs] = call.args;
    if (typeof callback === "function") {
      const { id, loop } = loops.arm(call, callback as Callable, end);
      timers.set(keyOf(id), { thing: ledger.open(origin, { label: callback.name, loop }) });
      return id;
    }
    const id = call.native();
    const herald = owned(() => target.setTimeout(() => end(id), delayMs as number));
    timers.set(keyOf(id), { thing: ledger.open(origin, { label: "code" }), herald });
    return id;
  });
  patches.method(target, "setInterval", (call) => {
    const origin = ledger.origin("interval", call);
    const id = call.native();
    const [callback] = call.args;
    const label = typeof callback === "function" ? callback.name : "code";
    if (origin) timers.set(keyOf(id), { thing: ledger.open(origin, { label }) });
    return id;
  });
  for (const name of ["clearTimeout", "clearInterval"])
    patches.method(target, name, (call) => {
      const result = call.native();
      end(call.args[0]);
      return result;
    });
}

function watchFrames({ target, patches, ledger }: Watch, loops: Loops): void {
  const frames = new Map<number, Unowned>();
  const end = (id: unknown): void => {
    const key = keyOf(id);
    frames.get(key)?.close();
    frames.delete(key);
  };
  patches.method(target, "requestAnimationFrame", (call) => {
    const origin = ledger.origin("frame", call);
    const [callback] = call.args;
    if (!origin || typeof callback !== "function") return call.native();
    const { id, loop } = loops.arm(call, callback as Callable, end);
    frames.set(keyOf(id), ledger.open(origin, { label: callback.name, loop }));
    return id;
  });
  patches.method(target, "cancelAnimationFrame", (call) => {
    const result = call.native();
    end(call.args[0]);
    return result;
  });
}
