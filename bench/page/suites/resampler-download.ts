import { LIVE_PEER } from "../../resampler/peer-names";
import { weighDownloads } from "./download";
import { type Suite, VOICEPATH } from "./suite";

const PAGES = {
  [VOICEPATH]: "/size/voicepath-resampler.html",
  [LIVE_PEER]: "/size/libsamplerate.html",
  "@echogarden/speex-resampler-wasm": "/size/speex.html",
};

export const resamplerDownload: Suite = {
  suite: "resampler",
  case: "download-brotli",
  peer: LIVE_PEER,
  title: "What a resampler adds to the download, brotli 11",
  about:
    "A page that converts one block and does nothing else: encoded bodies of its scripts and " +
    "WebAssembly. voicepath's audio.wasm hears speech too.",
  run(context) {
    return weighDownloads(this, PAGES, context);
  },
};
