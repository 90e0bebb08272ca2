/** The floor: a microphone, and a worklet that does nothing. */
import { listening } from "./listening";

const PROCESSOR = `registerProcessor("noop", class extends AudioWorkletProcessor {
  process() { return true; }
});`;

void listening(async () => {
  const context = new AudioContext();
  const url = URL.createObjectURL(new Blob([PROCESSOR], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: {
      channelCount: 1,
      echoCancellation: true,
      autoGainControl: true,
      noiseSuppression: true,
    },
  });
  const node = new AudioWorkletNode(context, "noop", { numberOfOutputs: 0 });
  context.createMediaStreamSource(stream).connect(node);
});
