/** A page that is measured, and counts for itself what it does. */
import { loadSession, Registry, type Scope } from "voicepath";
import { type Guard, instrument } from "voicepath/instrument";
import { LoopLag, Monitor, pageCollectors, Tabs } from "voicepath/monitor";

const PERIOD_MS = 200;

/** Natives that collectors replace, by name. */
function natives(): Record<string, unknown> {
  const { requestAnimationFrame, cancelAnimationFrame, WebSocket } = window;
  const found: Record<string, unknown> = {
    requestAnimationFrame,
    cancelAnimationFrame,
    WebSocket,
    constructor: WebSocket.prototype.constructor,
  };
  for (const { name, prototype } of [WebGLRenderingContext, WebGL2RenderingContext])
    for (const draw of ["drawArrays", "drawElements", "drawArraysInstanced", "drawRangeElements"])
      found[`${name}.${draw}`] = Reflect.get(prototype, draw);
  return found;
}

/** Before anything was replaced. */
const original = natives();
const session = await loadSession();
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function stayBusy(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

/** Draws three times a frame, in three ways, for as long as it is told. */
class Drawing {
  readonly #gl: WebGL2RenderingContext;
  draws = 0;

  constructor(scope: Scope) {
    const canvas = document.querySelector("canvas");
    const gl = canvas?.getContext("webgl2");
    if (!gl) throw new Error("no WebGL 2");
    this.#gl = gl;
    const objects = scope.gl(gl);
    const program = objects.program().value;
    for (const [type, source] of [
      [gl.VERTEX_SHADER, "void main() { gl_Position = vec4(0, 0, 0, 1); }"],
      [gl.FRAGMENT_SHADER, "void main() { gl_FragColor = vec4(1); }"],
    ] as const) {
      const shader = objects.shader(type).value;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    gl.useProgram(program);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, objects.buffer().value);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint8Array([0, 0, 0]), gl.STATIC_DRAW);
  }

  draw(): void {
    const gl = this.#gl;
    gl.drawArrays(gl.POINTS, 0, 1);
    gl.drawElements(gl.POINTS, 3, gl.UNSIGNED_BYTE, 0);
    gl.drawArraysInstanced(gl.POINTS, 0, 1, 2);
    this.draws += 3;
    if (gl.getError() !== gl.NO_ERROR) throw new Error("a draw call failed");
  }
}

class Observed {
  registry = Registry.create(session);
  app = this.registry.scope("app");
  monitor: Monitor | undefined;
  guard: Guard | undefined;
  /** The page's own counts. */
  frames = 0;
  callbacks = 0;
  drawing: Drawing | undefined;

  begin(locks = true): void {
    const platform = locks ? {} : { locks: undefined };
    this.registry = Registry.create(session, { platform });
    this.app = this.registry.scope("app");
    this.frames = 0;
    this.callbacks = 0;
    this.drawing = undefined;
  }

  async end(): Promise<void> {
    this.guard?.restore();
    await this.registry.dispose();
  }

  measure(): void {
    // More often than by default, for short tests.
    const often = [new Tabs({ everyPeriods: 2 }), new LoopLag({ everyMs: 50 })];
    const collectors = pageCollectors(often);
    this.monitor = Monitor.create(this.registry, { periodMs: PERIOD_MS, collectors });
  }

  /** What evidence says of long scripts. */
  get worstScript(): string {
    const options = { unit: "ms", point: "sum", signal: "longScriptMs" } as const;
    return this.monitor?.series("long-frames/script", options).note ?? "";
  }

  instrument(): void {
    this.guard = instrument(window, { registry: this.registry });
  }

  /** Names of natives that are not what they were. */
  replaced(): string[] {
    return Object.entries(natives())
      .filter(([name, native]) => native !== original[name])
      .map(([name]) => name);
  }

  /** `loops` loops, for so many ms. */
  async animate(loops: number, ms: number): Promise<void> {
    let running = true;
    let lastFrameMs = Number.NaN;
    const loop = (timeMs: number): void => {
      if (timeMs !== lastFrameMs) {
        this.frames++;
        this.drawing?.draw();
      }
      lastFrameMs = timeMs;
      this.callbacks++;
      if (running) requestAnimationFrame(loop);
    };
    for (let i = 0; i < loops; i++) requestAnimationFrame(loop);
    await sleep(ms);
    running = false;
    await sleep(2 * PERIOD_MS);
  }

  draw(): void {
    this.drawing = new Drawing(this.app);
  }

  async beBusy(ms: number): Promise<void> {
    // Its name must be found in long frames.
    requestAnimationFrame(function busyCallback() {
      stayBusy(ms);
    });
    await sleep(2 * ms + 2 * PERIOD_MS);
  }

  async collect(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      globalThis.gc?.();
      await sleep(30);
    }
    await sleep(2 * PERIOD_MS);
  }

  /** Frames that the page has asked the platform for while nothing happened. */
  async idleFrames(ms: number): Promise<number> {
    const native = window.requestAnimationFrame;
    let asked = 0;
    window.requestAnimationFrame = (callback) => {
      asked++;
      return native.call(window, callback);
    };
    this.measure();
    await sleep(ms);
    this.monitor?.dispose();
    window.requestAnimationFrame = native;
    return asked;
  }

  openNative(url: string): Promise<void> {
    return new Promise((resolve) => {
      const socket = new WebSocket(url);
      socket.onopen = () => setTimeout(() => socket.close(), 300);
      socket.onclose = () => resolve();
    });
  }

  connect(url: string): void {
    this.app.socket({
      url,
      json: true,
      heartbeat: {
        everyMs: 100,
        message: { type: "heartbeat" },
        isReply: (message) => (message as { type?: string }).type === "heartbeat-ack",
        timeoutMs: 5000,
      },
    });
  }

  /** Forgets a frame that it asks for; the place is found in the guard's report. */
  forgetFrame(): void {
    requestAnimationFrame(function forgotten() {});
  }

  sites(): string[] {
    return (this.guard?.report() ?? []).map(({ kind, site }) => `${kind} ${site}`);
  }
}

declare global {
  interface Window {
    observed: Observed;
  }
}

window.observed = new Observed();
