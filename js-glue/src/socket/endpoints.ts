/**
 * Which server a page talks to.
 *
 * What somebody pinned wins over what the server told, that over what was saved, and that over what
 * the page's own address suggests. The first source with an address decides about both addresses, so
 * that the socket and the files never come from two servers by accident. An https page may only reach
 * wss and https, but for this machine (W3C Mixed Content, section 4; Secure Contexts, section 3.1):
 * what the browser would block is explained here instead of attempted.
 */
import { optionError, requireInteger, VoicepathError } from "../errors.js";

/** Addresses of one server. One alone is enough: the other follows from it. */
export interface EndpointAddresses {
  /** Where the WebSocket is, as in `wss://example.com/client-ws`. */
  readonly webSocketURL?: string | null | undefined;
  /** What the server's files are relative to, as in `https://example.com`. */
  readonly baseURL?: string | null | undefined;
}

export interface EndpointSources {
  /** What the user chose before. A string is a `webSocketURL`. */
  readonly saved?: EndpointAddresses | string | null | undefined;
  /** What the server told; relative addresses are resolved against the page's. */
  readonly serverSupplied?: EndpointAddresses | string | null | undefined;
  /** What must be used. */
  readonly pinned?: EndpointAddresses | string | null | undefined;
  /** Where the WebSocket is on a server whose address has no path. Default "/client-ws". */
  readonly path?: string;
  /** Where a server without TLS listens, when only the page's address is known. Default 12393. */
  readonly port?: number;
}

export interface Endpoints {
  /** ws: or wss:, without a fragment. */
  readonly webSocketURL: string;
  /** http: or https:, without a query, a fragment, or a slash at its end. */
  readonly baseURL: string;
  /** Whose address it is. */
  readonly source: "pinned" | "server" | "saved" | "location";
  /** What was done to the addresses, and what may not work, in English. */
  readonly warnings: readonly string[];
}

type Scheme = "ws" | "http";

/** The page's address, and what is told about the addresses along the way. */
interface Resolution {
  readonly page: URL;
  readonly path: string;
  readonly warnings: string[];
}

/** What the frontend saved for everybody before there was a choice. */
const OLD_DEFAULT_HOST = "127.0.0.1:12393";
const OLD_DEFAULT_PATHS: Record<Scheme, string> = { ws: "/client-ws", http: "/" };

const DEFAULT_PATH = "/client-ws";
const DEFAULT_PORT = 12393;

/** Names that browsers never leave this machine for. */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function endpointError(option: string, value: string, expected: string): VoicepathError {
  return new VoicepathError(
    "ENDPOINT",
    `${option} is ${JSON.stringify(value)}; it must be ${expected}`,
    { option, value, range: expected },
  );
}

const EXAMPLES: Record<Scheme, string> = {
  ws: "an address like wss://example.com/client-ws",
  http: "an address like https://example.com",
};

/** ws and http are the same thing to people, and to ports and hosts: either may be written. */
function withScheme(url: URL, scheme: Scheme): URL {
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  const changed = new URL(url);
  changed.protocol = secure ? `${scheme}s:` : `${scheme}:`;
  return changed;
}

/** One address, checked; `base` where relative ones are allowed. */
function parse(
  { warnings }: Resolution,
  option: string,
  value: string,
  scheme: Scheme,
  base?: URL,
): URL {
  const relative = base !== undefined && /^https?:$/.test(base.protocol);
  const expected = relative
    ? `${EXAMPLES[scheme]}, or a path on this page's host`
    : EXAMPLES[scheme];
  let url: URL;
  try {
    url = relative ? new URL(value, base) : new URL(value);
  } catch {
    throw endpointError(option, value, expected);
  }
  if (!/^(ws|http)s?:$/.test(url.protocol)) throw endpointError(option, value, expected);
  const changed = withScheme(url, scheme);
  if (changed.protocol !== url.protocol && /^(ws|http)s?:/i.test(value))
    warnings.push(`${option} is ${url.href}: taken as ${changed.href}`);
  return changed;
}

/** One source's addresses as text; what is empty was not given. */
function given(
  option: string,
  source: EndpointAddresses | string | null | undefined,
): { [S in Scheme]?: string } {
  if (source === undefined || source === null) return {};
  if (typeof source !== "string" && typeof source !== "object")
    throw optionError(option, source, "an address, or an object with webSocketURL or baseURL");
  const { webSocketURL, baseURL } =
    typeof source === "string" ? { webSocketURL: source, baseURL: undefined } : source;
  const texts: { [S in Scheme]?: string } = {};
  for (const [scheme, name, value] of [
    ["ws", "webSocketURL", webSocketURL],
    ["http", "baseURL", baseURL],
  ] as const) {
    if (value === undefined || value === null) continue;
    if (typeof value !== "string") throw optionError(`${option}.${name}`, value, "a string");
    if (value.trim() !== "") texts[scheme] = value.trim();
  }
  return texts;
}

/** Whether an address is only the old default, on a page to which it means nothing. */
function isStale({ page }: Resolution, url: URL, scheme: Scheme): boolean {
  return (
    /^https?:$/.test(page.protocol) &&
    !isLoopback(page) &&
    url.host === OLD_DEFAULT_HOST &&
    url.pathname === OLD_DEFAULT_PATHS[scheme]
  );
}

interface Pair {
  readonly ws: URL;
  readonly http: URL;
}

/** Both addresses of a server from those that are known. */
function complete({ path }: Resolution, ws: URL | undefined, http: URL | undefined): Pair | null {
  const known = ws ?? http;
  if (!known) return null;
  const socket = withScheme(known, "ws");
  const files = withScheme(http ?? known, "http");
  // The same in reverse: what precedes the socket's path is where the files are.
  if (!http)
    files.pathname = socket.pathname.endsWith(path) ? socket.pathname.slice(0, -path.length) : "/";
  if (!ws) socket.pathname = `${files.pathname.replace(/\/+$/, "")}${path}`;
  else if (socket.pathname === "/") socket.pathname = path;
  if (!ws) socket.search = "";
  socket.hash = files.hash = files.search = "";
  return { ws: socket, http: files };
}

/** The addresses of one source, or null when it has none. */
function fromSource(
  resolution: Resolution,
  option: "pinned" | "serverSupplied" | "saved",
  source: EndpointAddresses | string | null | undefined,
): Pair | null {
  const texts = given(option, source);
  const url = (scheme: Scheme, name: string): URL | undefined => {
    const text = texts[scheme];
    if (text === undefined) return undefined;
    const base = option === "serverSupplied" ? resolution.page : undefined;
    const full = typeof source === "string" ? option : `${option}.${name}`;
    const parsed = parse(resolution, full, text, scheme, base);
    if (option !== "saved" || !isStale(resolution, parsed, scheme)) return parsed;
    resolution.warnings.push(
      `${full} is the old default ${parsed.href}, which is not where ${resolution.page.host} is: not used`,
    );
    return undefined;
  };
  return complete(resolution, url("ws", "webSocketURL"), url("http", "baseURL"));
}

/**
 * TLS usually ends at a proxy, which then serves page and socket alike. Without TLS the page may come
 * from a development server, so only the host is the same. A page from a file is an app's.
 */
function fromLocation({ page, path }: Resolution, port: number): Pair {
  const secure = page.protocol === "https:";
  const http = new URL(secure ? page.origin : "http://127.0.0.1");
  if (page.protocol === "http:") http.hostname = page.hostname;
  if (!secure) http.port = String(port);
  const ws = withScheme(http, "ws");
  ws.pathname = path;
  return { ws, http };
}

function requireReachable({ page, warnings }: Resolution, option: string, url: URL): void {
  if (page.protocol !== "https:" || /^(wss|https):$/.test(url.protocol)) return;
  if (isLoopback(url)) {
    warnings.push(`${url.href} is on this machine: Safari does not let an https page reach it`);
    return;
  }
  const secure = url.protocol === "ws:" ? "wss" : "https";
  throw new VoicepathError(
    "MIXED_CONTENT",
    `browsers do not let ${page.origin}, an https page, reach ${url.href}. Give the server a ` +
      `certificate (a proxy such as Caddy or nginx in front of it will do) and use ${secure}:, or, ` +
      `when page and server are on one machine, use 127.0.0.1.`,
    { option, value: url.href, range: `a ${secure}: address` },
  );
}

function pageOf(location: URL | Location | string): URL {
  const href = typeof location === "string" ? location : location?.href;
  if (typeof href !== "string")
    throw optionError("location", location, "an address, a URL or a Location");
  try {
    const url = new URL(href);
    // A Worker made from a blob: has the rights, and the limits, of the page that made it.
    return url.protocol === "blob:" && url.origin !== "null" ? new URL(url.origin) : url;
  } catch {
    throw endpointError("location", href, "the page's address");
  }
}

/**
 * Decides which server a page talks to: pure, and the same in Node.
 *
 * @param location - the page's address: `window.location`
 * @throws VoicepathError ENDPOINT for an address that is none, MIXED_CONTENT for one that a browser
 *   would block, OPTION for a wrong path, port or type
 *
 * @example
 * ```ts
 * const { webSocketURL, baseURL, warnings } = resolveEndpoints(window.location, {
 *   saved: { webSocketURL: localStorage.getItem("address") },
 *   serverSupplied: "/client-ws",
 * });
 * // on https://talk.example.com: wss://talk.example.com/client-ws and https://talk.example.com
 * ```
 */
export function resolveEndpoints(
  location: URL | Location | string,
  { saved, serverSupplied, pinned, path = DEFAULT_PATH, port = DEFAULT_PORT }: EndpointSources = {},
): Endpoints {
  if (typeof path !== "string" || !path.startsWith("/"))
    throw optionError("path", path, "a string that begins with /");
  requireInteger("port", port, 1, 65535);
  const resolution: Resolution = { page: pageOf(location), path, warnings: [] };
  const { page, warnings } = resolution;

  let source: Endpoints["source"] = "pinned";
  let pair = fromSource(resolution, "pinned", pinned);
  if (!pair) {
    source = "server";
    pair = fromSource(resolution, "serverSupplied", serverSupplied);
  }
  if (!pair) {
    source = "saved";
    pair = fromSource(resolution, "saved", saved);
  }
  if (!pair) {
    source = "location";
    pair = fromLocation(resolution, port);
  }
  requireReachable(resolution, "webSocketURL", pair.ws);
  requireReachable(resolution, "baseURL", pair.http);
  if (page.protocol === "http:" && !isLoopback(page))
    warnings.push(`browsers give ${page.origin} no microphone: it must be served by https`);
  return {
    webSocketURL: pair.ws.href,
    baseURL: pair.http.href.replace(/\/+$/, ""),
    source,
    warnings,
  };
}
