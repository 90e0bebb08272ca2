/** A WebSocket server of one's own, and what happens to it: see bench/faults.ts. */
import type { FaultReport } from "../../faults";
import { type OpenSocket, SOCKETS, type SocketMaker, type SocketPeer } from "../../peers/sockets";

export class FaultyServer {
  readonly #path: string;
  readonly url: string;

  private constructor(id: number, url: string) {
    this.#path = `/faults/${id}`;
    this.url = url;
  }

  static async start(): Promise<FaultyServer> {
    const { id, url } = (await ask("POST", "/faults")) as { id: number; url: string };
    return new FaultyServer(id, url);
  }

  /** Connections are reset, and nobody listens until {@link listen}. */
  async kill(): Promise<void> {
    await ask("POST", `${this.#path}/kill`);
  }

  async listen(): Promise<void> {
    await ask("POST", `${this.#path}/listen`);
  }

  /** Nothing is read or written any more, and nothing closed either. */
  async halfOpen(): Promise<void> {
    await ask("POST", `${this.#path}/halfOpen`);
  }

  async report(): Promise<FaultReport> {
    return (await ask("GET", this.#path)) as FaultReport;
  }

  async end(): Promise<void> {
    await ask("DELETE", this.#path);
  }
}

async function ask(method: string, path: string): Promise<unknown> {
  const response = await fetch(path, { method });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves as soon as it holds; rejects when that takes too long. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  signal: AbortSignal,
  timeoutMs = 60_000,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    signal.throwIfAborted();
    if (performance.now() > end) throw new Error(`${what}: not in ${timeoutMs / 1000} s`);
    await sleep(1);
  }
}

/** One socket at a server of its own, and when it was opened and lost last. */
export class Link {
  readonly peer: SocketPeer;
  readonly server: FaultyServer;
  readonly #maker: SocketMaker;
  readonly dropped: string[] = [];
  openedMs = Number.NaN;
  lostMs = Number.NaN;
  isOpen = false;
  #socket: OpenSocket | undefined;

  private constructor(peer: SocketPeer, server: FaultyServer, maker: SocketMaker) {
    this.peer = peer;
    this.server = server;
    this.#maker = maker;
  }

  static async prepare(peer: SocketPeer): Promise<Link> {
    return new Link(peer, await FaultyServer.start(), await peer.load());
  }

  open(): void {
    this.#socket = this.#maker.open(this.server.url, {
      opened: () => {
        this.isOpen = true;
        this.openedMs = performance.now();
      },
      lost: () => {
        if (this.isOpen) this.lostMs = performance.now();
        this.isOpen = false;
      },
      dropped: (text) => this.dropped.push(text),
    });
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.isOpen = false;
    this.dropped.length = 0;
  }

  async end(): Promise<void> {
    this.close();
    this.#maker.close();
    await this.server.end();
  }
}

/** A link for each contender, ended whatever happens. */
export async function withLinks<T>(use: (links: readonly Link[]) => Promise<T>): Promise<T> {
  const links = await Promise.all(SOCKETS.map((peer) => Link.prepare(peer)));
  try {
    return await use(links);
  } finally {
    await Promise.all(links.map((link) => link.end()));
  }
}
