import { PARTYSOCKET, RECONNECTING_WEBSOCKET } from "../../peers/sockets";
import { weighDownloads } from "./download";
import { type Suite, VOICEPATH } from "./suite";

const PAGES = {
  [VOICEPATH]: "/size/voicepath-socket.html",
  [RECONNECTING_WEBSOCKET.name]: "/size/reconnecting-websocket.html",
  [PARTYSOCKET.name]: "/size/partysocket.html",
};

export const connectionDownload: Suite = {
  suite: "connection",
  case: "download-brotli",
  peer: RECONNECTING_WEBSOCKET.name,
  title: "What a socket adds to the download, brotli 11",
  about:
    "A page with one socket and nothing else: encoded bodies of its scripts and WebAssembly. " +
    "voicepath's brings the registry and the subtitles along.",
  run(context) {
    return weighDownloads(this, PAGES, context);
  },
};
