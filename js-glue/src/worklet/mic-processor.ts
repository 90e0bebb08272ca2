/**
 * The audio thread's half of MicNode: blocks in, events out. Bundled into one file without imports.
 *
 * All memory is taken in the constructor; a block without events makes no garbage.
 */
import { Detector } from "../detector.js";
import { VadModel } from "../model.js";
import type { RawSpeechEvent } from "../speech-events.js";
import { AudioModule } from "../wasm.js";
import { GuardedProcessor } from "./guarded-processor.js";
import {
  MIC_PROCESSOR,
  type MicCommand,
  type MicMessage,
  type MicProcessorOptions,
} from "./mic-protocol.js";

class MicProcessor extends GuardedProcessor<MicCommand, MicMessage> {
  #detector: Detector | undefined;
  #active = false;

  constructor(node: AudioWorkletNodeOptions) {
    super();
    this.open(() => {
      const given = node.processorOptions as MicProcessorOptions;
      const { model } = given;
      this.#detector = new Detector(
        new AudioModule(given.module),
        "MicNode",
        sampleRate,
        given.config,
        model && new VadModel(model.version, model.bytes),
        (event) => this.#report(event),
      );
    });
  }

  process([input]: Float32Array[][]): boolean {
    const detector = this.#detector;
    if (!detector) return this.ended();
    const channel = input?.[0];
    try {
      if (this.#active && channel) detector.push(channel);
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  protected override obey(command: MicCommand): void {
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
        this.close();
        break;
    }
    if ("request" in command) this.send({ type: "done", request: command.request });
  }

  protected override close(): void {
    this.#detector?.dispose();
    this.#detector = undefined;
  }

  #report(event: RawSpeechEvent): void {
    this.send({ type: "event", event }, event.audio ? [event.audio.buffer] : undefined);
  }
}

registerProcessor(MIC_PROCESSOR, MicProcessor);
