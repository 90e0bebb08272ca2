/** A client of the protocol server over a real socket, which remembers all that it was told. */
import { once } from "node:events";
import { type ClientOptions, WebSocket } from "ws";
import type { ClientMessage, ServerMessage, ServerType } from "../server/protocol/messages.js";

const DEADLINE_MS = 15_000;
/** Larger ones are only kept as text. */
const PARSED_CHARACTERS = 1_000_000;

export class ProtocolClient {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  /** Of what is no JSON, too. */
  readonly texts: string[] = [];
  /** With the code. */
  readonly closed: Promise<number>;

  private constructor(url: string, options: ClientOptions) {
    this.socket = new WebSocket(url, options);
    this.socket.on("message", (data) => {
      const text = String(data);
      this.texts.push(text);
      if (text.length > PARSED_CHARACTERS) return;
      try {
        this.messages.push(JSON.parse(text) as ServerMessage);
      } catch {
        // Malformed on purpose.
      }
    });
    this.socket.on("error", () => {});
    this.closed = new Promise((resolve) => this.socket.once("close", resolve));
  }

  /** Connected, and greeted. */
  static async open(url: string, options: ClientOptions = {}): Promise<ProtocolClient> {
    const client = new ProtocolClient(url, options);
    await once(client.socket, "open");
    await client.until(() => client.of("group-update").length === 2);
    return client;
  }

  /** On its way; never an error. */
  static opening(url: string): ProtocolClient {
    return new ProtocolClient(url, {});
  }

  get types(): string[] {
    return this.messages.map((message) =>
      message.type === "control" ? `control ${message.text}` : message.type,
    );
  }

  of<T extends ServerType>(type: T): ServerMessage<T>[] {
    return this.messages.filter((message) => message.type === type) as ServerMessage<T>[];
  }

  send(...messages: readonly ClientMessage[]): void {
    for (const message of messages) this.socket.send(JSON.stringify(message));
  }

  /** Waits for a condition on what was received. */
  async until(condition: () => boolean): Promise<void> {
    const deadline = performance.now() + DEADLINE_MS;
    while (!condition()) {
      if (performance.now() > deadline)
        throw new Error(`${condition} never came; received: ${this.types.join(", ")}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Waits for the n-th message of a type since the beginning. */
  async nth<T extends ServerType>(type: T, n = 1): Promise<ServerMessage<T>> {
    await this.until(() => this.of(type).length >= n);
    const message = this.of(type)[n - 1];
    if (!message) throw new Error(`there is no ${type} ${n}`);
    return message;
  }

  /** When everything sent so far has been answered. */
  async settled(): Promise<void> {
    const acks = this.of("heartbeat-ack").length;
    this.send({ type: "heartbeat" });
    await this.until(() => this.of("heartbeat-ack").length > acks);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}
