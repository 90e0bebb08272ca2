/**
 * A component's scope, and how long React lets it live.
 *
 * React runs effects and their cleanups not only when a component comes and goes:
 *
 * | what happens                     | cleaned up, in order       | run again              |
 * | -------------------------------- | -------------------------- | ---------------------- |
 * | StrictMode, after mounting       | layout, passive            | layout, passive        |
 * | `<Activity>` hides it            | layout, passive            | when visible           |
 * | `<Suspense>` shows the fallback  | layout                     | with the content       |
 * | other deps                       | insertion, layout, passive | all, for the next one  |
 * | the component is removed         | insertion, layout, passive |                        |
 *
 * So no kind of effect is right on its own. Insertion effects see neither StrictMode nor Activity. A
 * scope that ended with its layout effect would be gone after a suspension, and what passive effects
 * had opened in it with it, although React does not run those again. One that began with its passive
 * effect would come too late for layout effects; one that ended with it would let timers fire between
 * the removal from the page and the cleanup. Therefore the layout effect opens the scope and the
 * passive effect's cleanup ends it; and when the insertion effect was cleaned up, which means for
 * good, the layout effect's cleanup ends it already.
 *
 * Effects of children run before those of their parents. A child that needs its parent's scope earlier
 * opens it, as a loan: if the parent's effects never ran, the scope ends with the last loan.
 */
import { optionError } from "../errors.js";
import type { Registry } from "../registry/registry.js";
import { Scope } from "../registry/scope.js";

/** What {@link useScope} returns. */
export interface ScopeRef {
  /** Null while there is none: during the first render, when hidden, after unmounting, on a server. */
  readonly current: Scope | null;
}

export class MountedScope implements ScopeRef {
  readonly #registry: Registry;
  readonly #name: string;
  readonly #parent: ScopeRef | Scope | undefined;
  #scope: Scope | undefined;
  /** The component's own effects are running. */
  #attached = false;
  #leaving = false;
  #loans = 0;

  constructor(registry: Registry, name: string, parent: ScopeRef | Scope | undefined) {
    this.#registry = registry;
    this.#name = name;
    this.#parent = parent;
  }

  get current(): Scope | null {
    return this.#scope && !this.#scope.disposed ? this.#scope : null;
  }

  readonly insertionEffect = (): (() => void) => {
    this.#leaving = false;
    return () => {
      this.#leaving = true;
    };
  };

  readonly layoutEffect = (): (() => void) => {
    this.#attached = true;
    this.#open();
    return () => {
      if (this.#leaving) this.#detach();
    };
  };

  readonly passiveEffect = (): (() => void) => () => this.#detach();

  #open(): Scope {
    this.#scope ??= this.#owner().scope(this.#name);
    return this.#scope;
  }

  #owner(): Scope {
    const parent = this.#parent ?? this.#registry.root;
    if (parent instanceof Scope) return parent;
    if (parent instanceof MountedScope) return parent.#lend();
    if (parent.current) return parent.current;
    throw optionError("parent", null, "a scope that is open when the component mounts");
  }

  #lend(): Scope {
    this.#loans++;
    return this.#open();
  }

  #return(): void {
    this.#loans--;
    if (this.#loans === 0 && !this.#attached) this.#end();
  }

  #detach(): void {
    if (!this.#attached) return;
    this.#attached = false;
    this.#end();
  }

  /** Its parent's end may have ended it before. */
  #end(): void {
    const scope = this.#scope;
    if (!scope) return;
    this.#scope = undefined;
    if (!scope.disposed) void scope.dispose();
    if (this.#parent instanceof MountedScope) this.#parent.#return();
  }
}
