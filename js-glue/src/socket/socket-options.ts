/** What a socket can be told, and the words for what it tells. */
import {
  VP_CONNECTION_BACKOFF,
  VP_CONNECTION_CLOSED,
  VP_CONNECTION_CONNECTING,
  VP_CONNECTION_OPEN,
  VP_CONNECTION_PAUSED,
  VP_CONNECTION_TRIPPED,
  VP_REASON_FAILED,
  VP_REASON_FOLLOW,
  VP_REASON_FROZEN,
  VP_REASON_HEARTBEAT,
  VP_REASON_LOST,
  VP_REASON_NONE,
  VP_REASON_OFFLINE,
  VP_REASON_TIMEOUT,
  VP_REASON_USER,
} from "../abi.gen.js";
import { optionError, requireFunction } from "../errors.js";
import type { ConnectionConfig } from "./connection.js";
import { isLoopback, resolveEndpoints } from "./endpoints.js";
import type { OutboxOptions } from "./outbox.js";

/**
 * `backoff`: waiting for the next attempt. `tripped`: after many failures, waiting longer. `paused`:
 * the page is offline, frozen or in the back/forward cache, or another tab leads.
 */
export type ConnectionState = "closed" | "connecting" | "open" | "backoff" | "tripped" | "paused";

/** By vp_connection_phase. */
export const STATES: Readonly<Record<number, ConnectionState>> = {
  [VP_CONNECTION_CLOSED]: "closed",
  [VP_CONNECTION_CONNECTING]: "connecting",
  [VP_CONNECTION_OPEN]: "open",
  [VP_CONNECTION_BACKOFF]: "backoff",
  [VP_CONNECTION_TRIPPED]: "tripped",
  [VP_CONNECTION_PAUSED]: "paused",
};

export type ConnectionReason =
  | "none"
  | "user"
  | "lost"
  | "failed"
  | "timeout"
  | "heartbeat"
  | "offline"
  | "frozen"
  | "follower";

/** By vp_connection_reason. */
export const REASONS: Readonly<Record<number, ConnectionReason>> = {
  [VP_REASON_NONE]: "none",
  [VP_REASON_USER]: "user",
  [VP_REASON_LOST]: "lost",
  [VP_REASON_FAILED]: "failed",
  [VP_REASON_TIMEOUT]: "timeout",
  [VP_REASON_HEARTBEAT]: "heartbeat",
  [VP_REASON_OFFLINE]: "offline",
  [VP_REASON_FROZEN]: "frozen",
  [VP_REASON_FOLLOW]: "follower",
};

export interface HeartbeatOptions {
  /** How often the server is asked for a sign of life. */
  readonly everyMs: number;
  /** The silence after asking that means a dead link. Default: `everyMs`. */
  readonly timeoutMs?: number;
  /** What is sent; with `json` an object. */
  readonly message: unknown;
  /**
   * Whether a message, parsed with `json`, is the answer. Answers are not handed out. With it round
   * trips are measured, and what was sent before an answered heartbeat is known to have arrived.
   */
  readonly isReply?: (data: unknown) => boolean;
}

export interface SocketOptions
  extends Omit<ConnectionConfig, "heartbeatMs" | "heartbeatTimeoutMs" | "ignoreOffline"> {
  /** `ws:` or `wss:`; `http:` and `https:` stand for them. */
  readonly url: string | URL;
  readonly protocols?: string | string[];
  /** What its scope and the registry call it. Default "socket". */
  readonly name?: string;
  /** Objects out, objects in. Default false: strings and bytes as they are. */
  readonly json?: boolean;
  readonly heartbeat?: HeartbeatOptions;
  /** Of all tabs that name the same leader only one is connected: see {@link Scope.lead}. */
  readonly leader?: string;
  /** Connects at once. Default true. */
  readonly autoConnect?: boolean;
  /** What waits while there is no connection, and what goes when there is no room. */
  readonly queue?: OutboxOptions;
  /**
   * What is sent first on every connection, before what waits: a server that was restarted knows
   * nobody. Asked at every opening; what was not confirmed when the connection is lost is no
   * `dropped` event, for the next one has its own greeting. With `json` objects.
   */
  readonly greeting?: () => readonly unknown[];
}

/** Where it connects to, and whether that needs a network. */
export interface SocketAddress {
  readonly url: string;
  readonly ignoreOffline: boolean;
}

/**
 * @param page - the page's address; undefined in Node
 * @throws VoicepathError OPTION, ENDPOINT, MIXED_CONTENT
 */
export function checkAddress(url: unknown, page: string | undefined): SocketAddress {
  if (!(typeof url === "string" || url instanceof URL) || `${url}`.trim() === "")
    throw optionError("url", url, "an address like wss://example.com/client-ws");
  const { webSocketURL } = resolveEndpoints(page ?? "http://localhost/", {
    pinned: `${url}`,
    path: "/",
  });
  return { url: webSocketURL, ignoreOffline: isLoopback(new URL(webSocketURL)) };
}

/** @throws VoicepathError OPTION */
export function connectionConfig(
  { heartbeat, greeting, ...options }: SocketOptions,
  { ignoreOffline }: SocketAddress,
): ConnectionConfig {
  const { url: _u, protocols: _p, name: _n, json: _j, leader: _l, queue: _q, ...rest } = options;
  const { autoConnect: _a, ...config } = rest;
  if (greeting !== undefined) requireFunction("greeting", greeting);
  if (heartbeat === undefined) return { ...config, ignoreOffline };
  if (typeof heartbeat !== "object" || heartbeat === null || heartbeat.message === undefined)
    throw optionError("heartbeat", heartbeat, "an object with everyMs and message");
  const { everyMs, timeoutMs = everyMs } = heartbeat;
  return { ...config, ignoreOffline, heartbeatMs: everyMs, heartbeatTimeoutMs: timeoutMs };
}
