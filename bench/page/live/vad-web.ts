import { MicVAD } from "@ricky0123/vad-web";
import { listening } from "./listening";

const FILES = "/vad-web/";

void listening((heard) =>
  MicVAD.new({
    model: "v5",
    baseAssetPath: FILES,
    onnxWASMBasePath: FILES,
    ortConfig: (ort) => {
      ort.env.wasm.numThreads = 1;
      ort.env.logLevel = "error";
    },
    onSpeechStart: heard,
  }),
);
