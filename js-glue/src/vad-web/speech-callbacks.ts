/** From our events to vad-web's callbacks. */
import type { SpeechEmitter } from "../speech-events.js";
import { type FrameProcessorEvent, Message } from "./message.js";
import type { RealTimeVADCallbacks } from "./real-time-options.js";

/** Calls the callback that belongs to an event. */
export function callBack(callbacks: RealTimeVADCallbacks, event: FrameProcessorEvent): void {
  switch (event.msg) {
    case Message.FrameProcessed:
      void callbacks.onFrameProcessed(event.probs, event.frame);
      break;
    case Message.SpeechStart:
      void callbacks.onSpeechStart();
      break;
    case Message.SpeechRealStart:
      void callbacks.onSpeechRealStart();
      break;
    case Message.VADMisfire:
      void callbacks.onVADMisfire();
      break;
    case Message.SpeechEnd:
      void callbacks.onSpeechEnd(event.audio);
      break;
  }
}

type Speech = Pick<SpeechEmitter, "on">;

/** Passes the events of segments on, in vad-web's form. */
export function forwardSpeech(speech: Speech, handle: (event: FrameProcessorEvent) => void): void {
  speech.on("speechstart", () => handle({ msg: Message.SpeechStart }));
  speech.on("speechrealstart", () => handle({ msg: Message.SpeechRealStart }));
  speech.on("misfire", () => handle({ msg: Message.VADMisfire }));
  speech.on("speechend", ({ audio }) => handle({ msg: Message.SpeechEnd, audio }));
}

/** Passes parts of speech on, until the function it returns is called. */
export function forwardParts(speech: Speech, handle: (audio: Float32Array) => void): () => void {
  return speech.on("speechpart", ({ audio }) => handle(audio));
}

/** Passes every frame on, until the function it returns is called. */
export function forwardFrames(
  speech: Speech,
  handle: (event: FrameProcessorEvent) => void,
): () => void {
  return speech.on("frame", ({ probability, samples }) =>
    handle({
      msg: Message.FrameProcessed,
      probs: { isSpeech: probability, notSpeech: 1 - probability },
      frame: samples,
    }),
  );
}
