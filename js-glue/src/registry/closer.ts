/** A function that runs at the end: the smallest thing a scope can own. */
import type { Registry } from "./registry.js";
import { Resource } from "./resource.js";
import type { Site } from "./sites.js";

export class Closer extends Resource {
  readonly #close: () => unknown;

  /** @internal */
  constructor(registry: Registry, site: Site, close: () => unknown) {
    super(registry, site);
    this.#close = close;
  }

  protected override end(): unknown {
    return this.#close();
  }
}
