/** The heartbeats of all sockets of a registry, for whoever measures them. */
import { Emitter } from "../emitter.js";

export interface HeartbeatEvents {
  /** One was answered after so many ms. */
  answer: number;
}

export class Heartbeats extends Emitter<HeartbeatEvents> {
  /** When each was sent that waits for its answer, by its socket. */
  readonly #sentMs = new Map<object, number>();

  sent(socket: object, nowMs: number): void {
    this.#sentMs.set(socket, nowMs);
  }

  answered(socket: object, roundTripMs: number): void {
    this.#sentMs.delete(socket);
    this.emit("answer", roundTripMs);
  }

  /** There will be no answer. */
  lost(socket: object): void {
    this.#sentMs.delete(socket);
  }

  /** How long the one has waited that has waited longest; 0 when none does. */
  waitingMs(nowMs: number): number {
    let waitingMs = 0;
    for (const sentMs of this.#sentMs.values()) waitingMs = Math.max(waitingMs, nowMs - sentMs);
    return waitingMs;
  }
}
