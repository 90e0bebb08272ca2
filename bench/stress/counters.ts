/** What is counted after a cycle, where it comes from, and which rise is none. */
import type { BuiltInKind } from "../../js-glue/src/registry/sites.js";

/** What the guard in the page counts, whoever owns it. */
export type GuardKind =
  | Exclude<BuiltInKind, "scope" | "timer" | "task" | "resource" | "leadership">
  | "broadcastChannel"
  | "imageBitmap"
  | "wasmMemory";

/** Of the DevTools protocol. `AudioHandlers` is not among them: it grows on clean pages too. */
export type MetricName =
  | "AudioWorkletProcessors"
  | "Documents"
  | "Frames"
  | "JSEventListeners"
  | "JSHeapUsedSize"
  | "Nodes"
  | "RTCPeerConnections"
  | "WorkerGlobalScopes";

export type CounterUnit = "count" | "bytes" | "kB" | "ms" | "perFrame";

/** `places`: what the guard calls the things whose places tell where it grew. */
export type Source =
  | { readonly from: "guard"; readonly places: GuardKind }
  | {
      readonly from: "page";
      readonly look: "wasmBytes" | "callbacksPerFrame";
      readonly places: GuardKind;
    }
  | { readonly from: "metrics"; readonly metric: MetricName }
  | { readonly from: "cycle" }
  | { readonly from: "log"; readonly count: "total" | "active" };

export interface Counter {
  readonly name: string;
  readonly unit: CounterUnit;
  readonly source: Source;
}

const guarded = (name: string, kind: GuardKind): Counter => ({
  name,
  unit: "count",
  source: { from: "guard", places: kind },
});

const metered = (name: string, metric: MetricName, unit: CounterUnit = "count"): Counter => ({
  name,
  unit,
  source: { from: "metrics", metric },
});

export const HEAP = metered("JS heap", "JSHeapUsedSize", "kB");
export const RESPONSE: Counter = { name: "response", unit: "ms", source: { from: "cycle" } };

export const COUNTERS: readonly Counter[] = [
  RESPONSE,
  HEAP,
  guarded("timeouts", "timeout"),
  guarded("intervals", "interval"),
  guarded("frame requests", "frame"),
  {
    name: "frame callbacks",
    unit: "perFrame",
    source: { from: "page", look: "callbacksPerFrame", places: "frame" },
  },
  guarded("sockets", "socket"),
  guarded("channels", "broadcastChannel"),
  guarded("media streams", "mediaStream"),
  guarded("audio contexts", "audioContext"),
  metered("worklet processors", "AudioWorkletProcessors"),
  guarded("listeners", "listener"),
  metered("listeners in all", "JSEventListeners"),
  guarded("observers", "observer"),
  metered("nodes", "Nodes"),
  metered("documents", "Documents"),
  metered("frames", "Frames"),
  guarded("object URLs", "objectURL"),
  guarded("workers", "worker"),
  metered("worker scopes", "WorkerGlobalScopes"),
  metered("peer connections", "RTCPeerConnections"),
  guarded("GL contexts", "glContext"),
  guarded("GL buffers", "glBuffer"),
  guarded("GL framebuffers", "glFramebuffer"),
  guarded("GL programs", "glProgram"),
  guarded("GL renderbuffers", "glRenderbuffer"),
  guarded("GL shaders", "glShader"),
  guarded("GL textures", "glTexture"),
  guarded("GL vertex arrays", "glVertexArray"),
  guarded("image bitmaps", "imageBitmap"),
  guarded("wasm memories", "wasmMemory"),
  {
    name: "wasm memory",
    unit: "bytes",
    source: { from: "page", look: "wasmBytes", places: "wasmMemory" },
  },
  { name: "server tasks, total", unit: "count", source: { from: "log", count: "total" } },
  { name: "server tasks, active", unit: "count", source: { from: "log", count: "active" } },
];
