import { useCallback, useEffect, useInsertionEffect, useRef, useState } from "react";
import { VoicepathError } from "../errors.js";
import type { Scope } from "../registry/scope.js";
import type { SocketData } from "../socket/outbox.js";
import type { Socket, SocketEvents } from "../socket/socket.js";
import {
  type ConnectionReason,
  type ConnectionState,
  checkAddress,
  type SocketOptions,
} from "../socket/socket-options.js";
import { useRegistry } from "./registry-provider.js";
import { type UseScopeOptions, useScope } from "./use-scope.js";

/** The callbacks are always those of the latest render. */
export interface UseConnectionOptions<In = unknown>
  extends Omit<SocketOptions, "url" | "name">,
    UseScopeOptions {
  /**
   * Where to connect. Another address moves the connection there, with what waits to be sent. Null or
   * undefined: there is no connection, and what waited in it is dropped.
   */
  readonly url: string | URL | null | undefined;
  /** Of its scope. Default "connection". */
  readonly name?: string;
  readonly onMessage?: ((data: In) => void) | undefined;
  readonly onOpen?: ((event: SocketEvents<In>["open"]) => void) | undefined;
  readonly onDropped?: ((event: SocketEvents<In>["dropped"]) => void) | undefined;
}

export interface ConnectionResult<In = unknown, Out = SocketData | object> {
  readonly state: ConnectionState;
  /** Why it is not open, or was not. */
  readonly reason: ConnectionReason;
  /** Of the newest answered heartbeat; null before the first. */
  readonly rttMs: number | null;
  /** Messages that wait for a connection, counted when one is sent here and when the state changes. */
  readonly queued: number;
  /** What is wrong with `url`; the address before stays in use. */
  readonly error: VoicepathError | null;
  /** For everything else; null while there is none, as on a server or before effects have run. */
  readonly socket: Socket<In, Out> | null;
  /**
   * Sends now or when it is open, as {@link Socket.send} does; "dropped" where there is no socket. The
   * function stays the same.
   *
   * @throws VoicepathError OPTION for what cannot be sent, QUEUE_FULL with the policy "error"
   */
  readonly send: (message: Out) => "sent" | "queued" | "dropped";
  /** A new connection now, whatever failed before. The function stays the same. */
  readonly reconnect: () => void;
}

type Shown<In, Out> = Omit<ConnectionResult<In, Out>, "send" | "reconnect">;

const NONE: Shown<never, never> = {
  state: "closed",
  reason: "none",
  rttMs: null,
  queued: 0,
  error: null,
  socket: null,
};

type Latest<In> = { readonly current: UseConnectionOptions<In> };

/** Connects in a moment: StrictMode ends the first socket within this task, before it has begun. */
function openSocket<In, Out>(scope: Scope, url: string, latest: Latest<In>): Socket<In, Out> {
  const {
    url: _url,
    name: _name,
    parent: _parent,
    onMessage: _onMessage,
    onOpen: _onOpen,
    onDropped: _onDropped,
    autoConnect = true,
    ...options
  } = latest.current;
  const socket = scope.socket<In, Out>({ ...options, url, autoConnect: false });
  socket.on("message", ({ data }) => latest.current.onMessage?.(data));
  socket.on("open", (event) => latest.current.onOpen?.(event));
  socket.on("dropped", (event) => latest.current.onDropped?.(event));
  const connect = (): void => {
    if (!socket.disposed) socket.connect();
  };
  if (autoConnect) scope.registry.clock.soon(connect);
  return socket;
}

/**
 * A WebSocket that comes back, for as long as the component lives: {@link Scope.socket} in a scope of
 * {@link useScope}, with its rules.
 *
 * ```tsx
 * const { state, send } = useConnection<ServerMessage, ClientMessage>({
 *   url: settings.webSocketURL,
 *   json: true,
 *   onMessage: (message) => show(message),
 * });
 * return <button disabled={state !== "open"} onClick={() => send({ type: "interrupt" })}>Stop</button>;
 * ```
 *
 * Another `url` moves the same socket; one that cannot be used is told by `error` and changes nothing.
 * All other options are read when the socket is made. It connects after the effects of the commit that
 * mounted it, so StrictMode opens one connection, not two. While `<Activity>` hides the component there
 * is no connection. The component renders when one of the returned values changes, never per message.
 *
 * @throws VoicepathError OPTION without a `<RegistryProvider>`; when the socket is made, for wrong options
 */
export function useConnection<In = unknown, Out = SocketData | object>(
  options: UseConnectionOptions<In>,
): ConnectionResult<In, Out> {
  const { url, name = "connection", parent } = options;
  const address = url === null || url === undefined ? null : `${url}`;
  const registry = useRegistry();
  const latest = useRef(options);
  useInsertionEffect(() => {
    latest.current = options;
  });

  const scope = useScope(name, [address === null], { parent });
  const [shown, setShown] = useState<Shown<In, Out>>(NONE);
  const last = useRef<Shown<In, Out>>(NONE);
  const held = useRef<Socket<In, Out> | null>(null);
  /** Looks at the socket again; renders when something else is seen. */
  const look = useCallback((error: VoicepathError | null = last.current.error): void => {
    const { current: socket } = held;
    const { state, reason, rttMs, queued } = socket ?? NONE;
    const next: Shown<In, Out> = { state, reason, rttMs, queued, error, socket };
    const before = last.current;
    if ((Object.keys(next) as (keyof typeof next)[]).every((key) => next[key] === before[key]))
      return;
    last.current = next;
    setShown(next);
  }, []);

  // The scope has ended the socket.
  useEffect(
    () => () => {
      held.current = null;
      look(null);
    },
    [scope, look],
  );
  useEffect(() => {
    const owner = scope.current;
    if (!owner || address === null) return;
    try {
      checkAddress(address, registry.platform.location?.href);
    } catch (error) {
      if (!(error instanceof VoicepathError)) throw error;
      look(error);
      return;
    }
    if (held.current) held.current.setURL(address);
    else {
      const socket = openSocket<In, Out>(owner, address, latest);
      held.current = socket;
      for (const type of ["state", "open", "dropped", "pong"] as const)
        socket.on(type, () => look());
    }
    look(null);
  }, [registry, scope, address, look]);

  const send = useCallback(
    (message: Out) => {
      const { current: socket } = held;
      if (!socket || socket.disposed) return "dropped";
      const result = socket.send(message);
      look();
      return result;
    },
    [look],
  );
  const reconnect = useCallback(() => {
    const { current: socket } = held;
    if (socket && !socket.disposed) socket.reconnect();
  }, []);

  return { ...shown, send, reconnect };
}
