/**
 * Runs in the page before its own scripts, and sees what nobody sees from outside: which microphones
 * are open, when it last heard a voice, and when which message was sent.
 */
export interface Sent {
  readonly type: string;
  readonly timeMs: number;
}

export interface FrontendProbe {
  readonly sent: Sent[];
  /** Attempts to open a WebSocket. */
  sockets: number;
  /** Callbacks of animation frames, and the frames that they were for. */
  callbacks: number;
  frames: number;
  /** Tracks that still record. */
  liveTracks(): number;
  /** When the microphone was loud and then no more. Only where it listens. */
  readonly quiet: number[];
}

declare global {
  var frontendProbe: FrontendProbe;
}

export interface ProbeOptions {
  /** Costs a few ms a second; not for what measures the main thread. */
  readonly listens?: boolean;
  /** No frames are drawn, and nothing moves: what that costs would drown what is measured. */
  readonly still?: boolean;
}

export function installProbe({ listens, still }: ProbeOptions): void {
  const LOUD = 0.02;
  /** A third of a second at 48 kHz: a busy main thread looks late, and must miss nothing. */
  const WINDOW_SAMPLES = 16_384;
  const LOOK_MS = 50;
  const PAUSE_MS = 500;
  const tracks: MediaStreamTrack[] = [];
  const probe: FrontendProbe = {
    sent: [],
    sockets: 0,
    callbacks: 0,
    frames: 0,
    liveTracks: () => tracks.filter(({ readyState }) => readyState === "live").length,
    quiet: [],
  };
  globalThis.frontendProbe = probe;

  globalThis.WebSocket = new Proxy(WebSocket, {
    construct(target, args: ConstructorParameters<typeof WebSocket>) {
      probe.sockets++;
      return new target(...args);
    },
  });
  const request = globalThis.requestAnimationFrame.bind(globalThis);
  let latestMs = 0;
  globalThis.requestAnimationFrame = (callback) => {
    if (still) return 0;
    return request((timeMs) => {
      probe.callbacks++;
      if (timeMs !== latestMs) probe.frames++;
      latestMs = timeMs;
      callback(timeMs);
    });
  };
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (data) {
    const type = typeof data === "string" ? /"type":\s*"([^"]+)"/.exec(data)?.[1] : undefined;
    if (type !== undefined) probe.sent.push({ type, timeMs: performance.now() });
    send.call(this, data);
  };

  const watch = (stream: MediaStream): void => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: WINDOW_SAMPLES });
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(WINDOW_SAMPLES);
    let loudMs = 0;
    setInterval(() => {
      const nowMs = performance.now();
      analyser.getFloatTimeDomainData(samples);
      const last = samples.findLastIndex((sample) => Math.abs(sample) > LOUD);
      if (last >= 0) {
        loudMs = nowMs - (1000 * (WINDOW_SAMPLES - 1 - last)) / context.sampleRate;
      } else if (loudMs > 0 && nowMs - loudMs > PAUSE_MS) {
        probe.quiet.push(loudMs);
        loudMs = 0;
      }
    }, LOOK_MS);
  };

  // Absent where the page is not secure.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) return;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    tracks.push(...stream.getTracks());
    if (listens) watch(stream.clone());
    return stream;
  };
}
