import { closeContext } from "../closing-context.js";
import { VoicepathError } from "../errors.js";
import { abortable } from "./abortable.js";
import type { CompleteOptions } from "./real-time-options.js";
import { createSpeechInput, type SpeechFiles, type SpeechInput } from "./speech-input.js";

function makeContext(): AudioContext {
  try {
    // At the device's own rate: Firefox rejects a microphone whose rate is another one.
    return new AudioContext();
  } catch (cause) {
    throw new VoicepathError("CONTEXT_UNUSABLE", "the browser gives no AudioContext", { cause });
  }
}

/**
 * The AudioContext of a MicVAD with the node that hears. It outlives pauses. An application's own
 * context is used and left; one made here is suspended meanwhile and closed at the end.
 */
export class SpeechGraph {
  readonly context: AudioContext;
  readonly #owned: boolean;
  readonly #onFailure: (error: VoicepathError) => void;
  #input: SpeechInput | undefined;

  private constructor(given: AudioContext | undefined, onFailure: SpeechGraph["fail"]) {
    this.context = given ?? makeContext();
    this.#owned = given === undefined;
    this.#onFailure = onFailure;
    this.context.addEventListener("statechange", this.#watch);
  }

  /**
   * Nothing is left open when it throws, or when `signal` aborts.
   *
   * @param onFailure - told once, when the context is closed by someone else or the audio thread fails
   * @throws VoicepathError CONTEXT_UNUSABLE, WORKLET_FAILED, MODEL_MISMATCH, VP_E_*
   */
  static async open(
    options: CompleteOptions,
    files: SpeechFiles,
    onFailure: (error: VoicepathError) => void,
    signal: AbortSignal,
  ): Promise<SpeechGraph> {
    const graph = new SpeechGraph(options.audioContext, onFailure);
    try {
      graph.wake();
      const work = createSpeechInput(graph.context, options, files, graph.fail);
      graph.#input = await abortable(work, signal, (input) => input.dispose());
      signal.throwIfAborted();
      return graph;
    } catch (error) {
      await graph.close();
      throw error;
    }
  }

  /** @throws VoicepathError DISPOSED */
  get input(): SpeechInput {
    if (!this.#input) throw new VoicepathError("DISPOSED", "this graph was closed");
    return this.#input;
  }

  /** @throws the browser's error when the stream has no audio */
  connect(stream: MediaStream): MediaStreamAudioSourceNode {
    const source = this.context.createMediaStreamSource(stream);
    source.connect(this.input.node);
    return source;
  }

  /**
   * Not waited for: without a user's gesture, a browser lets the promise wait for the first one, and
   * the context runs from then on.
   */
  wake(): void {
    if (this.context.state !== "running") this.context.resume().catch(() => {});
  }

  /**
   * Ends the stream with its events, or forgets it. Waits only as long as the audio thread runs; the
   * order of what is asked holds in any case.
   */
  async finish(how: "end" | "reset"): Promise<void> {
    if (this.input.disposed) return;
    this.input.listen(false);
    const done = how === "end" ? this.input.end() : this.input.reset();
    if (this.context.state !== "running") return;
    const waiting = new AbortController();
    const stopped = new Promise<void>((resolve) => {
      this.context.addEventListener("statechange", () => resolve(), { signal: waiting.signal });
    });
    await Promise.race([done, stopped]);
    waiting.abort();
  }

  /** Lets an own context sleep. */
  rest(): void {
    if (this.#owned) this.context.suspend().catch(() => {});
  }

  /** Harmless when repeated. */
  async close(): Promise<void> {
    this.context.removeEventListener("statechange", this.#watch);
    this.#input?.dispose();
    this.#input = undefined;
    // Rejects only when it is being closed already.
    if (this.#owned) await closeContext(this.context, { wake: true }).catch(() => {});
  }

  readonly fail = (error: VoicepathError): void => {
    this.context.removeEventListener("statechange", this.#watch);
    this.#onFailure(error);
  };

  readonly #watch = (): void => {
    if (this.context.state === "closed")
      this.fail(new VoicepathError("CONTEXT_UNUSABLE", "the AudioContext was closed"));
  };
}
