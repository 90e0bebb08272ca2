/**
 * Counts what a page opens. Runs inside the page before its own code, so it must not refer to
 * anything outside the function.
 */
export interface Census {
  /** Calls of getUserMedia. */
  asked: number;
  readonly tracks: MediaStreamTrack[];
  readonly contexts: AudioContext[];
  /** Messages from audio threads. */
  messages: number;
  /** When set, getUserMedia waits for it before it hands its stream out. */
  hold: Promise<void> | null;
  liveTracks(): number;
  openContexts(): number;
}

export function installCensus(): void {
  const census: Census = {
    asked: 0,
    tracks: [],
    contexts: [],
    messages: 0,
    hold: null,
    liveTracks: () => census.tracks.filter(({ readyState }) => readyState === "live").length,
    openContexts: () => census.contexts.filter(({ state }) => state !== "closed").length,
  };
  Object.assign(window, { census });
  const { mediaDevices } = navigator;
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    census.asked++;
    const { hold } = census;
    const stream = await getUserMedia(constraints);
    census.tracks.push(...stream.getTracks());
    await hold;
    return stream;
  };
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      census.contexts.push(this);
    }
  };
  window.AudioWorkletNode = class extends AudioWorkletNode {
    constructor(context: BaseAudioContext, name: string, options?: AudioWorkletNodeOptions) {
      super(context, name, options);
      this.port.addEventListener("message", () => census.messages++);
    }
  };
}
