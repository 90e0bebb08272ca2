/**
 * Which listeners count. Most of them need no removing, because they go with their target. So what
 * counts is:
 *
 * - on the window, and on what lives as long as its listeners do (MediaQueryList, MediaDevices, …):
 *   every one;
 * - on a node: those of nodes that are in the document when things are counted;
 * - on a socket, worker, track or AudioContext: those of targets that have not ended;
 * - on any other target, such as an application's own event bus, an AbortSignal or a port: those
 *   beyond the first of their type from the same place. A target that comes and goes has one, one
 *   that stays gathers them.
 */
import type { Site } from "../registry/sites.js";
import type { Standing } from "./ledger.js";
import { isA, type Watch } from "./watch.js";

const LASTING = [
  "MediaDevices",
  "MediaQueryList",
  "Navigation",
  "NetworkInformation",
  "Performance",
  "PermissionStatus",
  "ScreenOrientation",
  "ServiceWorkerContainer",
  "SpeechSynthesis",
  "VisualViewport",
];

const ENDING = [
  "AudioContext",
  "BroadcastChannel",
  "EventSource",
  "MediaStreamTrack",
  "WebSocket",
  "Worker",
];

/** Those of one type and place, of one target, in the order they came. */
type Peers = Set<symbol>;

interface Weight {
  readonly standing: () => Standing;
  /** It was removed. */
  readonly leave: () => void;
}

export class ListenerWeights {
  readonly #watch: Watch;
  /** By site and type. */
  readonly #peers = new WeakMap<EventTarget, Map<string, Peers>>();

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  join(target: EventTarget, type: string, site: Site): Weight {
    const ref = new WeakRef(target);
    const when = (counts: (target: EventTarget) => boolean): Weight => ({
      standing() {
        const now = ref.deref();
        return now && counts(now) ? "counted" : "hidden";
      },
      leave() {},
    });
    if (target === this.#watch.target || this.#isOneOf(LASTING, target)) return when(() => true);
    if (this.#isOneOf(["Node"], target)) return when((node) => (node as Node).isConnected);
    if (this.#isOneOf(ENDING, target)) return when((ending) => !this.#hasEnded(ending));
    return this.#joinPeers(target, `${site.id} ${type}`);
  }

  #joinPeers(target: EventTarget, key: string): Weight {
    const byKey = this.#peers.get(target) ?? new Map<string, Peers>();
    const peers: Peers = byKey.get(key) ?? new Set();
    this.#peers.set(target, byKey.set(key, peers));
    const self = Symbol();
    peers.add(self);
    return {
      standing: () => (peers.values().next().value === self ? "hidden" : "counted"),
      leave: () => peers.delete(self),
    };
  }

  #isOneOf(classes: readonly string[], target: EventTarget): boolean {
    return classes.some((name) => isA(this.#watch, name, target));
  }

  #hasEnded(target: EventTarget): boolean {
    const { state, readyState, CLOSED } = target as Partial<
      Record<"state" | "readyState" | "CLOSED", unknown>
    >;
    return (
      this.#watch.ledger.hasEnded(target) ||
      state === "closed" ||
      readyState === "ended" ||
      (CLOSED !== undefined && readyState === CLOSED)
    );
  }
}
