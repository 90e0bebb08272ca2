import { sessionWasmURL } from "voicepath";
import { DISPOSABLE_STORE, SUBSCRIPTION } from "../../peers/owners";
import { weighDownloads } from "./download";
import { brotliSize, gzipSize } from "./file-size";
import { summarize } from "./rounds";
import { type Row, type Suite, VOICEPATH } from "./suite";

const PAGES = {
  [VOICEPATH]: "/size/voicepath.html",
  [SUBSCRIPTION.name]: "/size/rxjs.html",
  [DISPOSABLE_STORE.name]: "/size/vscode.html",
};

export const registryDownload: Suite = {
  suite: "registry",
  case: "download-brotli",
  peer: SUBSCRIPTION.name,
  title: "What a registry adds to the download, brotli 11",
  about:
    "A page that owns one thing and nothing else: encoded bodies of its scripts and WebAssembly. " +
    "Then session.wasm alone, with gzip too; subtitles are in it.",
  async run(context) {
    const alone = (name: string, bytes: number): Row =>
      summarize({ ...this, case: name }, VOICEPATH, "bytes", [bytes], 1);
    return [
      ...(await weighDownloads(this, PAGES, context)),
      alone("session-wasm-brotli", await brotliSize(sessionWasmURL())),
      alone("session-wasm-gzip", await gzipSize(sessionWasmURL())),
    ];
  },
};
