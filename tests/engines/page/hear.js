// What this engine makes of the same speech: the VAD on this thread and in a Worker, and the microphone
// path on the audio thread of an OfflineAudioContext; a session; a turn's subtitles; conversions of
// sample rates; an ONNX file; a monitor. Plain JavaScript, served as it is.
import * as voicepath from "/dist/index.js";
import * as voicepathMonitor from "/dist/monitor/index.js";
import * as voicepathOrt from "/dist/ort/index.js";
import { tellConversions } from "./conversions.js";
import { tellJudgements } from "./judgements.js";
import { tellMonitor } from "./monitor.js";
import { floats, probabilities } from "./probabilities.js";
import { tellSession } from "./session.js";
import { tellTurn } from "./turn.js";

const { MicNode, VadModel } = voicepath;
const ORT = "/node_modules/onnxruntime-web/dist/";

function probabilitiesInWorker() {
  const worker = new Worker("worker.js", { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  }).finally(() => worker.terminate());
}

async function micEvents(model) {
  const speech = await floats("/speech-48k.f32");
  const context = new OfflineAudioContext(1, speech.length, 48000);
  const buffer = context.createBuffer(1, speech.length, 48000);
  buffer.copyToChannel(speech, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  const mic = await MicNode.create(context, { model });
  const events = [];
  for (const type of ["speechstart", "speechrealstart", "speechend", "misfire"])
    mic.on(type, ({ audio, ...event }) =>
      events.push([type, event, audio ? [...new Uint32Array(audio.buffer.slice(0, 4000))] : null]),
    );
  source.connect(mic.node);
  source.start();
  mic.listen(true);
  await mic.reset(); // The processor has heard all this before rendering begins.
  await context.startRendering();
  await mic.end();
  mic.dispose();
  return events;
}

async function hear() {
  return {
    probabilities: await probabilities(),
    inWorker: await probabilitiesInWorker(),
    events: await micEvents(await VadModel.load()),
    session: await tellSession(voicepath),
    turn: await tellTurn(voicepath),
    monitor: await tellMonitor(voicepath, voicepathMonitor),
    conversions: await tellConversions(voicepath),
    judgements: await tellJudgements(
      voicepathOrt,
      {
        model: "/node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx",
        ort: () => import(`${ORT}ort.wasm.min.mjs`),
        wasmPaths: new URL(ORT, location.href).href,
      },
      "Suspending" in WebAssembly,
    ),
  };
}

hear().then(
  (heard) => {
    window.heard = JSON.stringify(heard);
  },
  (error) => {
    window.heard = JSON.stringify({ error: `${error} ${error.cause ?? ""}` });
  },
);
