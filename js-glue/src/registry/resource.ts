/** What a scope owns: one thing that must end, exactly once. */
import { VoicepathError } from "../errors.js";
import { handled } from "./deferred.js";
import { enterOwnership, leaveOwnership } from "./ownership.js";
import type { Registry } from "./registry.js";
import type { Kind, Site } from "./sites.js";

/** Open; told to end, but not done; ended. */
export type Phase = "open" | "closing" | "closed";

export interface ResourceOptions {
  /** Joined to the scope's path; by default the kind. Name the place, not the instance. */
  readonly name?: string | undefined;
}

export function disposedError(name: string): VoicepathError {
  return new VoicepathError("DISPOSED", `${name} was disposed`);
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

/**
 * The base of everything a scope owns. It ends with its scope, or before by {@link dispose}; ending
 * twice is harmless and counted, using it afterwards throws.
 */
export abstract class Resource {
  /** @internal */
  readonly registry: Registry;
  /** @internal Where it was opened. */
  readonly site: Site;
  /** @internal The slot; the generation is 0 when it is closed. */
  index = 0;
  /** @internal */
  generation = 0;
  /** @internal */
  phase: Phase = "open";
  /** @internal Settles when it has ended, if that takes time. */
  ending: Promise<void> | undefined = undefined;

  /** @internal */
  constructor(registry: Registry, site: Site) {
    this.registry = registry;
    this.site = site;
  }

  /** The path of its scope, and its own name or kind. */
  get name(): string {
    return this.site.name;
  }

  get kind(): Kind {
    return this.site.kind;
  }

  /** It has ended, or was told to. */
  get disposed(): boolean {
    return this.phase !== "open";
  }

  /**
   * Tells it to end. When that takes time, {@link Symbol.asyncDispose} waits for it.
   *
   * @throws what its disposer throws; it has ended all the same
   */
  dispose(): void {
    if (this.phase === "open") {
      const ending = this.finish();
      if (ending) handled(ending);
    } else this.registry.countDoubleClose(this);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Tells it to end and waits until it has. Rejects with what its disposer throws. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.phase === "open") this.finish();
    await this.ending;
  }

  /** Lets a subscription of RxJS own it: `subscription.add(resource)`. */
  unsubscribe(): void {
    this.dispose();
  }

  /** @internal Its timer is due. */
  fired(): void {}

  /** What ends it; called once. */
  protected abstract end(): unknown;

  /**
   * Ends it, from `open`.
   *
   * @internal
   * @returns a promise when that takes time; it rejects with what the disposer does
   */
  finish(): Promise<void> | undefined {
    this.phase = "closing";
    let result: unknown;
    enterOwnership();
    try {
      result = this.end();
    } catch (error) {
      this.registry.close(this);
      throw error;
    } finally {
      leaveOwnership();
    }
    if (!isPromiseLike(result)) {
      this.registry.close(this);
      return undefined;
    }
    this.registry.markClosing(this);
    this.ending = this.#await(result);
    return this.ending;
  }

  async #await(result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.registry.reportFailure(this, error);
      throw error;
    } finally {
      this.registry.close(this);
    }
  }

  /** @throws VoicepathError DISPOSED */
  protected requireOpen(): void {
    if (this.phase !== "open") throw disposedError(this.name);
  }
}
