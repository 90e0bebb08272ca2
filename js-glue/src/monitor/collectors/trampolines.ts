/**
 * Functions that stand in for the page's frame callbacks. They are used again and again, so that
 * standing in makes no garbage; callbacks of our own beside the page's would: the platform makes a new
 * number of the time for each.
 */

/** Told when a frame callback begins and ends. */
export interface Landing {
  enter(timeMs: number): void;
  leave(callback: FrameRequestCallback): void;
}

/** Holds one request of the page's while the platform has it. */
export class Trampoline {
  callback: FrameRequestCallback | undefined;
  /** The platform's number of the request. */
  id = 0;
  next: Trampoline | undefined;
  /** What the platform is given. */
  readonly run: FrameRequestCallback;

  constructor(pool: Trampolines, landing: Landing) {
    this.run = (timeMs) => {
      const { callback } = this;
      if (!callback) return;
      landing.enter(timeMs);
      try {
        callback(timeMs);
      } finally {
        pool.release(this);
        landing.leave(callback);
      }
    };
  }
}

export class Trampolines {
  readonly #landing: Landing;
  /** Every one there is. */
  readonly #all: Trampoline[] = [];
  /** The first that waits; an array would be shrunk and grown. */
  #free: Trampoline | undefined;
  /** Requests that the platform has, or that run. */
  pending = 0;

  constructor(landing: Landing) {
    this.#landing = landing;
  }

  take(callback: FrameRequestCallback): Trampoline {
    const trampoline = this.#free ?? this.#make();
    this.#free = trampoline.next;
    trampoline.next = undefined;
    trampoline.callback = callback;
    this.pending++;
    return trampoline;
  }

  release(trampoline: Trampoline): void {
    if (!trampoline.callback) return;
    trampoline.callback = undefined;
    trampoline.id = 0;
    trampoline.next = this.#free;
    this.#free = trampoline;
    this.pending--;
  }

  /** The request was cancelled, if it is one of these. */
  cancel(id: number): void {
    for (const trampoline of this.#all)
      if (trampoline.id === id && trampoline.callback) {
        this.release(trampoline);
        return;
      }
  }

  #make(): Trampoline {
    const trampoline = new Trampoline(this, this.#landing);
    this.#all.push(trampoline);
    return trampoline;
  }
}
