/** A page, its locks and its WebSockets, all of which do what a test says and nothing by themselves. */

/** What can happen to it. */
export const PAGE_EVENTS = [
  "online",
  "offline",
  "pagehide",
  "pageshow",
  "freeze",
  "resume",
  "visible",
  "hidden",
] as const;

export class FakePage extends EventTarget {
  visibilityState = "visible";

  tell(type: (typeof PAGE_EVENTS)[number]): void {
    if (type !== "visible" && type !== "hidden") {
      this.dispatchEvent(new Event(type));
      return;
    }
    this.visibilityState = type;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** Like the platform's, also in telling of its end after close(), but only when the test says so. */
export class FakeWebSocket {
  static readonly all: FakeWebSocket[] = [];
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "blob";
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    FakeWebSocket.all.push(this);
  }

  send(): void {
    if (this.readyState === 0) throw new Error("sent while connecting");
  }

  close(): void {
    if (this.readyState < 2) this.readyState = 2;
  }

  accept(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.onopen?.();
  }

  receive(data: unknown): void {
    if (this.readyState === 1) this.onmessage?.({ data });
  }

  drop(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onerror?.();
    this.onclose?.();
  }
}

interface Request {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

const abortError = (): Error =>
  Object.assign(new Error("the lock was taken"), { name: "AbortError" });

/** One lock, whatever its name, as Web Locks has it: exclusive, first come first served, stealable. */
export class FakeLocks {
  readonly #waiting: Request[] = [];
  #held: Request | undefined;
  /** Kept by tests: how many lead. */
  leaders = 0;
  #release: (() => void) | undefined;

  /** Held and waiting. */
  get size(): number {
    return this.#waiting.length + (this.#held ? 1 : 0);
  }

  request(
    _name: string,
    { signal, steal = false }: { signal?: AbortSignal; steal?: boolean },
    callback: () => unknown,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const request: Request = { run: callback, resolve, reject };
      if (steal) {
        this.#held?.reject(abortError());
        this.#held = undefined;
        this.#waiting.unshift(request);
      } else this.#waiting.push(request);
      signal?.addEventListener("abort", () => {
        const at = this.#waiting.indexOf(request);
        if (at < 0) return;
        this.#waiting.splice(at, 1);
        reject(signal.reason);
      });
      queueMicrotask(() => this.#grant());
    });
  }

  async query(): Promise<object> {
    return { held: this.#held ? [{ name: "lock" }] : [], pending: this.#waiting };
  }

  /** 0: another tab gives the lock up; 1: asks for it; 2: steals it. */
  otherTab(action: number): void {
    this.#release?.();
    this.#release = undefined;
    if (action === 0) return;
    const held = new Promise<void>((release) => {
      this.#release = release;
    });
    this.request("lock", { steal: action === 2 }, () => held).catch(() => {});
  }

  #grant(): void {
    if (this.#held) return;
    const request = this.#waiting.shift();
    if (!request) return;
    this.#held = request;
    Promise.resolve()
      .then(request.run)
      .then(request.resolve, request.reject)
      .then(() => {
        if (this.#held !== request) return;
        this.#held = undefined;
        this.#grant();
      });
  }
}
