/**
 * The audio thread's half of MicNode: blocks in, events out. Bundled into one file without imports.
 *
 * All memory is taken in the constructor; a block without events makes no garbage.
 */
import { Detector } from "../detector.js";
import { VoicepathError } from "../errors.js";
import { VadModel } from "../model.js";
import type { RawSpeechEvent } from "../speech-events.js";
import { AudioModule } from "../wasm.js";
import {
  PROCESSOR_NAME,
  type ProcessorCommand,
  type ProcessorMessage,
  type ProcessorOptions,
} from "./protocol.js";

class MicProcessor extends AudioWorkletProcessor {
  #detector: Detector | undefined;
  #active = false;

  constructor(node: AudioWorkletNodeOptions) {
    super();
    this.port.onmessage = ({ data }: MessageEvent<ProcessorCommand>) =>
      this.#guard(() => this.#obey(data));
    this.#guard(() => {
      const given = node.processorOptions as ProcessorOptions;
      this.#detector = new Detector(
        new AudioModule(given.module),
        "MicNode",
        sampleRate,
        given.config,
        new VadModel(given.modelVersion, given.modelBytes),
        (event) => this.#report(event),
      );
      this.#send({ type: "ready" });
    });
  }

  process([input]: Float32Array[][]): boolean {
    const detector = this.#detector;
    if (!detector) return false;
    const channel = input?.[0];
    // No guard with a closure here: this runs 375 times a second and must make no garbage.
    try {
      if (this.#active && channel) detector.push(channel);
    } catch (error) {
      this.#fail(error);
    }
    return true;
  }

  #obey(command: ProcessorCommand): void {
    const detector = this.#detector;
    if (!detector) return;
    switch (command.type) {
      case "configure":
        detector.configure(command.config);
        break;
      case "listen":
        this.#active = command.active;
        break;
      case "end":
        detector.end();
        break;
      case "reset":
        detector.reset();
        break;
      case "push":
        if (this.#active) detector.pushResampled(command.samples);
        break;
      case "stop":
        this.#stop();
        break;
    }
    if ("request" in command) this.#send({ type: "done", request: command.request });
  }

  #report(event: RawSpeechEvent): void {
    this.#send({ type: "event", event }, event.audio ? [event.audio.buffer] : undefined);
  }

  #send(message: ProcessorMessage, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A message is the only way for an error off the audio thread. */
  #fail(error: unknown): void {
    const code = error instanceof VoicepathError ? error.code : "WORKLET_FAILED";
    this.#stop();
    this.#send({ type: "failed", code, message: String(error) });
  }

  #stop(): void {
    this.#detector?.dispose();
    this.#detector = undefined;
  }
}

registerProcessor(PROCESSOR_NAME, MicProcessor);
