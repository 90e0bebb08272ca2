/**
 * voicepath/instrument: finds what is never closed in code that does not use the registry. For
 * development and tests.
 *
 * @packageDocumentation
 */
import { optionError } from "../errors.js";
import { Registry } from "../registry/registry.js";
import { Guard } from "./guard.js";
import { Ledger } from "./ledger.js";

export type { Guard, GuardMark, Leak, LeakOptions, OpenSite } from "./guard.js";

export interface InstrumentOptions {
  /** Shows what nobody owns, under "(nobody)". */
  readonly registry: Registry;
  /**
   * What is opened at a site that matches is left alone: `/\/@vite\/client|chrome-extension:/`. A site
   * is the first frame of the application: `startMic (https://…/app.js:12:3)`.
   */
  readonly ignore?: RegExp;
}

/**
 * Wraps the timers, sockets, listeners, observers, audio contexts, streams, GL objects, object URLs,
 * workers, image bitmaps and WebAssembly memories of a window, or of what stands for it, and counts
 * those that are opened outside of a scope, by the place that opens them. The application does not
 * notice: natives behave as before, and {@link Guard.restore} puts them back.
 *
 * Install it before the application's own code, which may keep natives.
 *
 * ```ts
 * const guard = instrument(globalThis, { registry });
 * ```
 *
 * @throws VoicepathError OPTION, DISPOSED
 */
export function instrument(target: typeof globalThis, options: InstrumentOptions): Guard {
  const { registry, ignore } = options;
  if (typeof target !== "object" || target === null)
    throw optionError("target", target, "a window, or globalThis");
  if (!(registry instanceof Registry)) throw optionError("registry", registry, "a Registry");
  if (ignore !== undefined && !(ignore instanceof RegExp))
    throw optionError("ignore", ignore, "a regular expression");
  return new Guard(target, new Ledger(registry, ignore));
}
