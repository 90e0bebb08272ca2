import { HEARTBEAT_MS, RECONNECTING_WEBSOCKET, VOICEPATH_SOCKET } from "../../peers/sockets";
import { type Link, sleep, until, withLinks } from "./faults";
import { summarize } from "./rounds";
import { type Suite, unmeasured } from "./suite";

const PATIENCE_MS = 15_000;
const ROUNDS = 5;

/** How long a link is thought to be alive after it died; null when that is longer than the patience. */
async function die(link: Link, signal: AbortSignal): Promise<number | null> {
  link.open();
  await until(() => link.isOpen, "connecting", signal);
  // At any place between two heartbeats.
  await sleep(HEARTBEAT_MS * (1 + Math.random()));
  const deadMs = performance.now();
  await link.server.halfOpen();
  const isOver = (): boolean => !link.isOpen || performance.now() > deadMs + PATIENCE_MS;
  await until(isOver, "noticing", signal);
  const noticedMs = link.isOpen ? null : link.lostMs - deadMs;
  link.close();
  await link.server.kill();
  await link.server.listen();
  return noticedMs;
}

export const connectionDeadLink: Suite = {
  suite: "connection",
  case: "dead-link",
  peer: RECONNECTING_WEBSOCKET.name,
  title: "A link that is dead, but not closed",
  about:
    "The server stops to read and to write and closes nothing, as when a cable is cut: the time " +
    `until the socket knows. voicepath asks for a sign of life every ${HEARTBEAT_MS / 1000} s; the ` +
    "others have no heartbeat.",
  run({ signal, progress }) {
    return withLinks(async (links) => {
      let done = 0;
      const measure = async (link: Link) => {
        const samples: number[] = [];
        // Nobody waits 15 s again for what was not noticed in 15 s.
        for (let round = 0; round < ROUNDS; round++) {
          const noticedMs = await die(link, signal);
          if (noticedMs === null) break;
          samples.push(noticedMs);
          if (link.peer === VOICEPATH_SOCKET) await progress(++done, ROUNDS);
        }
        return samples.length > 0
          ? summarize(this, link.peer.name, "ms", samples, samples.length)
          : unmeasured(this, link.peer.name, "ms", `never noticed within ${PATIENCE_MS / 1000} s`);
      };
      return Promise.all(links.map(measure));
    });
  },
};
