/**
 * The leaks of the table in the facts about the registry, each as a small component with the defect,
 * or without it when it is `fixed`. Nothing here knows of voicepath.
 */
import type { Stage } from "./instrument-stage.js";

export interface Component {
  open(): unknown;
  close(): unknown;
}

export interface LeakClass {
  /** What is left of a cycle: kind, the function that opened it, and how many. */
  readonly leaves: readonly (readonly [kind: string, at: string, count: number])[];
  /** For what ends by itself after a while: only the moment after the cycles counts. */
  readonly settleMs?: 0;
  component(stage: Stage, fixed: boolean): Component;
}

type TimerId = ReturnType<typeof setTimeout>;

const noop = (): void => {};
/** What a leaky page still refers to. */
const kept: unknown[] = [];

function glClass(name: string, at: string): LeakClass {
  const version = at.endsWith("2") ? "webgl2" : "webgl";
  return {
    leaves: [[`gl${name}`, at, 1]],
    component(stage, fixed) {
      const gl = stage[version] as WebGL2RenderingContext;
      const make: Record<string, () => object | null> = {
        [at]: () => {
          if (name === "Shader") return gl.createShader(gl.VERTEX_SHADER);
          const create = gl[`create${name}` as "createBuffer"];
          return create.call(gl);
        },
      };
      let object: object | null | undefined;
      return {
        open() {
          object = make[at]?.();
        },
        close() {
          if (fixed) gl[`delete${name}` as "deleteBuffer"](object as WebGLBuffer);
          else kept.push(object);
        },
      };
    },
  };
}

function observerClass(name: string, observe: () => { disconnect(): void }): LeakClass {
  return {
    leaves: [["observer", name, 1]],
    component(_, fixed) {
      let observer: { disconnect(): void };
      return {
        open() {
          observer = observe();
        },
        close() {
          if (fixed) observer.disconnect();
        },
      };
    },
  };
}

function listenerClass(
  at: string,
  type: string,
  subscribe: (stage: Stage, listener: () => void) => EventTarget,
): LeakClass {
  return {
    leaves: [["listener", at, 1]],
    component(stage, fixed) {
      const listener = (): void => {};
      let target: EventTarget;
      return {
        open() {
          target = subscribe(stage, listener);
        },
        close() {
          if (fixed) target.removeEventListener(type, listener);
        },
      };
    },
  };
}

function timerClass(at: string, delaysMs: readonly number[]): LeakClass {
  return {
    leaves: [["timeout", at, delaysMs.length]],
    settleMs: 0,
    component(_, fixed) {
      const timers: TimerId[] = [];
      const later: Record<string, () => void> = {
        [at]: () => {
          for (const delayMs of delaysMs) timers.push(setTimeout(noop, delayMs));
        },
      };
      return {
        open: () => later[at]?.(),
        close() {
          if (fixed) for (const timer of timers) clearTimeout(timer);
        },
      };
    },
  };
}

export const leakClasses: Readonly<Record<string, LeakClass>> = {
  "a frame loop per model switch": {
    leaves: [["frame", "drawModel", 1]],
    component(_, fixed) {
      let frame = 0;
      function drawModel(): void {
        frame = requestAnimationFrame(drawModel);
      }
      return {
        open: drawModel,
        close() {
          if (fixed) cancelAnimationFrame(frame);
        },
      };
    },
  },
  "an easing that never arrives": {
    leaves: [["frame", "animateEase", 1]],
    component(_, fixed) {
      let scale = 0;
      let frame = 0;
      function animateEase(): void {
        scale += (1.1 - scale) * 0.3;
        const arrived = fixed ? Math.abs(scale - 1.1) < 0.01 : scale > 1.1;
        if (!arrived) frame = requestAnimationFrame(animateEase);
      }
      return {
        open: animateEase,
        close() {
          if (fixed) cancelAnimationFrame(frame);
        },
      };
    },
  },

  "GL buffers of a released model": glClass("Buffer", "createMesh"),
  "textures that are cached and never deleted": glClass("Texture", "loadTexture"),
  framebuffers: glClass("Framebuffer", "createMask"),
  renderbuffers: glClass("Renderbuffer", "createDepth"),
  shaders: glClass("Shader", "compileShader"),
  programs: glClass("Program", "linkProgram"),
  "GL buffers of WebGL 2": glClass("Buffer", "createMesh2"),
  "textures of WebGL 2": glClass("Texture", "loadTexture2"),
  "vertex arrays": glClass("VertexArray", "createLayout2"),
  "a canvas with its context per model": {
    leaves: [["glContext", "createStage", 1]],
    component(_, fixed) {
      const canvas = document.createElement("canvas");
      function createStage(): WebGLRenderingContext | null {
        document.body.append(canvas);
        return canvas.getContext("webgl");
      }
      let gl: WebGLRenderingContext | null = null;
      return {
        open() {
          gl = createStage();
        },
        close() {
          if (!fixed) return;
          gl?.getExtension("WEBGL_lose_context")?.loseContext();
          canvas.remove();
        },
      };
    },
  },

  "a microphone that is started twice": {
    leaves: [
      ["mediaStream", "startMic", 1],
      ["audioContext", "startMic", 1],
    ],
    component(_, fixed) {
      let starting: Promise<void> | undefined;
      let stream: MediaStream | undefined;
      let context: AudioContext | undefined;
      async function startMic(): Promise<void> {
        context = new AudioContext();
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      }
      async function stopMic(): Promise<void> {
        for (const track of stream?.getTracks() ?? []) track.stop();
        await context?.close();
      }
      const press = (): Promise<void> => {
        if (!fixed) return startMic();
        starting ??= startMic();
        return starting;
      };
      return { open: () => Promise.all([press(), press()]), close: stopMic };
    },
  },
  "a VAD provider without clean-up": {
    leaves: [
      ["mediaStream", "mountProvider", 1],
      ["audioContext", "mountProvider", 1],
      ["interval", "mountProvider", 1],
    ],
    component(_, fixed) {
      let unmount: () => unknown = noop;
      async function mountProvider(): Promise<void> {
        const context = new AudioContext();
        const ticker = setInterval(noop, 50);
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        unmount = () => {
          for (const track of stream.getTracks()) track.stop();
          clearInterval(ticker);
          return context.close();
        };
      }
      return {
        open: mountProvider,
        close() {
          if (fixed) return unmount();
        },
      };
    },
  },
  "a camera stream that is overwritten": {
    leaves: [["mediaStream", "startCamera", 1]],
    component(_, fixed) {
      let stream: MediaStream | undefined;
      const stop = (): void => {
        for (const track of stream?.getTracks() ?? []) track.stop();
      };
      async function startCamera(): Promise<void> {
        if (fixed) stop();
        stream = await navigator.mediaDevices.getUserMedia({ video: true });
      }
      return {
        async open() {
          await startCamera();
          await startCamera();
        },
        close: stop,
      };
    },
  },
  "a cloned track that nobody stops": {
    leaves: [["mediaStream", "forkTrack", 1]],
    component(_, fixed) {
      let stream: MediaStream | undefined;
      let fork: MediaStreamTrack | undefined;
      const forkTrack = (track: MediaStreamTrack | undefined): MediaStreamTrack | undefined =>
        track?.clone();
      return {
        async open() {
          stream = await navigator.mediaDevices.getUserMedia({ audio: true });
          fork = forkTrack(stream.getTracks()[0]);
        },
        close() {
          for (const track of stream?.getTracks() ?? []) track.stop();
          if (fixed) fork?.stop();
        },
      };
    },
  },
  "frames that are captured and never closed": {
    leaves: [["imageBitmap", "captureFrame", 1]],
    component(_, fixed) {
      async function captureFrame(): Promise<ImageBitmap> {
        return createImageBitmap(new ImageData(64, 64));
      }
      return {
        async open() {
          const bitmap = await captureFrame();
          if (fixed) bitmap.close();
        },
        close: noop,
      };
    },
  },

  "an untracked timer after new settings": timerClass("updateSettings", [100]),
  "an untracked timer of a model": timerClass("loadModel", [500]),
  "untracked timers of a drawer": timerClass("openDrawer", [100, 100, 100]),
  "untracked timers of a window": timerClass("switchMode", [500, 500]),
  "ten pollers where one would do": {
    leaves: [["timeout", "pollAudio", 10]],
    component(_, fixed) {
      const timers: TimerId[] = [];
      function pollAudio(hook: number): void {
        timers[hook] = setTimeout(pollAudio, 20, hook);
      }
      return {
        open() {
          for (let hook = 0; hook < 10; hook++) pollAudio(hook);
        },
        close() {
          if (fixed) for (const timer of timers) clearTimeout(timer);
        },
      };
    },
  },
  "a poll that cannot be cancelled": {
    leaves: [["timeout", "checkQueue", 1]],
    component(_, fixed) {
      let cancelled = false;
      let timer: TimerId | undefined;
      function waitForCompletion(isDone: () => boolean): Promise<void> {
        return new Promise((resolve) => {
          function checkQueue(): void {
            if (isDone()) resolve();
            else timer = setTimeout(checkQueue, 100);
          }
          checkQueue();
        });
      }
      return {
        open() {
          void waitForCompletion(() => cancelled);
        },
        close() {
          if (!fixed) return;
          cancelled = true;
          clearTimeout(timer);
        },
      };
    },
  },
  "an interval that is never cleared": {
    leaves: [["interval", "startCarousel", 1]],
    component(_, fixed) {
      let timer: TimerId | undefined;
      function startCarousel(): void {
        timer = setInterval(noop, 30);
      }
      return {
        open: startCarousel,
        close() {
          if (fixed) clearInterval(timer);
        },
      };
    },
  },

  "a socket that is never closed": {
    leaves: [["socket", "connect", 1]],
    component(stage, fixed) {
      let socket: WebSocket | undefined;
      function connect(): Promise<unknown> {
        const opening = new WebSocket(stage.socketURL);
        socket = opening;
        return new Promise((resolve) => {
          opening.onopen = resolve;
        });
      }
      return {
        open: connect,
        close() {
          if (fixed) socket?.close();
          else kept.push(socket);
        },
      };
    },
  },
  "an event source that is never closed": {
    leaves: [["socket", "follow", 1]],
    component(stage, fixed) {
      let source: EventSource | undefined;
      function follow(): Promise<unknown> {
        const opening = new EventSource(stage.eventsURL);
        source = opening;
        return new Promise((resolve) => {
          opening.onopen = resolve;
        });
      }
      return {
        open: follow,
        close() {
          // A browser allows six to a host.
          if (fixed) source?.close();
          else kept.push(source);
        },
      };
    },
  },
  "a channel between tabs that is never closed": {
    leaves: [["broadcastChannel", "joinTabs", 1]],
    component(_, fixed) {
      let channel: BroadcastChannel | undefined;
      function joinTabs(): void {
        channel = new BroadcastChannel("tabs");
      }
      return {
        open: joinTabs,
        close() {
          if (fixed) channel?.close();
          else kept.push(channel);
        },
      };
    },
  },
  "old handlers on a socket": listenerClass(
    "attachHandlers",
    "message",
    function attachHandlers({ socket }, listener) {
      socket.addEventListener("message", listener);
      return socket;
    },
  ),
  "effects that subscribe again at every render": {
    leaves: [["listener", "subscribeEffect", 3]],
    component({ bus }, fixed) {
      let unsubscribe = noop;
      function subscribeEffect(): void {
        if (fixed) unsubscribe();
        const receive = (): void => {};
        bus.addEventListener("message", receive);
        unsubscribe = () => bus.removeEventListener("message", receive);
      }
      return {
        open() {
          for (let render = 0; render < 3; render++) subscribeEffect();
        },
        close() {
          if (fixed) unsubscribe();
        },
      };
    },
  },
  "a listener on the window": listenerClass(
    "trackPointer",
    "pointermove",
    function trackPointer(_, listener) {
      window.addEventListener("pointermove", listener);
      return window;
    },
  ),
  "a listener on the document": listenerClass(
    "trackFocus",
    "visibilitychange",
    function trackFocus(_, listener) {
      document.addEventListener("visibilitychange", listener);
      return document;
    },
  ),
  "a listener on the body": listenerClass(
    "makeDraggable",
    "mousedown",
    function makeDraggable(_, listener) {
      document.body.addEventListener("mousedown", listener);
      return document.body;
    },
  ),
  "a listener on a media query": listenerClass(
    "followTheme",
    "change",
    function followTheme(_, listener) {
      const query = matchMedia("(prefers-color-scheme: dark)");
      query.addEventListener("change", listener);
      return query;
    },
  ),
  "a listener on the devices": listenerClass(
    "listDevices",
    "devicechange",
    function listDevices(_, listener) {
      navigator.mediaDevices.addEventListener("devicechange", listener);
      return navigator.mediaDevices;
    },
  ),
  "a listener on an emitter, as of ipc": listenerClass(
    "handleMode",
    "mode",
    function handleMode({ bus }, listener) {
      bus.addEventListener("mode", listener);
      return bus;
    },
  ),

  "sizes that are observed for ever": observerClass("watchSize", function watchSize() {
    const observer = new ResizeObserver(noop);
    observer.observe(document.body);
    return observer;
  }),
  "changes that are observed for ever": observerClass("watchNodes", function watchNodes() {
    const observer = new MutationObserver(noop);
    observer.observe(document.body, { childList: true });
    return observer;
  }),
  "visibility that is observed for ever": observerClass("watchView", function watchView() {
    const observer = new IntersectionObserver(noop);
    observer.observe(document.body);
    return observer;
  }),
  "measures that are observed for ever": observerClass("watchSpeed", function watchSpeed() {
    const observer = new PerformanceObserver(noop);
    observer.observe({ entryTypes: ["measure"] });
    return observer;
  }),

  "an object URL that is never revoked": {
    leaves: [["objectURL", "playClip", 1]],
    component(_, fixed) {
      let url = "";
      function playClip(): void {
        url = URL.createObjectURL(new Blob(["clip"], { type: "audio/wav" }));
      }
      return {
        open: playClip,
        close() {
          if (fixed) URL.revokeObjectURL(url);
        },
      };
    },
  },
  "a worker that is never terminated": {
    leaves: [["worker", "startDecoder", 1]],
    component({ workerURL }, fixed) {
      let worker: Worker | undefined;
      function startDecoder(): void {
        worker = new Worker(workerURL);
      }
      return {
        open: startDecoder,
        close() {
          if (fixed) worker?.terminate();
          else kept.push(worker);
        },
      };
    },
  },
  "a session that is never released": {
    leaves: [["wasmMemory", "createSession", 1]],
    component({ wasm }, fixed) {
      async function createSession(): Promise<WebAssembly.Instance> {
        return WebAssembly.instantiate(wasm);
      }
      return {
        async open() {
          const session = await createSession();
          if (!fixed) kept.push(session);
        },
        close: noop,
      };
    },
  },
  "a memory of its own that is never released": {
    leaves: [["wasmMemory", "createHeap", 1]],
    component(_, fixed) {
      const createHeap = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 2 });
      return {
        open() {
          const heap = createHeap();
          if (!fixed) kept.push(heap);
        },
        close: noop,
      };
    },
  },
};
