/**
 * Open-LLM-VTuber's backend as the frontend sees it: the protocol, the files under /live2d-models/,
 * /bg/ and /avatars/, and a built app. It also misbehaves on command, and says what it received:
 *
 *     POST /protocol/fault   {"fault": "kill", …}: see faults.ts
 *     GET  /protocol/state   the books: see state.ts
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import sirv from "sirv";
import { WebSocketServer } from "ws";
import { Backend, type BackendOptions } from "./backend.js";
import type { Books } from "./books.js";
import { ownCertificate } from "./certificate.js";
import { Connection } from "./connection.js";
import { answerFault } from "./faults.js";
import { fileAt } from "./files.js";
import { brokenFrames, malformedMessages } from "./garbage.js";
import { type Hostility, hostileMessages } from "./hostile.js";
import { type ProtocolState, protocolState } from "./state.js";

const SOCKET_PATH = "/client-ws";
const HOST = "127.0.0.1";

export interface ProtocolOptions extends BackendOptions {
  /** The folder of a built app, served at "/". */
  readonly app?: string | undefined;
  /** 0, the default, takes any free one. */
  readonly port?: number | undefined;
  /** By a certificate that this process makes for itself. */
  readonly https?: boolean | undefined;
  /** permessage-deflate. */
  readonly deflate?: boolean | undefined;
}

/** A handshake that is not answered while the server hangs. */
type Handshake = readonly [request: IncomingMessage, stream: Socket, head: Buffer];

const pathOf = ({ url = "/" }: IncomingMessage): string => url.replace(/[?#].*/, "");

export class ProtocolServer {
  readonly #options: ProtocolOptions;
  readonly #backend: Backend;
  readonly #handshakes: WebSocketServer;
  readonly #files: ReturnType<typeof sirv> | undefined;
  readonly #detach = new Set<() => void>();
  readonly #streams = new Set<Socket>();
  readonly #unanswered: Handshake[] = [];
  #http: Server | undefined;
  /** Whether it has a listener of its own, also while that is killed. */
  #owns = false;
  #port: number;
  #delayMs = 0;
  #frame = 0;
  #later: NodeJS.Timeout | undefined;
  #state: "up" | "down" | "hung" = "up";
  #closed = false;

  private constructor(options: ProtocolOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
    this.#backend = new Backend(options);
    this.#handshakes = new WebSocketServer({
      noServer: true,
      perMessageDeflate: options.deflate ?? false,
    });
    this.#files = options.app === undefined ? undefined : sirv(options.app, { dev: true });
  }

  /** One that listens nowhere yet: see {@link attach} and {@link handle}. */
  static create(options: ProtocolOptions = {}): ProtocolServer {
    return new ProtocolServer(options);
  }

  static async start(options: ProtocolOptions = {}): Promise<ProtocolServer> {
    const server = new ProtocolServer(options);
    await server.#listen();
    return server;
  }

  /** Of its own listener. */
  get url(): string {
    return `${this.#options.https ? "https" : "http"}://${HOST}:${this.#port}`;
  }

  get wsUrl(): string {
    return this.url.replace(/^http/, "ws") + SOCKET_PATH;
  }

  get port(): number {
    return this.#port;
  }

  get books(): Books {
    return this.#backend.books;
  }

  get state(): ProtocolState {
    return protocolState(this.#backend);
  }

  /** Connected now, by their uids. */
  get clients(): string[] {
    return [...this.#backend.connections.keys()];
  }

  /** Takes the WebSocket handshakes to a path of a server; on its own server, those to others end. */
  attach(server: Server, path = SOCKET_PATH): void {
    // Node's types allow for streams that are no sockets; a server's own are.
    const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
      if (pathOf(request) === path) this.#greet([request, stream as Socket, head]);
      else if (server === this.#http) stream.destroy();
    };
    const detach = (): void => {
      server.off("upgrade", upgrade);
      this.#detach.delete(detach);
    };
    server.on("upgrade", upgrade);
    server.once("close", detach);
    this.#detach.add(detach);
  }

  /** Whether the request was for the backend, and is answered: all but the app's own files. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request);
    if (path === "/protocol/fault" && request.method === "POST") {
      void answerFault(this, request, response);
      return true;
    }
    const file =
      path === "/protocol/state"
        ? { type: "application/json", body: JSON.stringify(this.state) }
        : fileAt(path);
    if (!file) return false;
    response.setHeader("Content-Type", file.type);
    response.setHeader("Cache-Control", "no-store");
    // The app may come from elsewhere, as it does from Electron.
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    response.end(file.body);
    return true;
  }

  /** As when the process is killed: connections are reset, nobody listens; what it knows is kept. */
  async kill(): Promise<void> {
    this.#state = "down";
    const http = this.#http;
    this.#http = undefined;
    const closed = http && new Promise((resolve) => http.close(resolve));
    const ends = [...this.#backend.connections.values()].map(({ ended }) => ended);
    this.drop();
    await Promise.all([closed, ...ends]);
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.rise();
  }

  /** Listens again, at the same port, after {@link kill}. */
  async rise(): Promise<void> {
    if (this.#owns) await this.#listen();
    this.#state = "up";
  }

  /** Does one of them later; what was planned before is given up. */
  after(ms: number, then: "rise" | "resume"): void {
    clearTimeout(this.#later);
    if (this.#closed) return;
    this.#later = setTimeout(() => void this[then](), ms);
  }

  /** Nothing is read or answered, and nothing closed; handshakes neither. */
  hang(): void {
    this.#state = "hung";
    for (const { line } of this.#backend.connections.values()) line.hold();
  }

  resume(): void {
    if (this.#state !== "hung") return;
    this.#state = "up";
    for (const { line } of this.#backend.connections.values()) line.release();
    for (const handshake of this.#unanswered.splice(0)) this.#greet(handshake);
  }

  /** Everything that is sent comes later by so much. */
  delay(ms: number): void {
    this.#delayMs = ms;
    for (const { line } of this.#backend.connections.values()) line.delayMs = ms;
  }

  /** Connections are reset; new ones are welcome. */
  drop(): void {
    this.#unanswered.length = 0;
    // Under TLS it is the socket below that is reset.
    for (const stream of this.#streams)
      if (stream instanceof TLSSocket) stream.destroy();
      else stream.resetAndDestroy();
  }

  /** Sends something of its own making to all clients, and returns how many messages each gets. */
  tell(messages: Iterable<string>): number {
    let count = 0;
    for (const message of messages) {
      count++;
      for (const { line } of this.#backend.connections.values()) line.send(message);
    }
    return count;
  }

  /** Messages that are no messages, or lack something: see garbage.ts. */
  garbage(): number {
    return this.tell(malformedMessages());
  }

  /** Frames that are no frames. Every client is sent another, and ends the connection. */
  garbageFrames(): void {
    const frames = brokenFrames();
    for (const { line } of this.#backend.connections.values()) {
      const frame = frames[this.#frame++ % frames.length];
      if (frame) line.write(frame);
    }
  }

  hostile(kind?: Hostility): number {
    return this.tell(hostileMessages(kind));
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#later);
    await this.kill();
    for (const detach of [...this.#detach]) detach();
    this.#handshakes.close();
  }

  /** The first time at the port given, and then always at the same. */
  async #listen(): Promise<void> {
    if (this.#http) return;
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      if (!this.handle(request, response)) this.#serve(request, response);
    };
    const http: Server = this.#options.https
      ? createSecureServer(await ownCertificate(), answer)
      : createServer(answer);
    http.on("connection", (socket: Socket) => this.#track(socket));
    this.attach(http);
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(this.#port, HOST, resolve);
    });
    this.#http = http;
    this.#owns = true;
    this.#port = (http.address() as AddressInfo).port;
    this.#state = "up";
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const missing = (): void => {
      response.statusCode = 404;
      response.end("not found");
    };
    if (this.#files) this.#files(request, response, missing);
    else missing();
  }

  #track(stream: Socket): void {
    // Whoever is gone has nothing to be told.
    stream.on("error", () => {});
    this.#streams.add(stream);
    stream.once("close", () => this.#streams.delete(stream));
  }

  #greet(handshake: Handshake): void {
    const [request, stream, head] = handshake;
    if (this.#state === "down") {
      stream.destroy();
      return;
    }
    this.#track(stream);
    if (this.#state === "hung") {
      this.#unanswered.push(handshake);
      return;
    }
    this.#handshakes.handleUpgrade(request, stream, head, (socket) => {
      const connection = new Connection(this.#backend, socket, stream);
      connection.line.delayMs = this.#delayMs;
      connection.welcome();
    });
  }
}
