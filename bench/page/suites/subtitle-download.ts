import { weighDownloads } from "./download";
import { gzipSize } from "./file-size";
import { summarize } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";

const PEERS = "unicode-segmenter and css-line-break";

const PAGES = {
  [VOICEPATH]: "/size/voicepath-subtitle.html",
  [PEERS]: "/size/subtitle-peers.html",
};

export const subtitleDownload: Suite = {
  suite: "subtitle",
  case: "download-brotli",
  peer: PEERS,
  title: "What subtitles add to the download, brotli 11",
  about:
    "A page that shows one cue and nothing else: encoded bodies of its scripts and WebAssembly. The " +
    "peers find clusters and line breaks; what is done with them is left to the application. Then what " +
    "subtitles are of session.wasm, by gzip.",
  async run(context) {
    const pages = await weighDownloads(this, PAGES, context);
    const bytes = await gzipSize(new URL("/subtitle/subtitle_part.wasm", location.href));
    const half = { ...this, case: "wasm-half-gzip" };
    return [...pages, summarize(half, VOICEPATH, "bytes", [bytes], 1)];
  },
};
