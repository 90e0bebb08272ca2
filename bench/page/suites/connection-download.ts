import { PARTYSOCKET, RECONNECTING_WEBSOCKET } from "../../peers/sockets";
import { loadColdPage } from "./cold-page";
import { interleave } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";

const PAGES: readonly (readonly [string, string])[] = [
  [VOICEPATH, "/size/voicepath-socket.html"],
  [RECONNECTING_WEBSOCKET.name, "/size/reconnecting-websocket.html"],
  [PARTYSOCKET.name, "/size/partysocket.html"],
];

export const connectionDownload: Suite = {
  suite: "connection",
  case: "download-brotli",
  peer: RECONNECTING_WEBSOCKET.name,
  title: "What a socket adds to the download, brotli 11",
  about:
    "A page with one socket and nothing else: encoded bodies of its scripts and WebAssembly. " +
    "voicepath's brings the whole registry along.",
  run(context) {
    const contenders = PAGES.map(([name, path]) => ({
      name,
      open: async () => ({
        round: async () => [(await loadColdPage(path, context.signal)).bytes],
      }),
    }));
    return interleave(this, "bytes", contenders, { rounds: 1, warmups: 0 }, context);
  },
};
