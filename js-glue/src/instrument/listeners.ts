/**
 * Event listeners, counted as the DOM keeps them: one for each type, callback and phase, until it is
 * removed, its signal aborted, or it was called and is a `once`.
 */
import { owned } from "../registry/ownership.js";
import type { Unowned } from "./ledger.js";
import { ListenerWeights } from "./listener-weights.js";
import { prototypeOf, type Watch } from "./watch.js";

type Listener = object;

interface Entry {
  readonly thing: Unowned;
  readonly signal: AbortSignal | undefined;
  /** Undoes what was done for its sake. */
  readonly withdraw: () => void;
}

/** The listeners of one target, by type and phase, then by callback. */
type Entries = Map<string, Map<Listener, Entry>>;

function asListener(value: unknown): Listener | undefined {
  return (typeof value === "object" && value !== null) || typeof value === "function"
    ? value
    : undefined;
}

function asOptions(options: unknown): AddEventListenerOptions {
  return typeof options === "object" && options !== null ? options : { capture: Boolean(options) };
}

/** Undefined for types that would have to be converted twice, which the application could see. */
function phaseKey(type: unknown, options: unknown): string | undefined {
  if (typeof type === "object" || typeof type === "function" || typeof type === "symbol")
    return undefined;
  return `${asOptions(options).capture ? "capture" : "bubble"} ${String(type)}`;
}

export function watchListeners(watch: Watch): void {
  const { target: global, patches, ledger } = watch;
  const prototype = prototypeOf(watch, "EventTarget") as EventTarget | undefined;
  if (!prototype) return;
  const known = new WeakMap<EventTarget, Entries>();
  const weights = new ListenerWeights(watch);

  const remove = (entries: Entries, key: string, listener: Listener): void => {
    const listeners = entries.get(key);
    const entry = listeners?.get(listener);
    if (!entry) return;
    listeners?.delete(listener);
    entry.thing.close();
    entry.withdraw();
  };

  patches.method(prototype, "addEventListener", (call) => {
    const [type, callback, options] = call.args;
    const listener = asListener(callback);
    const key = listener && phaseKey(type, options);
    const origin = key === undefined ? undefined : ledger.origin("listener", call);
    if (!listener || key === undefined || !origin) return call.native();

    const target = (call.self ?? global) as EventTarget;
    const { once, signal } = asOptions(options);
    const entries: Entries = known.get(target) ?? new Map();
    const listeners = entries.get(key) ?? new Map<Listener, Entry>();
    const present = listeners.get(listener);
    if (present?.signal?.aborted) remove(entries, key, listener);
    else if (present) return call.native();
    if (signal?.aborted) return call.native();

    const gone = (): void => remove(entries, key, listener);
    // Ours comes first: the application's may keep others from being called.
    if (once) call.native([type, gone, options]);
    const result = call.native();
    if (signal) owned(() => signal.addEventListener("abort", gone));

    const label = String(type);
    const { standing, leave } = weights.join(target, label, origin.site);
    const withdraw = (): void => {
      leave();
      owned(() => {
        if (once) prototype.removeEventListener.call(target, label, gone, asOptions(options));
        signal?.removeEventListener("abort", gone);
      });
    };
    const thing = ledger.open(origin, { label, standing }, target);
    listeners.set(listener, { thing, signal, withdraw });
    known.set(target, entries.set(key, listeners));
    return result;
  });

  patches.method(prototype, "removeEventListener", (call) => {
    const result = call.native();
    const [type, callback, options] = call.args;
    const entries = known.get((call.self ?? global) as EventTarget);
    const listener = asListener(callback);
    const key = entries && phaseKey(type, options);
    if (entries && listener && key !== undefined) remove(entries, key, listener);
    return result;
  });
}
