/** Where the state is kept between visits: one localStorage item, once also the keys of before. */
import type { PersistStorage, StorageValue } from "zustand/middleware";
import type { Notice } from "@/voicepath/stored-values";
import { isObject } from "./merge";
import { fromOldKeys, MOVED_KEYS } from "./migrate";

export type Kept = Readonly<Record<string, unknown>>;
type Item = StorageValue<Kept>;

/** @throws Error when it is no item of a store */
export function parsedItem(text: string): Item {
  const item: unknown = JSON.parse(text);
  if (!isObject(item) || !isObject(item["state"])) throw new Error("it has no state");
  const { state, version } = item;
  return { state: state as Kept, version: typeof version === "number" ? version : 0 };
}

export class KeptState implements PersistStorage<Kept> {
  readonly #storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly #notice: Notice;
  /** What is stored, as far as this page knows. */
  #text: string | null = null;
  #movesOldKeys = false;
  #held = false;

  /**
   * @param storage - may throw where cookies are blocked
   */
  constructor(storage: () => Pick<Storage, "getItem" | "setItem" | "removeItem">, notice: Notice) {
    this.#storage = storage;
    this.#notice = notice;
  }

  getItem(name: string): Item | null {
    try {
      this.#text = this.#storage().getItem(name);
      if (this.#text !== null) return parsedItem(this.#text);
      const old = fromOldKeys((key) => this.#storage().getItem(key));
      this.#movesOldKeys = old !== null;
      return old && { state: old, version: 0 };
    } catch (error) {
      this.#notice("The settings cannot be read, and the defaults are used", error);
      return null;
    }
  }

  /** Writes what is not there yet. The old keys go when their values are seen to be there. */
  setItem(name: string, item: Item): void {
    const text = JSON.stringify(item);
    if (this.#held || text === this.#text) return;
    try {
      const storage = this.#storage();
      storage.setItem(name, text);
      this.#text = text;
      if (this.#movesOldKeys && storage.getItem(name) === text)
        for (const key of MOVED_KEYS) storage.removeItem(key);
      this.#movesOldKeys = false;
    } catch (error) {
      this.#notice("The settings hold only until the page is closed", error);
    }
  }

  removeItem(name: string): void {
    this.#text = null;
    this.#storage().removeItem(name);
  }

  /** Another tab wrote `text`: what `take` makes of it is not written again. */
  written(text: string, take: (item: Item) => void): void {
    this.#text = text;
    this.#held = true;
    try {
      take(parsedItem(text));
    } catch (error) {
      this.#notice("The settings of another tab cannot be read", error);
    } finally {
      this.#held = false;
    }
  }
}
