/**
 * What happens to the page, for everyone who must act on it: one set of listeners, there while
 * somebody wants to know.
 */
import { reportUncaught } from "../emitter.js";
import { enterOwnership, leaveOwnership } from "./ownership.js";
import type { Platform } from "./platform.js";

export type PageEvent =
  | "online"
  | "offline"
  | "visible"
  | "hidden"
  | "freeze"
  | "resume"
  | "pagehide"
  | "pageshow";

type PageListener = (event: PageEvent) => void;

export class PageEvents {
  readonly #platform: Platform;
  readonly #listeners = new Set<PageListener>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Calls `listener` until the returned function is called. */
  watch(listener: PageListener): () => void {
    if (this.#listeners.size === 0) this.#each("addEventListener");
    this.#listeners.add(listener);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0)
        this.#each("removeEventListener");
    };
  }

  #each(action: "addEventListener" | "removeEventListener"): void {
    const { window, document } = this.#platform;
    enterOwnership();
    for (const type of ["online", "offline", "pagehide", "pageshow"])
      window?.[action](type, this.#tellType);
    for (const type of ["freeze", "resume"]) document?.[action](type, this.#tellType);
    document?.[action]("visibilitychange", this.#tellVisibility);
    leaveOwnership();
  }

  readonly #tellType = ({ type }: Event): void => this.#tell(type as PageEvent);

  readonly #tellVisibility = (): void =>
    this.#tell(this.#platform.document?.visibilityState === "hidden" ? "hidden" : "visible");

  #tell(event: PageEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        reportUncaught(error);
      }
    }
  }
}
