/** What goes to one client: at once, late, or not before the line is released. The order stays. */
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { nowMs } from "./books.js";

interface Waiting {
  readonly data: string;
  readonly dueMs: number;
}

export class Line {
  readonly #socket: WebSocket;
  readonly #stream: Socket;
  readonly #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #held = false;
  delayMs = 0;

  constructor(socket: WebSocket, stream: Socket) {
    this.#socket = socket;
    this.#stream = stream;
    socket.once("close", () => this.#forget());
  }

  send(data: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#waiting.push({ data, dueMs: nowMs() + this.delayMs });
    this.#pump();
  }

  /** Bytes that are sent at once, past the protocol. */
  write(bytes: Buffer): void {
    this.#stream.write(bytes);
  }

  /** Nothing is read or written, and nothing closed. */
  hold(): void {
    this.#held = true;
    clearTimeout(this.#timer);
    this.#socket.pause();
  }

  release(): void {
    this.#held = false;
    this.#socket.resume();
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#held) return;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const waitMs = next.dueMs - nowMs();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        return;
      }
      this.#waiting.shift();
      this.#socket.send(next.data);
    }
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }
}
