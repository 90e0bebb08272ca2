/**
 * A processor whose failures reach the page: the audio thread has no other way to say what happened
 * than a message. It says "ready" when it was made, or "failed", then or later, and ends.
 */
import { VoicepathError } from "../errors.js";
import type { EndedMessage, FailedMessage, ReadyMessage } from "./protocol.js";

export abstract class GuardedProcessor<Command, Message> extends AudioWorkletProcessor {
  /** @param make - builds what the subclass lives on */
  protected open(make: () => void): void {
    this.port.onmessage = ({ data }: MessageEvent<Command>) => this.#guard(() => this.obey(data));
    this.#guard(() => {
      make();
      this.#post({ type: "ready" });
    });
  }

  protected abstract obey(command: Command): void;

  /** Gives all memory back. May be called again. */
  protected abstract close(): void;

  protected send(message: Message, transfer: Transferable[] = []): void {
    this.#post(message, transfer);
  }

  /** What process() returns when there is nothing left to do: it is not called again. */
  protected ended(): false {
    this.#post({ type: "ended" });
    return false;
  }

  /** For process(), which catches by itself: a closure for the guard would be garbage. */
  protected fail(error: unknown): void {
    const code = error instanceof VoicepathError ? error.code : "WORKLET_FAILED";
    this.close();
    this.#post({ type: "failed", code, message: String(error) });
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.fail(error);
    }
  }

  #post(
    message: Message | ReadyMessage | EndedMessage | FailedMessage,
    transfer: Transferable[] = [],
  ): void {
    this.port.postMessage(message, transfer);
  }
}
