/**
 * What is injected into every document before its own scripts. It wraps the platform with
 * voicepath/instrument in a registry of its own, a second copy of the code: so it counts whatever
 * the page opens, also in scopes. It takes natives for itself before it wraps them.
 */
/// <reference path="./wasm-file.d.ts" />
import { Registry, SessionModule } from "voicepath";
import session from "voicepath/assets/session.wasm";
import { type GuardMark, instrument } from "voicepath/instrument";
import { Patches } from "../../js-glue/src/instrument/patch.js";
import type { GuardKind } from "./counters.js";

/** What is open now. */
export interface Look {
  readonly guard: Readonly<Partial<Record<GuardKind, number>>>;
  readonly wasmBytes: number;
  /** Of the page's requestAnimationFrame, in one frame; null when no frame was waited for. */
  readonly callbacksPerFrame: number | null;
}

/** A place of the page that has more open than before. */
export interface Place {
  readonly kind: string;
  readonly growth: number;
  readonly site: string;
  readonly stack: string;
  readonly names: readonly string[];
}

export interface Turn {
  /** Messages so far. */
  readonly messages: number;
  /** Ends of a conversation so far. */
  readonly ends: number;
  /** Since the last message. */
  readonly quietMs: number;
}

const END_OF_TURN = "conversation-chain-end";
/** Of an application's own, so that no page takes it for a code of the protocol. */
const CUT_CODE = 4000;

const requestFrame = window.requestAnimationFrame.bind(window);
const { addEventListener } = EventTarget.prototype;
const { close } = WebSocket.prototype;

class FrameCallbacks {
  count = 0;

  watch(patches: Patches): void {
    patches.method(window, "requestAnimationFrame", ({ native, args }) => {
      const [callback] = args;
      if (typeof callback !== "function") return native();
      const counted = (time: number): void => {
        this.count++;
        callback.call(window, time);
      };
      return native([counted]);
    });
  }

  /** In one whole frame. Without frames, as in a page that is not shown, none. */
  async inOneFrame(): Promise<number> {
    let before = 0;
    await new Promise((resolve) => requestFrame(resolve));
    before = this.count;
    await new Promise((resolve) => requestFrame(resolve));
    return this.count - before;
  }
}

class Sockets {
  readonly #refs = new Set<WeakRef<WebSocket>>();
  #messages = 0;
  #ends = 0;
  #lastMs = performance.now();

  watch(patches: Patches): void {
    patches.construction(window, "WebSocket", ({ native }) => {
      const socket = native() as WebSocket;
      this.#refs.add(new WeakRef(socket));
      addEventListener.call(socket, "message", (event) => this.#hear(event as MessageEvent));
      return socket;
    });
  }

  #hear({ data }: MessageEvent): void {
    this.#messages++;
    this.#lastMs = performance.now();
    if (typeof data === "string" && data.includes(END_OF_TURN)) this.#ends++;
  }

  get turn(): Turn {
    const quietMs = performance.now() - this.#lastMs;
    return { messages: this.#messages, ends: this.#ends, quietMs };
  }

  get open(): WebSocket[] {
    const open: WebSocket[] = [];
    for (const ref of this.#refs) {
      const socket = ref.deref();
      if (!socket || socket.readyState >= WebSocket.CLOSING) this.#refs.delete(ref);
      else if (socket.readyState === WebSocket.OPEN) open.push(socket);
    }
    return open;
  }

  /** Behind the page's back. Returns how many. */
  cut(): number {
    const { open } = this;
    for (const socket of open) close.call(socket, CUT_CODE, "cut by the stress run");
    return open.length;
  }
}

class Probe {
  readonly #callbacks = new FrameCallbacks();
  readonly #sockets = new Sockets();
  readonly #guard;
  #mark: GuardMark | undefined;

  constructor() {
    const patches = new Patches();
    this.#callbacks.watch(patches);
    this.#sockets.watch(patches);
    const module = new SessionModule(new WebAssembly.Module(session));
    const registry = Registry.create(module, { thresholds: Number.POSITIVE_INFINITY });
    this.#guard = instrument(globalThis, { registry });
  }

  async look(waitForFrame: boolean): Promise<Look> {
    const callbacksPerFrame = waitForFrame ? await this.#callbacks.inOneFrame() : null;
    const guard: Partial<Record<GuardKind, number>> = {};
    for (const { kind, live } of this.#guard.report())
      guard[kind as GuardKind] = (guard[kind as GuardKind] ?? 0) + live;
    return { guard, wasmBytes: this.#guard.wasmBytes(), callbacksPerFrame };
  }

  live(kind: GuardKind): number {
    return this.#guard.live(kind);
  }

  /** What is open at each place, for pages that do not live to see {@link leaks}. */
  places(): Place[] {
    return this.#guard.report().map(({ live, kind, site, stack, names }) => {
      return { kind, growth: live, site, stack, names };
    });
  }

  mark(): void {
    this.#mark = this.#guard.mark();
  }

  /** The places that have more open than at the mark. */
  async leaks(): Promise<Place[]> {
    if (!this.#mark) return [];
    const leaks = await this.#guard.leaks(this.#mark);
    return leaks.map(({ kind, growth, site, stack, names }) => {
      return { kind, growth, site, stack, names };
    });
  }

  cutSockets(): number {
    return this.#sockets.cut();
  }

  openSockets(): number {
    return this.#sockets.open.length;
  }

  turn(): Turn {
    return this.#sockets.turn;
  }
}

export type { Probe };

declare global {
  var voicepathProbe: Probe;
}

Object.defineProperty(globalThis, "voicepathProbe", { value: new Probe() });
