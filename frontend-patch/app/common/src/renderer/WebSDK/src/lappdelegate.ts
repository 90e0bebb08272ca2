/** The stage: a canvas, its frames, and where the pointer is. */
import { Camera, Renderer } from "ogl";
import { CurrentKScale, FramesPerSecond, MostPixelRatio } from "./lappdefine";
import { LAppLive2DManager } from "./lapplive2dmanager";

/** Screens are not punctual: this much of the time between two frames will do. */
const SOON = 0.9;
/** A frame that came late moves the figure no further than this. */
const LONGEST_FRAME_S = 0.1;
/** What is seen of the figure: its highest and lowest, and how wide it is. */
const TOP = 1.25;
const BOTTOM = -1.9;
const WIDTH = 2.1;

export class LAppDelegate {
  static #instance: LAppDelegate | undefined;
  #renderer: Renderer | undefined;
  readonly #pointer = { x: 0, y: 0 };

  static getInstance(): LAppDelegate {
    LAppDelegate.#instance ??= new LAppDelegate();
    return LAppDelegate.#instance;
  }

  static releaseInstance(): void {
    LAppDelegate.#instance = undefined;
  }

  /** @returns whether there is a canvas to draw on */
  initialize(): boolean {
    const canvas = document.getElementById("canvas");
    if (!(canvas instanceof HTMLCanvasElement)) return false;
    if (this.#renderer?.gl.canvas !== canvas) this.#open(canvas);
    if (this.#renderer) LAppLive2DManager.getInstance().load(this.#renderer.gl);
    return true;
  }

  run(): void {
    let lastMs = performance.now();
    // Defect: each model begins another loop, and none of them ends before the page does.
    const frame = (nowMs: number): void => {
      if (LAppDelegate.#instance !== this) return;
      requestAnimationFrame(frame);
      const deltaS = (nowMs - lastMs) / 1000;
      if (deltaS < SOON / FramesPerSecond) return;
      lastMs = nowMs;
      this.#draw(nowMs / 1000, Math.min(LONGEST_FRAME_S, deltaS));
    };
    requestAnimationFrame(frame);
  }

  #open(canvas: HTMLCanvasElement): void {
    this.#renderer = new Renderer({
      canvas,
      alpha: true,
      premultipliedAlpha: true,
      depth: false,
      dpr: Math.min(window.devicePixelRatio, MostPixelRatio),
    });
    // The style sheet says how large the canvas is.
    canvas.removeAttribute("style");
    window.addEventListener("pointermove", ({ clientX, clientY }) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      this.#pointer.x = (clientX - left - width / 2) / window.innerWidth;
      this.#pointer.y = (top + height / 2 - clientY) / window.innerHeight;
    });
  }

  #draw(timeS: number, deltaS: number): void {
    const renderer = this.#renderer;
    const model = LAppLive2DManager.getInstance().getModel(0);
    if (!renderer || !model) return;
    model.update(timeS, deltaS, this.#pointer);
    renderer.render({
      scene: model.scene,
      camera: this.#camera(renderer),
      sort: false,
      frustumCull: false,
    });
  }

  #camera(renderer: Renderer): Camera {
    const { canvas } = renderer.gl;
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth !== renderer.width || clientHeight !== renderer.height) {
      renderer.setSize(clientWidth, clientHeight);
      canvas.removeAttribute("style");
    }
    const aspect = clientWidth / Math.max(1, clientHeight);
    const height = Math.max(TOP - BOTTOM, WIDTH / aspect) / CurrentKScale;
    const right = (height * aspect) / 2;
    return new Camera(renderer.gl, {
      left: -right,
      right,
      top: TOP,
      bottom: TOP - height,
      near: -1,
      far: 1,
    });
  }
}
