/**
 * What a page has opened and not ended, counted at the browser's own doors. They are wrapped while a
 * census is taken, and only then.
 */
export const THINGS = [
  "intervals",
  "timeouts",
  "frame loops",
  "listeners",
  "AudioContexts",
  "object URLs",
] as const;

export type Thing = (typeof THINGS)[number];
export type Counts = Readonly<Record<Thing, number>>;

export const NONE = Object.fromEntries(THINGS.map((thing) => [thing, 0])) as Counts;

export function total(counts: Counts): number {
  return THINGS.reduce((sum, thing) => sum + counts[thing], 0);
}

type Listening = Parameters<EventTarget["addEventListener"]>;

export class Census {
  /** What would end each. */
  readonly #live: Readonly<Record<Thing, Map<unknown, () => void>>> = {
    intervals: new Map(),
    timeouts: new Map(),
    "frame loops": new Map(),
    listeners: new Map(),
    AudioContexts: new Map(),
    "object URLs": new Map(),
  };
  readonly #putBack: (() => void)[] = [];

  constructor() {
    this.#wrapTimers();
    this.#wrapFrames();
    this.#wrapListeners();
    this.#wrapAudioContext();
    this.#wrapObjectURLs();
  }

  get counts(): Counts {
    const entries = THINGS.map((thing) => [thing, this.#live[thing].size]);
    return Object.fromEntries(entries) as Counts;
  }

  /** Takes the wrapping off, and ends what nobody did. */
  end(): void {
    for (const putBack of this.#putBack) putBack();
    for (const thing of THINGS) for (const end of this.#live[thing].values()) end();
  }

  #replace<Owner extends object, Name extends keyof Owner>(
    owner: Owner,
    name: Name,
    wrap: (native: Owner[Name]) => unknown,
  ): void {
    const native = owner[name];
    owner[name] = wrap(native) as Owner[Name];
    this.#putBack.push(() => {
      owner[name] = native;
    });
  }

  #wrapTimers(): void {
    const { intervals, timeouts } = this.#live;
    const { clearInterval, clearTimeout } = window;
    this.#replace(window, "setInterval", (native) => (callback: () => void, ms?: number) => {
      const id = native(callback, ms);
      intervals.set(id, () => clearInterval(id));
      return id;
    });
    this.#replace(window, "setTimeout", (native) => (callback: () => void, ms?: number) => {
      const id = native(() => {
        timeouts.delete(id);
        callback();
      }, ms);
      timeouts.set(id, () => clearTimeout(id));
      return id;
    });
    // Either ends both.
    for (const name of ["clearInterval", "clearTimeout"] as const)
      this.#replace(window, name, (native) => (id: number | undefined) => {
        intervals.delete(id);
        timeouts.delete(id);
        native(id);
      });
  }

  #wrapFrames(): void {
    const loops = this.#live["frame loops"];
    const { cancelAnimationFrame } = window;
    this.#replace(window, "requestAnimationFrame", (native) => (callback: FrameRequestCallback) => {
      const id = native((timeMs) => {
        loops.delete(id);
        callback(timeMs);
      });
      loops.set(id, () => cancelAnimationFrame(id));
      return id;
    });
    this.#replace(window, "cancelAnimationFrame", (native) => (id: number) => {
      loops.delete(id);
      native(id);
    });
  }

  /** Of the window and the document, which outlive every page in them. */
  #wrapListeners(): void {
    const { listeners } = this.#live;
    const { removeEventListener } = EventTarget.prototype;
    const known: [EventTarget, Listening][] = [];
    const find = (target: EventTarget, [type, listener]: Listening) =>
      known.findIndex(([at, args]) => at === target && args[0] === type && args[1] === listener);
    this.#replace(EventTarget.prototype, "addEventListener", (native) => {
      return function add(this: EventTarget, ...args: Listening): void {
        native.apply(this, args);
        if ((this !== window && this !== document) || find(this, args) >= 0) return;
        const entry: [EventTarget, Listening] = [this, args];
        known.push(entry);
        listeners.set(entry, () => removeEventListener.apply(this, args));
      };
    });
    this.#replace(EventTarget.prototype, "removeEventListener", (native) => {
      return function remove(this: EventTarget, ...args: Listening): void {
        native.apply(this, args);
        const at = find(this, args);
        if (at < 0) return;
        for (const entry of known.splice(at, 1)) listeners.delete(entry);
      };
    });
  }

  #wrapAudioContext(): void {
    const contexts = this.#live.AudioContexts;
    this.#replace(window, "AudioContext", (Native) => {
      return class extends Native {
        constructor(options?: AudioContextOptions) {
          super(options);
          contexts.set(this, () => void super.close());
        }

        override close(): Promise<void> {
          contexts.delete(this);
          return super.close();
        }
      };
    });
  }

  #wrapObjectURLs(): void {
    const urls = this.#live["object URLs"];
    const { revokeObjectURL } = URL;
    this.#replace(URL, "createObjectURL", (native) => (blob: Blob) => {
      const url = native(blob);
      urls.set(url, () => revokeObjectURL(url));
      return url;
    });
    this.#replace(URL, "revokeObjectURL", (native) => (url: string) => {
      urls.delete(url);
      native(url);
    });
  }
}
