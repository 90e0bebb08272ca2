/**
 * A WebSocket that comes back. When it connects is decided by vp_connection, what waits and what may
 * be lost by the outbox; here are the platform's socket, its events and the page's.
 */
import {
  VP_ACTION_CLOSE,
  VP_ACTION_OPEN,
  VP_ACTION_PING,
  VP_EVENT_CONNECT,
  VP_EVENT_DISCONNECT,
  VP_EVENT_FOLLOW,
  VP_EVENT_FREEZE,
  VP_EVENT_HIDDEN,
  VP_EVENT_LEAD,
  VP_EVENT_LOST,
  VP_EVENT_OFFLINE,
  VP_EVENT_ONLINE,
  VP_EVENT_OPENED,
  VP_EVENT_PAGEHIDE,
  VP_EVENT_PAGESHOW,
  VP_EVENT_PONG,
  VP_EVENT_RECEIVED,
  VP_EVENT_RECONNECT,
  VP_EVENT_TIMER,
  VP_EVENT_VISIBLE,
} from "../abi.gen.js";
import { Emitter, type ListenOptions } from "../emitter.js";
import { optionError } from "../errors.js";
import type { Leadership } from "../registry/leadership.js";
import { owned } from "../registry/ownership.js";
import type { PageEvent } from "../registry/page-events.js";
import type { Registry } from "../registry/registry.js";
import { Resource } from "../registry/resource.js";
import type { Scope } from "../registry/scope.js";
import type { Site } from "../registry/sites.js";
import { Connection } from "./connection.js";
import { type DropReason, Outbox, type SocketData } from "./outbox.js";
import {
  type ConnectionReason,
  type ConnectionState,
  checkAddress,
  connectionConfig,
  type HeartbeatOptions,
  REASONS,
  type SocketAddress,
  type SocketOptions,
  STATES,
} from "./socket-options.js";

export interface StateEvent {
  readonly state: ConnectionState;
  /** Why it is not open, or was not. */
  readonly reason: ConnectionReason;
  /** Failures in a row. */
  readonly failures: number;
  /** When the next attempt is due, in ms from now; null when none is. */
  readonly retryMs: number | null;
}

export interface SocketEvents<In = unknown> {
  state: StateEvent;
  /** It is open, and what waited was handed over. The epoch counts its openings. */
  open: { readonly epoch: number };
  message: { readonly data: In };
  /** With `json`: what came and is none. */
  invalid: { readonly data: SocketData; readonly error: unknown };
  /** A message that will not arrive, or, when unconfirmed, may not have. Told once, never sent again. */
  dropped: { readonly data: unknown; readonly reason: DropReason };
  /** A heartbeat was answered. */
  pong: { readonly rttMs: number };
}

/** Counts since it was made. */
export interface SocketStats {
  readonly opens: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Attempts put off by the budget. */
  readonly overBudget: number;
  /** How often the breaker tripped. */
  readonly trips: number;
  /** Events of sockets that had been replaced: ignored. */
  readonly stale: number;
}

const PAGE_EVENTS: Readonly<Record<PageEvent, number>> = {
  online: VP_EVENT_ONLINE,
  offline: VP_EVENT_OFFLINE,
  visible: VP_EVENT_VISIBLE,
  hidden: VP_EVENT_HIDDEN,
  freeze: VP_EVENT_FREEZE,
  resume: VP_EVENT_PAGESHOW,
  pagehide: VP_EVENT_PAGEHIDE,
  pageshow: VP_EVENT_PAGESHOW,
};

/** Lets the socket emit what it is not itself an emitter of. */
class Events<In> extends Emitter<SocketEvents<In>> {
  tell<Type extends keyof SocketEvents<In>>(type: Type, event: SocketEvents<In>[Type]): void {
    this.emit(type, event);
  }
}

/** The platform's socket of one epoch, which is heard until it is given up. */
interface Link {
  readonly socket: WebSocket;
  readonly epoch: number;
}

export class Socket<In = unknown, Out = unknown> extends Resource {
  readonly #events = new Events<In>();
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #json: boolean;
  readonly #heartbeat: HeartbeatOptions | undefined;
  readonly #greeting: (() => readonly unknown[]) | undefined;
  readonly #protocols: string | string[];
  readonly #unwatch: () => void;
  #address: SocketAddress;
  #link: Link | undefined;
  #leadership: Leadership | undefined;
  #told: StateEvent = { state: "closed", reason: "none", failures: 0, retryMs: null };
  /** When the slot's timer rings; infinity for never. */
  #alarmMs = Number.POSITIVE_INFINITY;

  /** @internal @throws VoicepathError OPTION, ENDPOINT, MIXED_CONTENT */
  constructor(registry: Registry, site: Site, options: SocketOptions) {
    super(registry, site);
    this.#address = checkAddress(options.url, registry.platform.location?.href);
    this.#json = options.json ?? false;
    this.#heartbeat = options.heartbeat;
    this.#greeting = options.greeting;
    this.#protocols = options.protocols ?? [];
    const config = connectionConfig(options, this.#address);
    this.#outbox = new Outbox(options.queue ?? {}, (data, reason) => this.#drop(data, reason));
    this.#connection = Connection.create(registry.session, config);
    this.#unwatch = registry.page.watch((event) => this.#step(PAGE_EVENTS[event]));
  }

  /** @internal Once it has its slot. */
  begin({ leader, autoConnect = true }: SocketOptions): void {
    if (leader !== undefined) this.#step(VP_EVENT_FOLLOW);
    if (autoConnect) this.connect();
  }

  /** @internal Connects while this tab leads. */
  readonly lead = (leading: Scope): void => {
    this.#step(VP_EVENT_LEAD);
    leading.defer(() => this.#step(VP_EVENT_FOLLOW));
  };

  /** @internal It leads for this socket, and not longer: a tab without it must not keep others from leading. */
  leadBy(leadership: Leadership): void {
    this.#leadership = leadership;
  }

  // ---- What it is ----

  get url(): string {
    return this.#address.url;
  }

  get state(): ConnectionState {
    return this.#told.state;
  }

  /** Why it is not open, or was not. */
  get reason(): ConnectionReason {
    return this.#told.reason;
  }

  /** Of the newest answered heartbeat; null before the first. */
  get rttMs(): number | null {
    return this.disposed || this.#connection.rttMs < 0 ? null : this.#connection.rttMs;
  }

  /** Messages that wait for a connection. */
  get queued(): number {
    return this.#outbox.waiting;
  }

  /** @throws VoicepathError DISPOSED */
  get stats(): SocketStats {
    const { opens, failures, overBudget, trips, stale } = this.#connection;
    return { opens, failures, overBudget, trips, stale };
  }

  /** Calls `listener` for every event of this type; returns what removes it. */
  on<Type extends keyof SocketEvents<In>>(
    type: Type,
    listener: (event: SocketEvents<In>[Type]) => void,
    options?: ListenOptions,
  ): () => void {
    return this.#events.on(type, listener, options);
  }

  // ---- What it is told ----

  /**
   * Sends now when it is open, and else when it is. Messages arrive in order, at most once; those that
   * do not, or may not have, are `dropped` events.
   *
   * @returns whether it was sent, waits, or was dropped because there was no room
   * @throws VoicepathError OPTION for what cannot be sent, QUEUE_FULL with the policy "error", DISPOSED
   */
  send(message: Out): "sent" | "queued" | "dropped" {
    this.requireOpen();
    const data = this.#encode(message);
    const socket = this.#openSocket();
    if (!socket || this.#outbox.waiting > 0) return this.#outbox.hold(data) ? "queued" : "dropped";
    this.#outbox.sent(data);
    socket.send(data as string);
    this.#forgetTransmitted();
    return "sent";
  }

  /** Connects, if it is not connected or about to be. @throws VoicepathError DISPOSED */
  connect(): void {
    this.requireOpen();
    this.#step(VP_EVENT_CONNECT);
  }

  /** Closes it, until it is told to connect. What waits goes on waiting. */
  disconnect(): void {
    if (this.phase === "open") this.#step(VP_EVENT_DISCONNECT);
  }

  /**
   * A new connection now, whatever failed before. Only offline, frozen and following pages wait, and
   * connect when they no longer are.
   *
   * @throws VoicepathError DISPOSED
   */
  reconnect(): void {
    this.requireOpen();
    this.#step(VP_EVENT_RECONNECT);
  }

  /**
   * From now on this address, also for what waits. Connected, it reconnects there.
   *
   * @throws VoicepathError OPTION, ENDPOINT, MIXED_CONTENT, DISPOSED; then nothing has changed
   */
  setURL(url: string | URL): void {
    this.requireOpen();
    const address = checkAddress(url, this.registry.platform.location?.href);
    if (address.url === this.#address.url) return;
    this.#connection.configure({ ignoreOffline: address.ignoreOffline });
    this.#address = address;
    if (this.state !== "closed") this.reconnect();
  }

  /** @internal Its next step is due. */
  override fired(): void {
    this.#alarmMs = Number.POSITIVE_INFINITY;
    this.#step(VP_EVENT_TIMER);
  }

  protected override end(): void {
    this.#unwatch();
    this.#give(VP_EVENT_DISCONNECT, 0);
    this.#outbox.dispose();
    this.#tellState();
    this.#connection.dispose();
    if (this.#leadership && !this.#leadership.disposed) this.#leadership.dispose();
  }

  // ---- The machine ----

  #step(event: number, epoch = 0): void {
    if (this.phase !== "open") return;
    this.#give(event, epoch);
    if (this.phase !== "open") return;
    this.#setAlarm();
    this.#tellState();
  }

  #give(event: number, epoch: number): void {
    const { clock, random } = this.registry;
    const actions = this.#connection.step(event, epoch, clock.now(), random());
    if (actions & VP_ACTION_CLOSE) this.#close();
    if (actions & VP_ACTION_OPEN) this.#open(this.#connection.epoch);
    if (actions & VP_ACTION_PING) this.#ping();
  }

  /** An alarm that rings too early is harmless, so it is only ever moved forward. */
  #setAlarm(): void {
    const { dueMs } = this.#connection;
    if (dueMs >= this.#alarmMs) return;
    this.#alarmMs = dueMs;
    const delayMs = Math.max(0, Math.ceil(dueMs - this.registry.clock.now()));
    this.registry.startTimer(this, delayMs, 0, 0);
  }

  #tellState(): void {
    const { phase, reason, failures, dueMs } = this.#connection;
    const state = STATES[phase] ?? "closed";
    const told = this.#told;
    const next = REASONS[reason] ?? "none";
    if (state === told.state && next === told.reason && failures === told.failures) return;
    const waits = state === "backoff" || state === "tripped";
    const retryMs = waits ? Math.max(0, dueMs - this.registry.clock.now()) : null;
    this.#told = { state, reason: next, failures, retryMs };
    this.#events.tell("state", this.#told);
  }

  // ---- The platform's socket ----

  #openSocket(): WebSocket | undefined {
    const socket = this.#link?.socket;
    return socket?.readyState === 1 ? socket : undefined;
  }

  #open(epoch: number): void {
    const { WebSocket } = this.registry.platform;
    let socket: WebSocket;
    try {
      if (!WebSocket) throw optionError("platform.WebSocket", WebSocket, "a WebSocket class");
      socket = owned(() => new WebSocket(this.#address.url, this.#protocols));
    } catch (error) {
      this.registry.reportFailure(this, error);
      this.#give(VP_EVENT_LOST, epoch);
      return;
    }
    const link: Link = { socket, epoch };
    this.#link = link;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened(epoch);
    socket.onmessage = ({ data }) => this.#received(epoch, data as SocketData);
    // An error is always followed by a close, which tells more.
    socket.onerror = () => {};
    socket.onclose = () => this.#lost(link);
  }

  #close(): void {
    const socket = this.#abandon();
    socket?.close();
  }

  /** From here on nothing of it is heard. */
  #abandon(): WebSocket | undefined {
    const socket = this.#link?.socket;
    if (!socket) return undefined;
    this.#link = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    if (!this.#confirms) this.#outbox.transmitted(socket.bufferedAmount);
    this.#outbox.lost();
    this.registry.heartbeats.lost(this);
    return socket;
  }

  #opened(epoch: number): void {
    // Before anybody is told that it is open, and could send.
    this.#greet();
    this.#step(VP_EVENT_OPENED, epoch);
    this.#sendWaiting();
    if (this.#link?.epoch === epoch) this.#events.tell("open", { epoch });
  }

  #lost(link: Link): void {
    if (this.#link === link) this.#abandon();
    this.#step(VP_EVENT_LOST, link.epoch);
  }

  #received(epoch: number, data: SocketData): void {
    let message: unknown = data;
    if (this.#json) {
      try {
        message = JSON.parse(String(data));
      } catch (error) {
        this.#step(VP_EVENT_RECEIVED, epoch);
        this.#events.tell("invalid", { data, error });
        return;
      }
    }
    if (this.#heartbeat?.isReply?.(message)) {
      this.#step(VP_EVENT_PONG, epoch);
      this.#outbox.answered();
      this.registry.heartbeats.answered(this, this.#connection.rttMs);
      if (this.phase === "open") this.#events.tell("pong", { rttMs: this.#connection.rttMs });
      return;
    }
    this.#step(VP_EVENT_RECEIVED, epoch);
    this.#events.tell("message", { data: message as In });
  }

  // ---- Messages ----

  /** Whether heartbeats tell what has arrived. */
  get #confirms(): boolean {
    return this.#heartbeat?.isReply !== undefined;
  }

  #encode(message: unknown): SocketData {
    if (!this.#json) return message as SocketData;
    const text = JSON.stringify(message);
    if (text !== undefined) return text;
    throw optionError("message", message, "something that has JSON");
  }

  #greet(): void {
    try {
      for (const message of this.#greeting?.() ?? [])
        this.#openSocket()?.send(this.#encode(message) as string);
    } catch (error) {
      this.registry.reportFailure(this, error);
    }
  }

  #sendWaiting(): void {
    for (let data = this.#outbox.first; data !== undefined; data = this.#outbox.first) {
      const socket = this.#openSocket();
      if (!socket) return;
      this.#outbox.handed();
      socket.send(data as string);
    }
    this.#forgetTransmitted();
  }

  #forgetTransmitted(): void {
    const socket = this.#link?.socket;
    if (socket && !this.#confirms) this.#outbox.transmitted(socket.bufferedAmount);
  }

  #ping(): void {
    const socket = this.#openSocket();
    if (!socket || !this.#heartbeat) return;
    if (this.#confirms) {
      this.#outbox.asked();
      this.registry.heartbeats.sent(this, this.registry.clock.now());
    }
    socket.send(this.#encode(this.#heartbeat.message) as string);
  }

  #drop(data: SocketData, reason: DropReason): void {
    const message: unknown = this.#json ? JSON.parse(String(data)) : data;
    this.#events.tell("dropped", { data: message, reason });
  }
}
