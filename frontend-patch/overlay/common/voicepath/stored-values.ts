/**
 * Values in localStorage, one of each key for the whole page: whoever changes it, everybody else sees
 * the change at once, and so do other tabs.
 *
 * What is stored of a value may be less than the value: a filter leaves out what is only true now, such
 * as the address of a model. A filtered value is this tab's own, because what another tab stored of its
 * value lacks what the filter left out.
 */

/** What a page stores in; its getter may throw where cookies are blocked. */
export interface StoredValuesHost {
  readonly localStorage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  addEventListener(type: "storage", listener: (event: StorageEvent) => void): void;
  removeEventListener(type: "storage", listener: (event: StorageEvent) => void): void;
}

/** Told what could not be done, by name, and why. */
export type Notice = (text: string, cause: unknown) => void;

export type Filter<T> = (value: T) => T;

interface Entry {
  /** {@link UNSET} while nothing is stored: each user then has its own initial value. */
  value: unknown;
  /** What is stored, as far as this page knows; null for nothing. */
  text: string | null;
  filtered: boolean;
  readonly listeners: Set<() => void>;
}

const UNSET = Symbol("unset");
/** Where undefined was stored by `JSON.stringify` alone. */
const UNDEFINED_TEXT = "undefined";

export class StoredValues {
  readonly #host: StoredValuesHost;
  readonly #notice: Notice;
  readonly #entries = new Map<string, Entry>();
  #listening = false;

  constructor(host: StoredValuesHost, notice: Notice) {
    this.#host = host;
    this.#notice = notice;
  }

  get<T>(key: string, initial: T): T {
    const { value } = this.#entry(key);
    return value === UNSET ? initial : (value as T);
  }

  /** Stores what differs from what is stored; when that fails, the value holds for this page. */
  set<T>(key: string, initial: T, value: T, filter?: Filter<T>): void {
    if (Object.is(value, this.get(key, initial))) return;
    const entry = this.#entry(key);
    const kept = filter ? filter(value) : value;
    const text = kept === undefined ? null : JSON.stringify(kept);
    if (text !== entry.text) this.#store(key, entry, text);
    this.#change(entry, value);
  }

  /**
   * @param filtered - whether what is stored is less than the value
   * @returns ends it
   */
  subscribe(key: string, listener: () => void, filtered = false): () => void {
    const entry = this.#entry(key);
    entry.filtered ||= filtered;
    // Nobody listened for a while: other tabs may have stored something.
    if (entry.listeners.size === 0) this.#refresh(key, entry, this.#stored(key));
    entry.listeners.add(listener);
    this.#listen();
    return () => {
      entry.listeners.delete(listener);
      this.#listen();
    };
  }

  #entry(key: string): Entry {
    const known = this.#entries.get(key);
    if (known) return known;
    const text = this.#stored(key);
    const value = this.#parsed(key, text);
    const entry = { value, text, filtered: false, listeners: new Set<() => void>() };
    this.#entries.set(key, entry);
    return entry;
  }

  #change(entry: Entry, value: unknown): void {
    if (Object.is(value, entry.value)) return;
    entry.value = value;
    for (const listener of [...entry.listeners]) listener();
  }

  // ---- Other tabs ----

  /** While anybody listens to anything, and not longer. */
  #listen(): void {
    const wanted = [...this.#entries.values()].some(({ listeners }) => listeners.size > 0);
    if (wanted === this.#listening) return;
    this.#listening = wanted;
    if (wanted) this.#host.addEventListener("storage", this.#onStorage);
    else this.#host.removeEventListener("storage", this.#onStorage);
  }

  /** A key of null: everything was cleared. */
  readonly #onStorage = ({ key, newValue }: StorageEvent): void => {
    for (const [name, entry] of this.#entries)
      if (key === null || key === name) this.#refresh(name, entry, newValue);
  };

  #refresh(key: string, entry: Entry, text: string | null): void {
    if (text === entry.text) return;
    entry.text = text;
    if (!entry.filtered) this.#change(entry, this.#parsed(key, text));
  }

  // ---- The storage ----

  #stored(key: string): string | null {
    try {
      return this.#host.localStorage.getItem(key);
    } catch (error) {
      this.#notice(`The setting "${key}" cannot be read, and its default is used`, error);
      return null;
    }
  }

  #parsed(key: string, text: string | null): unknown {
    if (text === null || text === UNDEFINED_TEXT) return UNSET;
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      this.#notice(`The setting "${key}" is damaged, and its default is used`, error);
      return UNSET;
    }
  }

  #store(key: string, entry: Entry, text: string | null): void {
    try {
      if (text === null) this.#host.localStorage.removeItem(key);
      else this.#host.localStorage.setItem(key, text);
      entry.text = text;
    } catch (error) {
      this.#notice(`The setting "${key}" holds only until the page is closed`, error);
    }
  }
}
