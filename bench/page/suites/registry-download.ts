import { sessionWasmURL } from "voicepath";
import { DISPOSABLE_STORE, SUBSCRIPTION } from "../../peers/owners";
import { loadColdPage } from "./cold-page";
import { brotliSize, gzipSize } from "./file-size";
import { interleave, summarize } from "./rounds";
import { type Row, type Suite, VOICEPATH } from "./suite";

const PAGES: readonly (readonly [string, string])[] = [
  [VOICEPATH, "/size/voicepath.html"],
  [SUBSCRIPTION.name, "/size/rxjs.html"],
  [DISPOSABLE_STORE.name, "/size/vscode.html"],
];

export const registryDownload: Suite = {
  suite: "registry",
  case: "download-brotli",
  peer: SUBSCRIPTION.name,
  title: "What a registry adds to the download, brotli 11",
  about:
    "A page that owns one thing and nothing else: encoded bodies of its scripts and WebAssembly. " +
    "Then session.wasm alone, with gzip too.",
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
