import {
  type OpenSocket,
  RECONNECTING_WEBSOCKET,
  SOCKETS,
  type SocketPeer,
} from "../../peers/sockets";
import { FaultyServer, sleep, until } from "./faults";
import { type Contender, interleave, summarize } from "./rounds";
import type { Suite } from "./suite";

const CLIENTS = 200;
const AWAY_MS = 5000;
/** Opened together in the beginning, which is not measured: Chromium slows down more than that. */
const AT_A_TIME = 8;

/** Runs with a WebSocket that tells of every attempt to connect, by address. */
async function withAttempts<T>(
  use: (attempts: ReadonlyMap<string, number>) => Promise<T>,
): Promise<T> {
  const attempts = new Map<string, number>();
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      attempts.set(this.url, performance.now());
    }
  };
  try {
    return await use(attempts);
  } finally {
    globalThis.WebSocket = Native;
  }
}

/** When each client tried what succeeded, in ms since the server was back, in order. */
function restart(peer: SocketPeer, signal: AbortSignal): Promise<number[]> {
  return withAttempts(async (attempts) => {
    const server = await FaultyServer.start();
    const maker = await peer.load();
    const sockets: OpenSocket[] = [];
    const open = new Set<string>();
    try {
      for (let i = 0; i < CLIENTS; i++) {
        await until(() => open.size > i - AT_A_TIME, "connecting", signal);
        const url = `${server.url}?client=${i}`;
        const opened = (): void => void open.add(url);
        sockets.push(maker.open(url, { opened, lost: () => void open.delete(url) }));
      }
      await until(() => open.size === CLIENTS, "connecting", signal);
      await server.kill();
      await sleep(AWAY_MS);
      await server.listen();
      const backMs = performance.now();
      await until(() => open.size === CLIENTS, "connecting again", signal);
      return [...open]
        .map((url) => Math.max(0, (attempts.get(url) ?? Number.NaN) - backMs))
        .sort((a, b) => a - b);
    } finally {
      for (const socket of sockets) socket.close();
      maker.close();
      await server.end();
    }
  });
}

/** The most in any second. */
function peak(sortedMs: readonly number[]): number {
  let most = 0;
  for (let first = 0, last = 0; last < sortedMs.length; last++) {
    while ((sortedMs[last] ?? 0) - (sortedMs[first] ?? 0) >= 1000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const allBackS = (sortedMs: readonly number[]): number => (sortedMs.at(-1) ?? Number.NaN) / 1000;

/** Those that all come within a second are as even as can be over that second. */
const peakToMean = (sortedMs: readonly number[]): number =>
  peak(sortedMs) / (sortedMs.length / Math.max(1, allBackS(sortedMs)));

export const connectionRestart: Suite = {
  suite: "connection",
  case: "restart-peak",
  peer: RECONNECTING_WEBSOCKET.name,
  title: "A server that restarts",
  about:
    `${CLIENTS} clients, and a server that is away for ${AWAY_MS / 1000} s. The most attempts to ` +
    "connect in any second after it is back; that peak divided by the mean until all are back; and " +
    "how long that takes.",
  async run(context) {
    const returns = new Map<string, (readonly number[])[]>();
    const contenders: Contender[] = SOCKETS.map((peer) => ({
      name: peer.name,
      open: async () => ({
        async round() {
          const sortedMs = await restart(peer, context.signal);
          returns.set(peer.name, [...(returns.get(peer.name) ?? []), sortedMs]);
          return [peak(sortedMs)];
        },
      }),
    }));
    const rounds = { rounds: context.quick ? 1 : 2, warmups: 0 };
    const peaks = await interleave(this, "connects/s", contenders, rounds, context);
    const rows = (name: string, unit: string, of: (sortedMs: readonly number[]) => number) =>
      [...returns].map(([contender, runs]) =>
        summarize({ ...this, case: name }, contender, unit, runs.map(of), runs.length),
      );
    return [
      ...peaks,
      ...rows("restart-peak-to-mean", "× the mean", peakToMean),
      ...rows("restart-all-back", "s", allBackS),
    ];
  },
};
