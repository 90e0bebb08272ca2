import { COLD_PAGES, loadColdPage } from "./cold-page";
import { interleave } from "./rounds";
import { type Suite, VAD_WEB } from "./suite";

export const vadDownloadBrotli: Suite = {
  suite: "vad",
  case: "download-brotli",
  peer: VAD_WEB,
  title: "Everything downloaded, brotli 11",
  about:
    "The same pages: encoded bodies of all scripts, WebAssembly, weights and worklets (the HTML, " +
    "which is about the same, is left out).",
  run(context) {
    const contenders = COLD_PAGES.map(([name, path]) => ({
      name,
      open: async () => ({
        round: async () => [(await loadColdPage(path, context.signal)).bytes],
      }),
    }));
    return interleave(this, "bytes", contenders, { rounds: 1, warmups: 0 }, context);
  },
};
