/** WebSockets that come back, opened as their users do: defaults, but for what is stated. */
import PartySocket from "partysocket/ws";
import ReconnectingWebSocket from "reconnecting-websocket";
import { openRegistry } from "./voicepath";

export interface SocketListener {
  opened?(): void;
  /** The connection is known to be gone. */
  lost?(): void;
  /** A message is known to be lost, perhaps. */
  dropped?(text: string): void;
}

export interface OpenSocket {
  send(text: string): void;
  close(): void;
}

/** What opens many of the same page. */
export interface SocketMaker {
  open(url: string, listener: SocketListener): OpenSocket;
  close(): void;
}

export interface SocketPeer {
  readonly name: string;
  load(): Promise<SocketMaker>;
}

/** How often voicepath asks the server for a sign of life. The others have no such question. */
export const HEARTBEAT_MS = 1000;

const HEARTBEAT = {
  everyMs: HEARTBEAT_MS,
  message: '{"type":"heartbeat"}',
  isReply: (data: unknown) => data === '{"type":"heartbeat-ack"}',
};

export const VOICEPATH_SOCKET: SocketPeer = {
  name: "voicepath",
  async load() {
    const registry = await openRegistry();
    const scope = registry.scope("page");
    return {
      open(url, { opened, lost, dropped }) {
        const socket = scope.socket<string, string>({ url, heartbeat: HEARTBEAT });
        let open = false;
        socket.on("state", ({ state }) => {
          if (open && state !== "open") lost?.();
          open = state === "open";
        });
        socket.on("open", () => opened?.());
        socket.on("dropped", ({ data }) => dropped?.(String(data)));
        return { send: (text) => void socket.send(text), close: () => socket.dispose() };
      },
      close: () => registry[Symbol.dispose](),
    };
  },
};

function listen(
  socket: ReconnectingWebSocket | PartySocket,
  { opened, lost }: SocketListener,
): OpenSocket {
  socket.onopen = () => opened?.();
  socket.onclose = () => lost?.();
  return { send: (text) => void socket.send(text), close: () => socket.close() };
}

export const RECONNECTING_WEBSOCKET: SocketPeer = {
  name: "reconnecting-websocket",
  load: async () => ({
    open: (url, listener) =>
      listen(
        // Its default is drawn once for a page: here for every socket, as if each had its page.
        new ReconnectingWebSocket(url, [], { minReconnectionDelay: 1000 + Math.random() * 4000 }),
        listener,
      ),
    close() {},
  }),
};

export const PARTYSOCKET: SocketPeer = {
  name: "partysocket",
  load: async () => ({
    open: (url, listener) => listen(new PartySocket(url), listener),
    close() {},
  }),
};

export const SOCKETS: readonly SocketPeer[] = [
  VOICEPATH_SOCKET,
  RECONNECTING_WEBSOCKET,
  PARTYSOCKET,
];
