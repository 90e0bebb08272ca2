import asyncifyURL from "voicepath/assets/silero-onnx.asyncify.wasm?url";
import programURL from "voicepath/assets/silero-onnx.wasm?url";
import { summarize } from "./rounds";
import { ORT_WEB, type Suite, VOICEPATH } from "./suite";

const ORT_WASM = "/vad-web/ort-wasm-simd-threaded.wasm";

async function rawSize(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  return (await response.arrayBuffer()).byteLength;
}

export const ortProgramBytes: Suite = {
  suite: "ort",
  case: "program-bytes",
  peer: ORT_WEB,
  title: "What the C API adds to ONNX Runtime",
  about:
    "A whole program, silero_onnx.c with ONNX Runtime’s C API linked in, beside ONNX Runtime’s own " +
    "WebAssembly, which it runs on: raw bytes.",
  async run() {
    const files = [
      [ORT_WEB, ORT_WASM],
      [VOICEPATH, programURL],
      [`${VOICEPATH} asyncify`, asyncifyURL],
    ] as const;
    return Promise.all(
      files.map(async ([contender, url]) =>
        summarize(this, contender, "bytes", [await rawSize(url)], 1),
      ),
    );
  },
};
