/** The socket against a real server that is killed, hangs, refuses, goes silent or talks nonsense. */
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  loadSession,
  type Platform,
  Registry,
  type SessionModule,
  type Socket,
  type SocketOptions,
  VoicepathError,
} from "../../dist/index.js";
import { FaultServer } from "../server/fault-server.js";
import { FakeLocks, FakePage } from "./fake-page.js";

interface Message {
  readonly n: number;
}

const HEARTBEAT = {
  everyMs: 200,
  message: { type: "heartbeat" },
  isReply: (message: unknown) => (message as { type?: string }).type === "heartbeat-ack",
};
/** Fast enough to test, with the shape of the defaults. */
const FAST = {
  backoffBaseMs: 20,
  backoffCapMs: 100,
  minUptimeMs: 50,
  budgetOpens: 64,
  breakerFailures: 0,
  connectTimeoutMs: 200,
};

let session: SessionModule;
let server: FaultServer;
let registry: Registry;
let page: FakePage;

beforeAll(async () => {
  session = await loadSession();
});
beforeEach(async () => {
  server = await FaultServer.start();
  page = new FakePage();
  const platform = { window: page, document: page, WebSocket } as unknown as Platform;
  registry = Registry.create(session, { platform });
});
afterEach(async () => {
  await registry.dispose();
  await server.kill();
});

function open(options: Partial<SocketOptions> = {}): Socket<Message, Message> {
  return registry
    .scope("app")
    .socket<Message, Message>({ url: server.url, json: true, ...FAST, ...options });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean, timeoutMs = 3000): Promise<number> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > timeoutMs) throw new Error(`not within ${timeoutMs} ms`);
    await sleep(1);
  }
  return performance.now() - start;
}

const isOpen = (socket: Socket<Message, Message>) => (): boolean => socket.state === "open";

test("sends what waited, in order, and then what follows", async () => {
  const socket = open();
  for (let n = 0; n < 100; n++) expect(socket.send({ n })).toBe("queued");
  await until(isOpen(socket));
  expect(socket.send({ n: 100 })).toBe("sent");
  await until(() => server.received.length === 101);
  expect(server.received.map(({ text }) => JSON.parse(text).n)).toEqual([...Array(101).keys()]);
});

test("the greeting goes first on every connection, before what waited and what 'open' is told to", async () => {
  let openings = 0;
  const socket = open({ greeting: () => [{ n: -1 }, { n: -++openings * 10 }] });
  const dropped: unknown[] = [];
  socket.on("dropped", ({ data }) => dropped.push(data));
  socket.on("state", ({ state }) => {
    if (state === "open") socket.send({ n: 100 });
  });
  socket.send({ n: 1 });
  await until(() => server.received.length === 4);
  await server.kill();
  await until(() => socket.state !== "open");
  socket.send({ n: 2 });
  await server.listen();
  await until(() => server.received.length === 8);
  const numbers = server.received.map(({ text }) => JSON.parse(text).n);
  expect(numbers).toEqual([-1, -10, 1, 100, -1, -20, 2, 100]);
  expect(dropped).toEqual([]);
});

test("a greeting that throws is a failure of the socket, which opens all the same", async () => {
  const failures: unknown[] = [];
  registry.on("failure", ({ error }) => failures.push(error));
  const error = new Error("no greeting today");
  const socket = open({
    greeting: () => {
      throw error;
    },
  });
  socket.send({ n: 1 });
  await until(() => server.received.length === 1);
  expect(failures).toEqual([error]);
  expect(socket.state).toBe("open");
});

test("strings, bytes and objects arrive", async () => {
  const scope = registry.scope("app");
  const plain = scope.socket<string | ArrayBuffer, string | Uint8Array>({ url: server.url });
  const objects = open();
  const seen: unknown[] = [];
  plain.on("message", ({ data }) => seen.push(data));
  objects.on("message", ({ data }) => seen.push(data));
  await until(() => server.connected === 2 && plain.state === "open" && objects.state === "open");
  server.broadcast('{"n":1}');
  await until(() => seen.length === 2);
  expect(seen).toContainEqual({ n: 1 });
  expect(seen).toContain('{"n":1}');
  plain.send(Uint8Array.of(104, 105));
  await until(() => server.received.length === 1);
  expect(server.received[0]?.text).toBe("hi");
  server.broadcast(Uint8Array.of(1, 2));
  await until(() => seen.length === 3);
  expect(new Uint8Array(seen[2] as ArrayBuffer)).toEqual(Uint8Array.of(1, 2));
});

test("what is no JSON is told as such", async () => {
  const socket = open();
  const invalid: unknown[] = [];
  socket.on("invalid", ({ data }) => invalid.push(data));
  await until(isOpen(socket));
  server.broadcast("{nonsense");
  await until(() => invalid.length === 1);
  expect(invalid).toEqual(["{nonsense"]);
  expect(socket.state).toBe("open");
});

test("a killed server: comes back when it does, and every message arrives once or is told", async () => {
  const socket = open({ heartbeat: HEARTBEAT });
  const dropped: number[] = [];
  socket.on("dropped", ({ data, reason }) => {
    expect(reason).toBe("unconfirmed");
    dropped.push((data as Message).n);
  });
  let n = 0;
  const sending = setInterval(() => socket.send({ n: n++ }), 1);
  try {
    for (let kill = 0; kill < 3; kill++) {
      await until(isOpen(socket));
      await sleep(100);
      await server.kill();
      await sleep(80);
      expect(socket.state).not.toBe("open");
      await server.listen();
    }
    await until(isOpen(socket));
  } finally {
    clearInterval(sending);
  }
  await until(() => socket.queued === 0);
  await sleep(50);
  const arrived = server.received.map(({ text }) => JSON.parse(text).n as number);
  expect(arrived).toEqual([...new Set(arrived)].sort((a, b) => a - b));
  const known = new Set([...arrived, ...dropped]);
  expect(known.size).toBe(n);
  expect(n).toBeGreaterThan(200);
  expect(arrived.length).toBeGreaterThan(n / 2);
});

test("a dead link is noticed within two heartbeats", async () => {
  const socket = open({ heartbeat: HEARTBEAT });
  await until(isOpen(socket));
  await until(() => socket.rttMs !== null);
  expect(socket.rttMs).toBeGreaterThan(0);
  expect(server.heartbeats).toBeGreaterThan(0);
  server.halfOpen();
  const noticedMs = await until(() => socket.state !== "open");
  expect(noticedMs).toBeLessThan(2 * HEARTBEAT.everyMs + 50);
  expect(socket.reason).toBe("heartbeat");
});

test("a live link is not given up for its silence", async () => {
  const socket = open({ heartbeat: { ...HEARTBEAT, everyMs: 20 } });
  let opened = 0;
  socket.on("open", () => opened++);
  await until(isOpen(socket));
  await sleep(600);
  expect(server.heartbeats).toBeGreaterThan(10);
  expect(opened).toBe(1);
});

test.each(["hang", "refuse", "drop", "slam"] as const)(
  "a server that will %s: tries on, and connects when it is well",
  async (behaviour) => {
    server.behaviour = behaviour;
    const socket = open();
    await until(() => server.attempts.length >= 3, 5000);
    expect(registry.active("socket")).toBe(1);
    server.behaviour = "accept";
    // One that was slammed may look open for a moment.
    let wellSince = Number.POSITIVE_INFINITY;
    await until(() => {
      const well = socket.state === "open" && server.connected === 1;
      wellSince = well ? Math.min(wellSince, performance.now()) : Number.POSITIVE_INFINITY;
      return performance.now() - wellSince > 60;
    }, 5000);
  },
);

test("bytes that are no frames end the connection, and it comes back", async () => {
  const socket = open();
  await until(isOpen(socket));
  server.garble();
  await until(() => socket.state !== "open");
  await until(isOpen(socket));
});

test("after many failures the breaker trips; reconnect() tries at once all the same", async () => {
  server.behaviour = "refuse";
  const socket = open({ breakerFailures: 3, breakerCooldownMs: 60_000 });
  await until(() => socket.state === "tripped");
  const { length } = server.attempts;
  await sleep(200);
  expect(server.attempts).toHaveLength(length);
  server.behaviour = "accept";
  socket.reconnect();
  await until(isOpen(socket));
});

test("the budget holds, whatever happens", async () => {
  server.behaviour = "slam";
  open({ budgetOpens: 5, budgetWindowMs: 1000, backoffBaseMs: 1, backoffCapMs: 1 });
  await sleep(2500);
  const { attempts } = server;
  expect(attempts.length).toBeGreaterThanOrEqual(10);
  for (let i = 5; i < attempts.length; i++)
    expect((attempts[i] ?? 0) - (attempts[i - 5] ?? 0)).toBeGreaterThan(990);
});

test.each([
  ["online", "offline"],
  ["pageshow", "pagehide"],
  ["resume", "freeze"],
] as const)("resumes within 300 ms after %s", async (back, away) => {
  // Not a loopback name for the socket: those need no network, and offline is none of their business.
  const socket = open({ url: server.url.replace("127.0.0.1", "[::ffff:127.0.0.1]") });
  await until(isOpen(socket));
  page.tell(away);
  if (away === "offline") await restart();
  await sleep(100);
  expect(socket.state).toBe("paused");
  expect(server.connected).toBe(0);
  page.tell(back);
  expect(await until(isOpen(socket))).toBeLessThan(300);
});

async function restart(): Promise<void> {
  await server.kill();
  await server.listen();
}

test("resumes within 300 ms when the page is visible again", async () => {
  const socket = open({ backoffBaseMs: 60_000, backoffCapMs: 60_000 });
  await until(isOpen(socket));
  page.tell("hidden");
  await restart();
  await until(() => socket.state === "backoff");
  page.tell("visible");
  expect(await until(isOpen(socket))).toBeLessThan(300);
});

test("another address from the server: the queue goes there", async () => {
  const other = await FaultServer.start();
  try {
    const socket = open({ url: server.url });
    await until(isOpen(socket));
    socket.setURL(other.url);
    socket.send({ n: 1 });
    await until(() => other.received.length === 1);
    await until(() => server.connected === 0);
    expect(socket.url).toBe(other.url);
    expect(() => socket.setURL("not an address")).toThrow(VoicepathError);
    expect(socket.url).toBe(other.url);
  } finally {
    await registry.dispose();
    await other.kill();
  }
});

test("a full queue drops by its policy, and tells", async () => {
  await server.kill();
  const dropped: number[] = [];
  for (const policy of ["oldest", "newest"] as const) {
    const socket = open({ queue: { maxMessages: 2, policy } });
    socket.on("dropped", ({ data, reason }) => {
      if (reason === "overflow") dropped.push((data as Message).n);
    });
    expect([1, 2, 3].map((n) => socket.send({ n }))).toEqual([
      "queued",
      "queued",
      policy === "oldest" ? "queued" : "dropped",
    ]);
  }
  expect(dropped).toEqual([1, 3]);
  const strict = open({ queue: { maxMessages: 1, policy: "error" } });
  strict.send({ n: 1 });
  expect(() => strict.send({ n: 2 })).toThrow(expect.objectContaining({ code: "QUEUE_FULL" }));
});

test("the end: nothing is heard any more, what waits is told, the server sees it close", async () => {
  const socket = open();
  const heard: string[] = [];
  socket.on("message", () => heard.push("message"));
  socket.on("state", ({ state }) => heard.push(state));
  socket.on("dropped", ({ reason }) => heard.push(reason));
  await until(isOpen(socket));
  socket.disconnect();
  socket.send({ n: 1 });
  socket.connect();
  socket.dispose();
  expect(heard).toEqual(["open", "closed", "connecting", "disposed", "closed"]);
  server.broadcast('{"n":1}');
  await until(() => server.connected === 0);
  await sleep(300);
  expect(heard).toHaveLength(5);
  expect(() => socket.send({ n: 2 })).toThrow(expect.objectContaining({ code: "DISPOSED" }));
  expect(() => socket.reconnect()).toThrow(expect.objectContaining({ code: "DISPOSED" }));
  socket.disconnect();
  expect(registry.active("socket")).toBe(0);
});

test("a socket that ends leads no longer, though its scope goes on", async () => {
  const locks = new FakeLocks();
  const platform = { WebSocket, locks } as unknown as Platform;
  const tabs = [1, 2].map(() => Registry.create(session, { platform }));
  const [first, second] = tabs.map((tab) =>
    tab.scope("app").socket({ url: server.url, leader: "app" }),
  );
  await until(() => first?.state === "open");
  expect([second?.state, second?.reason]).toEqual(["paused", "follower"]);
  first?.dispose();
  await until(() => second?.state === "open");
  expect(locks.size).toBe(1);
  expect(tabs[0]?.active("leadership")).toBe(0);
  await Promise.all(tabs.map((tab) => tab.dispose()));
  await until(() => locks.size === 0);
});

test("wrong options are named, and nothing is left behind", () => {
  const used = session.usedBytes;
  for (const options of [
    { url: "" },
    { url: "ftp://example.com" },
    { connectTimeoutMs: 0 },
    { backoffBaseMs: 10, backoffCapMs: 5 },
    { budgetOpens: 65 },
    { heartbeat: { everyMs: -1, message: "ping" } },
    { heartbeat: { everyMs: 10 } },
    { queue: { policy: "all" } },
    { queue: { maxMessages: 0 } },
    { greeting: [{ n: 1 }] },
  ])
    expect(() => open(options as Partial<SocketOptions>), JSON.stringify(options)).toThrow(
      VoicepathError,
    );
  expect(session.usedBytes).toBe(used);
  expect(registry.active("socket")).toBe(0);
});

test("two hundred clients after a restart do not come all at once", {
  timeout: 60_000,
}, async () => {
  const clients = Array.from({ length: 200 }, () => open({ ...DEFAULT_PACE }));
  await until(() => server.connected === 200, 10_000);
  await server.kill();
  await sleep(5000);
  server.opened.length = 0;
  await server.listen();
  const backMs = performance.now();
  await until(() => server.connected === 200, 30_000);
  const seconds = new Map<number, number>();
  for (const timeMs of server.opened) {
    const second = Math.floor((timeMs - backMs) / 1000);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  const lastMs = Math.max(...server.opened) - backMs;
  const peak = Math.max(...seconds.values());
  const mean = 200 / (lastMs / 1000);
  console.log({ peak, mean, lastMs, seconds: [...seconds].sort(([a], [b]) => a - b) });
  expect(peak).toBeLessThanOrEqual(2 * mean);
  await until(() => clients.every(({ state }) => state === "open"));
});

/** The defaults of the library, which {@link FAST} replaces. */
const DEFAULT_PACE = Object.fromEntries(
  Object.keys(FAST).map((key) => [key, undefined]),
) as Partial<SocketOptions>;
