/** A page that closes all it opens, half of it by itself and half of it through a scope. */
import type { Registry, Scope } from "voicepath";
import type { Stage } from "./instrument-stage.js";

const noop = (): void => {};

/** Native, one after the other. */
export async function cleanCycle(stage: Stage, cycle: number): Promise<void> {
  const { bus, socket, socketURL, webgl2: gl, workerURL } = stage;
  const timer = setTimeout(noop, 10_000);
  const interval = setInterval(noop, 5);
  let frame = requestAnimationFrame(function draw() {
    frame = requestAnimationFrame(draw);
  });
  const life = new AbortController();
  const { signal } = life;
  const theme = matchMedia("(prefers-color-scheme: dark)");
  for (const target of [window, document, document.body, bus, socket, theme]) {
    target.addEventListener("voicepath-test", noop);
    target.addEventListener("voicepath-test", noop);
    target.addEventListener("voicepath-test", () => {}, { signal });
    target.addEventListener("voicepath-test", () => {}, { once: true, capture: true });
    target.dispatchEvent(new Event("voicepath-test"));
  }
  // These go with their targets.
  const row = document.createElement("div");
  document.body.append(row);
  row.addEventListener("click", () => {});
  row.append(document.createElement("button"));
  row.firstElementChild?.addEventListener("click", () => {});
  new ResizeObserver(noop).observe(row);
  new MutationObserver(noop).observe(row, { childList: true });
  new AbortController().signal.addEventListener("abort", () => {});
  new MessageChannel().port1.addEventListener("message", () => {});
  new EventTarget().addEventListener("change", () => {});
  const request = new XMLHttpRequest();
  for (const type of ["load", "error"]) request.addEventListener(type, () => {});

  const connection = new WebSocket(socketURL);
  connection.addEventListener("message", () => {});
  const view = new IntersectionObserver(noop);
  view.observe(document.body);
  view.observe(row);
  const speed = new PerformanceObserver(noop);
  speed.observe({ entryTypes: ["measure"] });
  const url = URL.createObjectURL(new Blob(["clip"]));
  const worker = new Worker(workerURL);
  const canvas = document.createElement("canvas");
  canvas.getContext("2d");
  const [buffer, texture] = [gl.createBuffer(), gl.createTexture()];
  const shader = gl.createShader(gl.VERTEX_SHADER);
  const bitmap = await createImageBitmap(new ImageData(8, 8));
  const given = await createImageBitmap(new ImageData(8, 8));
  worker.postMessage(given, [given]);
  const context = new AudioContext();
  context.addEventListener("statechange", () => {});
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const clone = stream.clone();
  clone.getAudioTracks()[0]?.addEventListener("ended", () => {});
  if (cycle % 4 === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
  await new Promise((resolve) => setTimeout(resolve, 1));

  for (const track of [...stream.getTracks(), ...clone.getTracks()]) track.stop();
  await context.close();
  bitmap.close();
  gl.deleteBuffer(buffer);
  gl.deleteTexture(texture);
  gl.deleteShader(shader);
  worker.terminate();
  URL.revokeObjectURL(url);
  speed.disconnect();
  view.unobserve(row);
  view.unobserve(document.body);
  connection.close();
  row.remove();
  life.abort();
  for (const target of [window, document, document.body, bus, socket, theme])
    target.removeEventListener("voicepath-test", noop);
  cancelAnimationFrame(frame);
  clearInterval(interval);
  clearTimeout(timer);
}

/** The same kinds through a scope; some were opened before the scope took them over. */
export async function cleanScopeCycle(registry: Registry, stage: Stage): Promise<void> {
  const { bus, socketURL, webgl, workerURL } = stage;
  const scope = registry.scope("cycle");
  openInScope(scope, stage);
  const early = new AudioContext();
  scope.audioContext(early);
  scope.adopt(new WebSocket(socketURL), (socket) => socket.close(), { kind: "socket" });
  scope.adopt(new Worker(workerURL), (worker) => worker.terminate(), { kind: "worker" });
  scope.gl(webgl).buffer();
  scope.listen(bus, "message", noop);
  await scope.mediaStream({ audio: true });
  // Asks after a while, when nobody can tell any more who does.
  await scope.acquire(
    "mediaStream",
    async () => {
      await Promise.resolve();
      return navigator.mediaDevices.getUserMedia({ audio: true });
    },
    (stream) => {
      for (const track of stream.getTracks()) track.stop();
    },
  );
  const { errors, late } = await scope.dispose();
  if (errors || late.length > 0) throw errors ?? new Error("late");
}

/** Opens one of everything that a scope has a word for. */
export function openInScope(scope: Scope, { webgl, workerURL }: Stage): void {
  scope.timeout(noop, 10_000);
  scope.interval(noop, 1000);
  scope.raf(noop);
  scope.listen(window, "resize", noop);
  scope.observe(new ResizeObserver(noop), document.body);
  scope.audioContext();
  scope.worker(workerURL);
  scope.objectURL(new Blob());
  scope.gl(webgl).texture();
}
