/** A tab's part in a Web Lock that all tabs share: whoever holds it is there. */
export class TabMark {
  readonly #locks: LockManager;
  readonly #name: string;
  #life: AbortController | undefined;

  constructor(locks: LockManager, name: string) {
    this.#locks = locks;
    this.#name = name;
  }

  enter(): void {
    if (this.#life) return;
    const life = new AbortController();
    const { signal } = life;
    this.#life = life;
    const left = new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#locks
      .request(this.#name, { mode: "shared", signal }, () => left)
      // Given up before it was granted, or not allowed: then others do not count it.
      .catch(() => {});
  }

  leave(): void {
    this.#life?.abort();
    this.#life = undefined;
  }

  /** Those that are there. */
  async count(): Promise<number> {
    const { held = [] } = await this.#locks.query();
    return held.filter(({ name }) => name === this.#name).length;
  }
}
