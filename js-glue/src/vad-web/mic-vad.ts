import { definedOnly } from "../defined-only.js";
import { reportUncaught } from "../emitter.js";
import { VoicepathError } from "../errors.js";
import { endpointOptions } from "../speech-options.js";
import { abortable } from "./abortable.js";
import { type FrameProcessorUpdate, mergeFrameOptions } from "./frame-options.js";
import type { FrameProcessorEvent } from "./message.js";
import {
  type CompleteOptions,
  completeOptions,
  type MicVADCallbacks,
  type RealTimeVADCallbacks,
  type RealTimeVADOptions,
  requireFunctions,
  requireSpeechOptions,
  stopTracks,
  wantsFrames,
} from "./real-time-options.js";
import { callBack, forwardFrames, forwardParts, forwardSpeech } from "./speech-callbacks.js";
import { SpeechGraph } from "./speech-graph.js";
import { loadSpeechFiles, type SpeechFiles } from "./speech-input.js";

/** What {@link MicVAD.setOptions} changes. */
export type MicVADUpdate = FrameProcessorUpdate & Partial<RealTimeVADCallbacks> & MicVADCallbacks;

/** Why a start ends without listening: a pause or the end came first. No error to anybody. */
const OVERTAKEN = Symbol("overtaken");

/** A stream that is heard, until closed. */
interface Microphone {
  readonly stream: MediaStream;
  readonly source: MediaStreamAudioSourceNode;
  /** Aborted when the stream is no longer ours to watch. */
  readonly watch: AbortController;
}

/**
 * The microphone's speech, with vad-web's interface.
 *
 * ```ts
 * const vad = await MicVAD.new({ onSpeechEnd: (audio) => transcribe(audio) });
 * await vad.pause(); // the microphone is off
 * await vad.start();
 * await vad.destroy();
 * ```
 *
 * Why no microphone stays on: only `#open`, `#close` and `#release` touch streams and graphs, and
 * they run one at a time, in the order of the calls. `pause`, `destroy` and a failure abort the
 * signal of every start before them, so a start that waits ends at once, and what it waited for is
 * released on arrival; then they close what is open.
 */
export class MicVAD {
  /** With all defaults filled in. Callbacks may be replaced; use `setOptions` for the rest. */
  options: RealTimeVADOptions;
  /** Whether the microphone is open and heard. */
  listening = false;
  /** What went wrong last; a start that succeeds clears it. */
  errored: string | null = null;

  readonly #complete: CompleteOptions;
  readonly #files: SpeechFiles;
  #graph: SpeechGraph | null = null;
  #microphone: Microphone | null = null;
  /** What `resumeStream` is given. */
  #pausedStream: MediaStream | null = null;
  #stopFrames: (() => void) | undefined;
  #stopVoice: (() => void) | undefined;
  #stopParts: (() => void) | undefined;
  #voiced = false;

  /** The operation under way and those behind it. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Aborted by what comes after the starts it belongs to. */
  #overtaking = new AbortController();
  #starting: Promise<void> | null = null;
  #failing = false;
  #destroying: Promise<void> | null = null;

  private constructor(options: CompleteOptions, files: SpeechFiles) {
    this.options = options;
    this.#complete = options;
    this.#files = files;
    options.signal?.addEventListener("abort", this.#destroyOnAbort, { once: true });
  }

  /**
   * Loads the files and, unless `startOnLoad` is false, starts. Nothing is left open when it throws.
   *
   * @throws VoicepathError OPTION, ASSET_MISSING, ASSET_HTML, WASM_INVALID, WASM_NO_SIMD, with
   *   legacy ORT_MISSING; what {@link start} throws; the signal's reason when aborted
   */
  static async new(options: Partial<RealTimeVADOptions> = {}): Promise<MicVAD> {
    const complete = completeOptions(options);
    const { signal, startOnLoad } = complete;
    signal?.throwIfAborted();
    const vad = new MicVAD(complete, await loadSpeechFiles(complete));
    try {
      signal?.throwIfAborted();
      if (startOnLoad) await vad.start();
      signal?.throwIfAborted();
      return vad;
    } catch (error) {
      await vad.destroy();
      throw error;
    }
  }

  /**
   * Opens the microphone and listens. Calls while a start is under way share it; when listening
   * already, nothing happens. A `pause` or `destroy` meanwhile wins: the promise resolves, and the
   * microphone is off.
   *
   * @throws what `getStream` or `resumeStream` throws; VoicepathError MICROPHONE when the stream has no
   *   live audio track, CONTEXT_UNUSABLE, WORKLET_FAILED, MODEL_MISMATCH, VP_E_WEIGHTS_*, with legacy
   *   ORT_*; DISPOSED after `destroy`. All but the last set `errored`, leave nothing open, and may be tried again.
   */
  start = (): Promise<void> => {
    if (this.#destroying)
      return Promise.reject(new VoicepathError("DISPOSED", "this MicVAD was destroyed"));
    if (this.#starting) return this.#starting;
    const { signal } = this.#overtaking;
    const starting = this.#enqueue(() => this.#open(signal)).finally(() => {
      if (this.#starting === starting) this.#starting = null;
    });
    this.#starting = starting;
    return starting;
  };

  /**
   * Releases the microphone by `pauseStream`. Then a segment under way ends with its event when
   * `submitUserSpeechOnPause` is set, else it is forgotten.
   *
   * @throws what `pauseStream` throws; the tracks are stopped then
   */
  pause = (): Promise<void> => {
    this.#overtake(OVERTAKEN);
    return this.#enqueue(() => this.#close());
  };

  /**
   * Pauses, and gives everything back. Harmless when repeated or when nothing was started.
   *
   * @throws what `pauseStream` throws; the tracks are stopped then
   */
  destroy = (): Promise<void> => {
    if (!this.#destroying) {
      this.#complete.signal?.removeEventListener("abort", this.#destroyOnAbort);
      this.#overtake(OVERTAKEN);
      this.#destroying = this.#enqueue(async () => {
        try {
          await this.#close();
        } finally {
          await this.#release();
        }
      });
    }
    return this.#destroying;
  };

  /**
   * Changes thresholds, timings and callbacks, from the next frame on.
   *
   * @throws VoicepathError OPTION; nothing is changed then
   */
  setOptions = (update: MicVADUpdate): void => {
    const {
      onFrameProcessed,
      onVADMisfire,
      onSpeechStart,
      onSpeechEnd,
      onSpeechRealStart,
      onError,
      onVoiceChange,
      onSpeechPart,
    } = update;
    const next: RealTimeVADOptions = {
      ...mergeFrameOptions(this.options, update, this.#complete.model),
      ...definedOnly({
        onFrameProcessed,
        onVADMisfire,
        onSpeechStart,
        onSpeechEnd,
        onSpeechRealStart,
        onError,
        onVoiceChange,
        onSpeechPart,
      }),
    };
    requireFunctions(next);
    requireSpeechOptions(next);
    const graph = this.#failing ? null : this.#graph;
    graph?.input.setOptions(endpointOptions(next));
    Object.assign(this.options, next);
    if (graph) this.#subscribe(graph);
  };

  /** Judges 16 kHz samples as if the microphone had heard them; does nothing unless listening. */
  processFrame = async (frame: Float32Array): Promise<void> => {
    if (this.listening) await this.#graph?.input.push(frame);
  };

  /** Calls the callback that belongs to an event; every event passes here. */
  handleFrameProcessorEvent = (event: FrameProcessorEvent): void => {
    callBack(this.options, event);
  };

  /** Sets `errored`. */
  setErrored = (error: string): void => {
    this.errored = error;
  };

  readonly #destroyOnAbort = (): void => {
    this.destroy().catch(reportUncaught);
  };

  /** Runs after everything asked before, whether that succeeded or not. */
  #enqueue(operation: () => Promise<void>): Promise<void> {
    const run = this.#queue.then(operation);
    this.#queue = run.catch(() => {});
    return run;
  }

  /** Ends the starts so far; the caller then enqueues what closes. */
  #overtake(reason: unknown): void {
    this.listening = false;
    this.#starting = null;
    this.#overtaking.abort(reason);
    this.#overtaking = new AbortController();
  }

  async #open(signal: AbortSignal): Promise<void> {
    if (this.#microphone) return;
    try {
      signal.throwIfAborted();
      const stream = await this.#openStream(signal);
      try {
        signal.throwIfAborted();
        this.#graph ??= await this.#openGraph(signal);
        signal.throwIfAborted();
        // From here on nothing is waited for.
        this.#listen(this.#graph, stream);
      } catch (error) {
        await this.#releaseStream(stream);
        throw error;
      }
    } catch (error) {
      if (signal.reason === OVERTAKEN) return;
      this.setErrored(error instanceof Error ? error.message : String(error));
      await this.#release();
      throw error;
    }
  }

  #openStream(signal: AbortSignal): Promise<MediaStream> {
    const paused = this.#pausedStream;
    const { getStream, resumeStream } = this.options;
    const opened = async (): Promise<MediaStream> => (paused ? resumeStream(paused) : getStream());
    return abortable(opened(), signal, (stream) => void this.#releaseStream(stream));
  }

  async #openGraph(signal: AbortSignal): Promise<SpeechGraph> {
    const options: CompleteOptions = { ...this.options, model: this.#complete.model };
    const graph = await SpeechGraph.open(options, this.#files, this.#fail, signal);
    forwardSpeech(graph.input, this.#handle);
    return graph;
  }

  #listen(graph: SpeechGraph, stream: MediaStream): void {
    const tracks = stream.getAudioTracks().filter(({ readyState }) => readyState === "live");
    if (tracks.length === 0)
      throw new VoicepathError("MICROPHONE", "the stream has no live audio track");
    const watch = new AbortController();
    this.#subscribe(graph);
    graph.input.listen(true);
    const source = graph.connect(stream);
    this.#microphone = { stream, source, watch };
    for (const track of tracks)
      track.addEventListener("ended", () => this.#fail(deviceGone(track)), {
        signal: watch.signal,
      });
    graph.wake();
    this.listening = true;
    this.errored = null;
  }

  /** Frames, voice changes and parts are reported only while someone wants them. */
  #subscribe({ input }: SpeechGraph): void {
    this.#stopFrames?.();
    this.#stopFrames = wantsFrames(this.options) ? forwardFrames(input, this.#handle) : undefined;
    this.#stopVoice?.();
    this.#stopVoice = this.options.onVoiceChange
      ? input.on("voice", ({ active }) => this.#setVoiced(active))
      : undefined;
    // Never off and on again: what a segment has in between would be in no part.
    if (this.options.onSpeechPart) {
      this.#stopParts ??= forwardParts(input, (audio) => this.options.onSpeechPart?.(audio));
    } else {
      this.#stopParts?.();
      this.#stopParts = undefined;
    }
  }

  /** Looked up at every event, because an application may replace the method. */
  readonly #handle = (event: FrameProcessorEvent): void => this.handleFrameProcessorEvent(event);

  #setVoiced(voiced: boolean): void {
    if (voiced === this.#voiced) return;
    this.#voiced = voiced;
    try {
      this.options.onVoiceChange?.(voiced);
    } catch (error) {
      reportUncaught(error);
    }
  }

  /** vad-web's order: the stream, then the segment. */
  async #close(): Promise<void> {
    const microphone = this.#microphone;
    const graph = this.#graph;
    if (microphone && graph)
      try {
        await this.#closeMicrophone(microphone);
      } finally {
        await graph.finish(this.options.submitUserSpeechOnPause ? "end" : "reset");
        this.#setVoiced(false);
      }
    graph?.rest();
  }

  async #closeMicrophone({ stream, source, watch }: Microphone): Promise<void> {
    watch.abort();
    this.#microphone = null;
    this.#pausedStream = stream;
    try {
      await this.options.pauseStream(stream);
    } catch (error) {
      stopTracks(stream);
      throw error;
    } finally {
      source.disconnect();
    }
  }

  /** For a stream that is not listened to, or no longer. */
  async #releaseStream(stream: MediaStream): Promise<void> {
    try {
      await this.options.pauseStream(stream);
    } catch (error) {
      stopTracks(stream);
      reportUncaught(error);
    }
  }

  /** Gives everything back, without the events of a segment under way. */
  async #release(): Promise<void> {
    const microphone = this.#microphone;
    const graph = this.#graph;
    if (microphone) await this.#closeMicrophone(microphone).catch(reportUncaught);
    this.#pausedStream = null;
    this.#graph = null;
    this.#stopFrames = undefined;
    this.#stopVoice = undefined;
    this.#stopParts = undefined;
    await graph?.close();
    this.#setVoiced(false);
  }

  /** Something broke that was working. */
  readonly #fail = (error: VoicepathError): void => {
    if (this.#failing || this.#destroying) return;
    this.#failing = true;
    this.#overtake(error);
    this.setErrored(error.message);
    const released = this.#enqueue(async () => {
      await this.#release();
      this.#failing = false;
    });
    released.then(() => this.options.onError?.(error)).catch(reportUncaught);
  };
}

function deviceGone(track: MediaStreamTrack): VoicepathError {
  return new VoicepathError("MICROPHONE", `${track.label || "the microphone"} is gone`);
}
