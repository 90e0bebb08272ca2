import { RECONNECTING_WEBSOCKET } from "../../peers/sockets";
import { type Link, sleep, until, withLinks } from "./faults";
import { summarize } from "./rounds";
import type { Suite } from "./suite";

const MESSAGES = 1000;
const KILLS = 2;
const MESSAGE_MS = 2;
/** Longer than anything that was sent takes to arrive. */
const QUIET_MS = 500;

interface Fate {
  /** Neither arrived nor reported, or arrived more than once. */
  readonly unaccounted: number;
  /** Did not arrive, reported or not. */
  readonly missing: number;
  /** Arrived, though reported as perhaps lost. */
  readonly doubted: number;
}

/** Numbers from `first` to before `end`, one every two ms, however late the timers are. */
async function send(link: Link, first: number, end: number): Promise<void> {
  const startMs = performance.now();
  for (let n = first; n < end; ) {
    const dueMs = startMs + (n - first) * MESSAGE_MS;
    if (performance.now() >= dueMs) link.send(String(n++));
    else await sleep(1);
  }
}

/** The server is killed in the middle of each part, and back at its end. */
async function sendWhileKilled(link: Link, signal: AbortSignal): Promise<Fate> {
  const received = (await link.server.report()).received.length;
  link.open();
  const part = MESSAGES / KILLS;
  for (let first = 0; first < MESSAGES; first += part) {
    await until(() => link.isOpen, "connecting", signal);
    const sending = send(link, first, first + part);
    await sleep((part / 2) * MESSAGE_MS);
    await link.server.kill();
    await sending;
    await link.server.listen();
  }
  await until(() => link.isOpen, "connecting", signal);
  await sleep(QUIET_MS);
  const arrived = (await link.server.report()).received.slice(received);
  const known = new Set(arrived);
  const missing = MESSAGES - known.size;
  const twice = arrived.length - known.size;
  const doubted = link.dropped.filter((text) => known.has(text)).length;
  for (const text of link.dropped) known.add(text);
  link.close();
  return { unaccounted: MESSAGES - known.size + twice, missing, doubted };
}

export const connectionLostMessages: Suite = {
  suite: "connection",
  case: "lost-messages",
  peer: RECONNECTING_WEBSOCKET.name,
  title: "Messages lost when the server is killed",
  about:
    `${MESSAGES} numbered messages, one every ${MESSAGE_MS} ms; the server is killed ${KILLS} times ` +
    "and back half a second later. Counted are those that neither arrived nor were reported as " +
    "dropped, and those that arrived twice; then those that did not arrive at all, and those that " +
    "did although they were reported: what no heartbeat has confirmed may be lost.",
  run({ quick, signal, progress }) {
    return withLinks(async (links) => {
      const rounds = quick ? 1 : 4;
      const fates: Fate[][] = [];
      for (let round = 0; round < rounds; round++) {
        fates.push(await Promise.all(links.map((link) => sendWhileKilled(link, signal))));
        await progress(round + 1, rounds);
      }
      const rows = (name: string, count: (fate: Fate) => number) =>
        links.map(({ peer }, i) => {
          const samples = fates.map((round) => {
            const fate = round[i];
            return fate ? count(fate) : Number.NaN;
          });
          return summarize({ ...this, case: name }, peer.name, "messages", samples, rounds);
        });
      return [
        ...rows(this.case, ({ unaccounted }) => unaccounted),
        ...rows("missing-messages", ({ missing }) => missing),
        ...rows("doubted-messages", ({ doubted }) => doubted),
      ];
    });
  },
};
