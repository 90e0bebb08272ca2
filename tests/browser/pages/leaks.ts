/**
 * A page that leaks something each time it is opened and closed: `?leak=interval,socket&port=8081`,
 * where a server of WebSockets listens at the port. The leaks that the guard counts are those of
 * instrument-leaks.ts, under the counters of the stress run.
 */
import type { StressHooks } from "../../../bench/stress/hooks.js";
import { type Component, leakClasses } from "./instrument-leaks.js";
import { makeStage, type Stage } from "./instrument-stage.js";

const kept: unknown[] = [];
const nothing = (): void => {};

/** Without a class of its own: only what is left behind by opening it. */
const leaves = (open: () => unknown) => (): Component => ({ open, close: nothing });

function keepRows(): void {
  const list = document.createElement("ul");
  for (let row = 0; row < 5; row++) list.append(document.createElement("li"));
  kept.push(list);
}

function keepHistory(): void {
  kept.push(Array.from({ length: 500 }, (_, i) => ({ text: `message ${i} of ${kept.length}` })));
}

function armTimeout(): void {
  setTimeout(nothing, 3_600_000);
}

function keepListening(): void {
  // On a node outside of the document, where the guard does not count it.
  const node = document.createElement("div");
  for (const type of ["click", "keydown"]) node.addEventListener(type, nothing);
  kept.push(node);
}

const PROCESSOR = `registerProcessor("silence", class extends AudioWorkletProcessor {
  process() { return true; }
});`;
let audio: Promise<AudioContext> | undefined;

async function startAudio(): Promise<AudioContext> {
  const context = new AudioContext();
  const url = URL.createObjectURL(new Blob([PROCESSOR], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
  return context;
}

async function startProcessor(): Promise<void> {
  audio ??= startAudio();
  const context = await audio;
  const node = new AudioWorkletNode(context, "silence");
  node.connect(context.destination);
}

async function keepMemory(): Promise<void> {
  kept.push(new WebAssembly.Memory({ initial: 1 }));
}

/** Closed here, and for ever a task of the backend's. */
function connectOnce({ socketURL }: Stage): Component {
  let socket: WebSocket | undefined;
  return {
    open() {
      const opening = new WebSocket(`${socketURL}task`);
      socket = opening;
      return new Promise((resolve) => {
        opening.onopen = resolve;
      });
    },
    close: () => socket?.close(),
  };
}

const classOf =
  (name: string) =>
  (stage: Stage): Component => {
    const leakClass = leakClasses[name];
    if (!leakClass) throw new Error(`there is no leak class "${name}"`);
    return leakClass.component(stage, false);
  };

const LEAKS: Readonly<Record<string, (stage: Stage) => Component>> = {
  none: leaves(nothing),
  timeout: leaves(armTimeout),
  poll: classOf("a poll that cannot be cancelled"),
  interval: classOf("an interval that is never cleared"),
  frame: classOf("a frame loop per model switch"),
  socket: classOf("a socket that is never closed"),
  channel: classOf("a channel between tabs that is never closed"),
  stream: classOf("a cloned track that nobody stops"),
  microphone: classOf("a microphone that is started twice"),
  listener: classOf("a listener on the window"),
  "detached-listener": leaves(keepListening),
  observer: classOf("sizes that are observed for ever"),
  "object-url": classOf("an object URL that is never revoked"),
  worker: classOf("a worker that is never terminated"),
  "gl-context": classOf("a canvas with its context per model"),
  "gl-buffer": classOf("GL buffers of a released model"),
  "gl-texture": classOf("textures that are cached and never deleted"),
  "gl-framebuffer": classOf("framebuffers"),
  "gl-renderbuffer": classOf("renderbuffers"),
  "gl-shader": classOf("shaders"),
  "gl-program": classOf("programs"),
  "gl-vertex-array": classOf("vertex arrays"),
  "image-bitmap": classOf("frames that are captured and never closed"),
  "wasm-memory": leaves(keepMemory),
  nodes: leaves(keepRows),
  processor: leaves(startProcessor),
  heap: leaves(keepHistory),
  server: connectOnce,
};

const parameters = new URL(location.href).searchParams;
const makers = (parameters.get("leak") ?? "none").split(",").map((name) => {
  const make = LEAKS[name];
  if (!make) throw new Error(`no leak is called ${name}`);
  return make;
});
const stage = makeStage(Number(parameters.get("port")));
let components: readonly Component[] = [];

globalThis.voicepathStress = {
  "open-close": {
    async open() {
      const ready = await stage;
      components = makers.map((make) => make(ready));
      await Promise.all(components.map((component) => component.open()));
    },
    close: () => Promise.all(components.map((component) => component.close())),
  },
} satisfies StressHooks;
