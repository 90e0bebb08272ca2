import { sessionWasmURL } from "voicepath";
import { loadColdPage } from "./cold-page";
import { brotliSize, gzipSize } from "./file-size";
import { interleave, summarize } from "./rounds";
import { type Row, type Suite, VOICEPATH } from "./suite";

const PEERS = "unicode-segmenter and css-line-break";

const PAGES: readonly (readonly [string, string])[] = [
  [VOICEPATH, "/size/voicepath-subtitle.html"],
  [PEERS, "/size/subtitle-peers.html"],
];

export const subtitleDownload: Suite = {
  suite: "subtitle",
  case: "download-brotli",
  peer: PEERS,
  title: "What subtitles add to the download, brotli 11",
  about:
    "A page that shows one cue and nothing else: encoded bodies of its scripts and WebAssembly. The " +
    "peers find clusters and line breaks; what is done with them is left to the application. Then " +
    "session.wasm alone, in which the registry and sockets are too.",
  async run(context) {
    const contenders = PAGES.map(([name, path]) => ({
      name,
      open: async () => ({
        round: async () => [(await loadColdPage(path, context.signal)).bytes],
      }),
    }));
    const once = { rounds: 1, warmups: 0 };
    const pages = await interleave(this, "bytes", contenders, once, context);
    const alone = (name: string, bytes: number): Row =>
      summarize({ ...this, case: name }, VOICEPATH, "bytes", [bytes], 1);
    return [
      ...pages,
      alone("session-wasm-brotli", await brotliSize(sessionWasmURL())),
      alone("session-wasm-gzip", await gzipSize(sessionWasmURL())),
    ];
  },
};
