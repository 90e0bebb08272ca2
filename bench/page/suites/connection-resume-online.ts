import { RECONNECTING_WEBSOCKET } from "../../peers/sockets";
import { type Link, sleep, until, withLinks } from "./faults";
import { summarize } from "./rounds";
import type { Suite } from "./suite";

const AWAY_MS = 3000;

/** From the online event until each link is open again. */
async function cutAndReturn(links: readonly Link[], signal: AbortSignal): Promise<number[]> {
  for (const link of links) link.open();
  await until(() => links.every(({ isOpen }) => isOpen), "connecting", signal);
  await Promise.all(links.map(({ server }) => server.kill()));
  dispatchEvent(new Event("offline"));
  // Not always the same, or it would always fall on the same place between two attempts.
  await sleep(AWAY_MS * (1 + Math.random()));
  await Promise.all(links.map(({ server }) => server.listen()));
  const onlineMs = performance.now();
  dispatchEvent(new Event("online"));
  await until(() => links.every(({ isOpen }) => isOpen), "connecting again", signal);
  const waits = links.map(({ openedMs }) => Math.max(0, openedMs - onlineMs));
  for (const link of links) link.close();
  return waits;
}

export const connectionResumeOnline: Suite = {
  suite: "connection",
  case: "resume-online",
  peer: RECONNECTING_WEBSOCKET.name,
  title: "Back online",
  about:
    "The server is killed and the page told that it is offline; after three to six seconds the " +
    "server is there and the page told that it is online. The time from that event until the " +
    "socket is open. Who does not listen to it waits for the end of a back-off.",
  run({ quick, signal, progress }) {
    return withLinks(async (links) => {
      const rounds = quick ? 1 : 6;
      const samples: number[][] = [];
      for (let round = 0; round < rounds; round++) {
        samples.push(await cutAndReturn(links, signal));
        await progress(round + 1, rounds);
      }
      return links.map(({ peer }, i) => {
        const own = samples.map((waits) => waits[i] ?? Number.NaN);
        return summarize(this, peer.name, "ms", own, rounds);
      });
    });
  },
};
