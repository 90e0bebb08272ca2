import { measureFrameGarbage } from "./garbage";
import { microphones, VADS } from "./subjects";
import { type Suite, VAD_WEB } from "./suite";

export const vadBytesPerFrame: Suite = {
  suite: "vad",
  case: "bytes-per-frame",
  peer: VAD_WEB,
  title: "JavaScript garbage of a frame",
  about:
    "Growth of the JavaScript heap, with the buffers it owns, over eight frames after a collection. " +
    "A speech event and its audio fall into few rounds and so not into the median.",
  run(context) {
    return measureFrameGarbage(this, VADS, context.speech.frames, context);
  },
};

export const vadBytesPerFrame48k: Suite = {
  suite: "vad",
  case: "bytes-per-frame-48k",
  peer: VAD_WEB,
  title: "JavaScript garbage of the microphone path",
  about: "The same for 32 ms of 48 kHz audio in 128-sample blocks.",
  run(context) {
    return measureFrameGarbage(this, microphones(48000), context.speech.blocks48k, context);
  },
};
