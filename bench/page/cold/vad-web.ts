/** vad-web's microphone path, from nothing to the first probability. */
import { Silero } from "@ricky0123/vad-web/dist/models";
import { ort } from "@ricky0123/vad-web/dist/real-time-vad";
import { openOfflineContext, playNoise, reportFirstProbability } from "./report";

// As in peers/vad-web.ts, which would bring more code along.
const FILES = "/vad-web/";
const WORKLET = `${FILES}vad.worklet.bundle.min.js`;

/** MicVAD.new() and start(), on a context that needs no microphone and no click. */
void reportFirstProbability(async () => {
  const version = new URLSearchParams(location.search).get("model") ?? "v5";
  ort.env.wasm.wasmPaths = FILES;
  ort.env.wasm.numThreads = 1;
  const model = await Silero.new(ort, async () =>
    (await fetch(`${FILES}silero_vad_${version}.onnx`)).arrayBuffer(),
  );
  const context = openOfflineContext();
  await context.audioWorklet.addModule(WORKLET);
  const node = new AudioWorkletNode(context, "vad-helper-worklet", {
    processorOptions: { frameSamples: 512 },
  });
  const first = new Promise<number>((resolve, reject) => {
    node.port.onmessage = ({ data }: MessageEvent<{ data: ArrayBuffer }>) => {
      model.process(new Float32Array(data.data)).then(({ isSpeech }) => resolve(isSpeech), reject);
    };
  });
  node.connect(context.destination);
  await playNoise(context, node);
  return first;
}, [WORKLET]);
