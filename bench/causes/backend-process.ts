/**
 * A backend with an event loop of its own, which can be stalled: it answers heartbeats and texts over
 * WebSockets, and obeys the process that started it.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

export type Order =
  /** From a text to the first sound of the answer. */
  | { readonly type: "think"; readonly forMs: number }
  /** Every now and then it does nothing else for so long, by waiting or by calculating. */
  | {
      readonly type: "stall";
      readonly everyMs: number;
      readonly forMs: number;
      readonly busy: boolean;
    }
  /** Connections are closed as soon as they are open, or not opened at all. */
  | { readonly type: "reject"; readonly by: "slam" | "refuse" };

export interface Listening {
  readonly port: number;
}

const SPEAK_MS = 300;

let thinkMs = 400;
let rejects: "slam" | "refuse" | undefined;

function stall(forMs: number, busy: boolean): void {
  if (!busy) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
    return;
  }
  const end = performance.now() + forMs;
  while (performance.now() < end);
}

function obey(order: Order): void {
  if (order.type === "think") thinkMs = order.forMs;
  if (order.type === "reject") rejects = order.by;
  if (order.type !== "stall") return;
  const { everyMs, forMs, busy } = order;
  const again = (): void => {
    stall(forMs, busy);
    setTimeout(again, everyMs - forMs);
  };
  again();
}

function welcome(client: WebSocket): void {
  client.on("error", () => {});
  if (rejects === "slam") {
    client.close(1013);
    return;
  }
  const say = (type: string): void => client.send(JSON.stringify({ type }));
  client.on("message", (data) => {
    const { type } = JSON.parse(String(data));
    if (type === "heartbeat") say("heartbeat-ack");
    if (type !== "text-input") return;
    say("user-input-transcription");
    setTimeout(() => say("audio"), thinkMs);
    setTimeout(() => say("conversation-chain-end"), thinkMs + SPEAK_MS);
  });
}

const sockets = new WebSocketServer({ noServer: true });
const server = createServer();
server.on("upgrade", (request, socket, head) => {
  if (rejects === "refuse") socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
  else sockets.handleUpgrade(request, socket, head, welcome);
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port } satisfies Listening);
});
process.on("message", obey);
process.on("disconnect", () => process.exit());
