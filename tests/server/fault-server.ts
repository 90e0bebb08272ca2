/** A WebSocket server that misbehaves on command. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/**
 * - `accept`: a good server; answers `{"type":"heartbeat"}` with `{"type":"heartbeat-ack"}`
 * - `hang`: takes the TCP connection and never answers the handshake
 * - `refuse`: answers the handshake with 503
 * - `drop`: cuts the TCP connection in the handshake
 * - `slam`: opens the WebSocket and closes it at once
 */
export type Behaviour = "accept" | "hang" | "refuse" | "drop" | "slam";

export interface Arrival {
  readonly timeMs: number;
  readonly text: string;
}

export class FaultServer {
  #port: number;
  #http: Server | undefined;
  #ws: WebSocketServer | undefined;
  readonly #sockets = new Set<Duplex>();
  behaviour: Behaviour = "accept";
  /** Every attempt to connect, by the time of its request. */
  readonly attempts: number[] = [];
  /** Connections that were opened, by time. */
  readonly opened: number[] = [];
  /** Connections that have ended, by time. */
  readonly closed: number[] = [];
  /** Everything received but heartbeats, in order. */
  readonly received: Arrival[] = [];
  heartbeats = 0;
  /** Silent: receives, and answers nothing; the TCP connection stays. */
  silent = false;

  private constructor(port: number) {
    this.#port = port;
  }

  /** On a free port, or on the one given. */
  static async start(port = 0): Promise<FaultServer> {
    const server = new FaultServer(port);
    await server.listen();
    return server;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}/client-ws`;
  }

  get connected(): number {
    return this.#ws?.clients.size ?? 0;
  }

  /** Listens, again at the same port after {@link kill}. */
  async listen(): Promise<void> {
    const http = createServer();
    const ws = new WebSocketServer({ noServer: true });
    http.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    http.on("upgrade", (request, socket, head) => {
      this.attempts.push(performance.now());
      switch (this.behaviour) {
        case "hang":
          return;
        case "refuse":
          socket.end("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
          return;
        case "drop":
          socket.destroy();
          return;
        default:
          ws.handleUpgrade(request, socket, head, (client) => this.#welcome(client));
      }
    });
    this.#http = http;
    this.#ws = ws;
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (http.address() as AddressInfo).port;
  }

  /** As when the process is killed: connections are reset, nobody listens. */
  async kill(): Promise<void> {
    const http = this.#http;
    if (!http) return;
    this.#http = undefined;
    const closed = new Promise((resolve) => http.close(resolve));
    for (const client of this.#ws?.clients ?? []) client.terminate();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  broadcast(data: string | Uint8Array): void {
    for (const client of this.#ws?.clients ?? []) client.send(data);
  }

  /** Bytes that are no frame of the protocol. */
  garble(): void {
    for (const socket of this.#sockets) socket.write(Buffer.from([0xff, 0xff, 0, 1, 2, 3, 4, 5]));
  }

  /** The links go dead: nothing is read or written any more, but nothing is closed either. */
  halfOpen(): void {
    for (const socket of this.#sockets) socket.pause();
    for (const client of this.#ws?.clients ?? []) client.pause();
    this.silent = true;
  }

  closeAll(code = 1001): void {
    for (const client of this.#ws?.clients ?? []) client.close(code);
  }

  #welcome(client: WebSocket): void {
    this.opened.push(performance.now());
    client.on("error", () => {});
    client.on("close", () => this.closed.push(performance.now()));
    if (this.behaviour === "slam") {
      client.close(1013);
      return;
    }
    client.on("message", (data) => {
      const text = String(data);
      if (text === '{"type":"heartbeat"}') {
        this.heartbeats++;
        if (!this.silent) client.send('{"type":"heartbeat-ack"}');
        return;
      }
      this.received.push({ timeMs: performance.now(), text });
    });
  }
}
