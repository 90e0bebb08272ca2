/** What a page has from its first moment to its last; made before the guard. */

export interface Stage {
  /** As Electron's ipcRenderer is used: one emitter for the whole application. */
  readonly bus: EventTarget;
  readonly socketURL: string;
  readonly eventsURL: string;
  readonly workerURL: string;
  /** One connection that is open all the time. */
  readonly socket: WebSocket;
  readonly webgl: WebGLRenderingContext;
  readonly webgl2: WebGL2RenderingContext;
  /** One module that is there all the time; its memory grows by calls of `grow`. */
  readonly wasm: WebAssembly.Module;
}

/** (module (memory (export "memory") 1)) */
const WASM = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x01],
  ...[0x07, 0x0a, 0x01, 0x06, ...new TextEncoder().encode("memory"), 0x02, 0x00],
);

function context<T>(name: string): T {
  const found = document.createElement("canvas").getContext(name);
  if (!found) throw new Error(`no ${name}`);
  return found as T;
}

export async function makeStage(port: number): Promise<Stage> {
  const socketURL = `ws://127.0.0.1:${port}/`;
  const socket = new WebSocket(socketURL);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return {
    bus: new EventTarget(),
    socketURL,
    eventsURL: `http://127.0.0.1:${port}/events`,
    workerURL: URL.createObjectURL(new Blob(["onmessage = () => {};"])),
    socket,
    webgl: context("webgl"),
    webgl2: context("webgl2"),
    wasm: new WebAssembly.Module(WASM),
  };
}
