/** Connections, which end when they are closed from either side. */
import { owned } from "../registry/ownership.js";
import { prototypeOf, type Watch } from "./watch.js";

/** `readyState` of an EventSource that will not try again. */
const EVENT_SOURCE_CLOSED = 2;

const CONNECTIONS = [
  ["WebSocket", "socket"],
  ["EventSource", "socket"],
  ["BroadcastChannel", "broadcastChannel"],
] as const;

export function watchSockets(watch: Watch): void {
  const { patches, ledger, target } = watch;
  for (const [name, kind] of CONNECTIONS) {
    patches.construction(target, name, (call) => {
      const origin = ledger.origin(kind, call);
      const connection = call.native();
      if (!origin) return connection;
      ledger.openAs(connection as object, origin, { label: String(call.args[0]) });
      if (name === "WebSocket") endOn(connection as WebSocket, "close");
      if (name === "EventSource") endOn(connection as EventSource, "error");
      return connection;
    });
    patches.method(prototypeOf(watch, name), "close", (call) => {
      const result = call.native();
      ledger.end(call.self);
      return result;
    });
  }

  function endOn(connection: WebSocket | EventSource, event: "close" | "error"): void {
    const check = (): void => {
      if (event === "close" || connection.readyState === EVENT_SOURCE_CLOSED)
        ledger.end(connection);
    };
    owned(() => connection.addEventListener(event, check));
  }
}
