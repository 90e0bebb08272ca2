/** A character as a mesh that is bent and drawn in every frame. */
import type { AppOptions } from "./app-options.js";

const VERTEX_SHADER = `
  attribute vec2 place;
  void main() { gl_Position = vec4(place, 0, 1); gl_PointSize = 1.0; }`;
const FRAGMENT_SHADER = `
  precision mediump float;
  void main() { gl_FragColor = vec4(0.9, 0.7, 0.4, 1); }`;
/** Of the mesh, those that are drawn: the others only cost time, as physics does. */
const DRAWN_VERTICES = 300;

function openContext(): WebGLRenderingContext {
  const gl = document.querySelector<HTMLCanvasElement>("#doll")?.getContext("webgl");
  if (!gl) throw new Error("the page has no WebGL");
  return gl;
}

function useProgram(gl: WebGLRenderingContext): void {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX_SHADER],
    [gl.FRAGMENT_SHADER, FRAGMENT_SHADER],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("the context is lost");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
}

export class Doll {
  readonly #gl = openContext();
  readonly #options: AppOptions;

  constructor(options: AppOptions) {
    this.#options = options;
    useProgram(this.#gl);
    this.addModel(options.vertices);
    for (let i = 1; i < options.loops; i++) this.#addMotion();
  }

  /** One more model, with its buffers, and a loop of its own that draws it. */
  addModel(vertices: number): void {
    const gl = this.#gl;
    const { drawsPerFrame } = this.#options;
    const mesh = new Float32Array(2 * vertices);
    const buffers = Array.from({ length: 12 }, () => gl.createBuffer());
    const [first] = buffers;
    gl.enableVertexAttribArray(0);
    const draw = (timeMs: number): void => {
      for (let i = 0; i < mesh.length; i++) mesh[i] = Math.sin(timeMs / 500 + i * 0.01) * 0.9;
      gl.bindBuffer(gl.ARRAY_BUFFER, first ?? null);
      gl.bufferData(gl.ARRAY_BUFFER, mesh.subarray(0, 2 * DRAWN_VERTICES), gl.DYNAMIC_DRAW);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
      for (let i = 0; i < drawsPerFrame; i++) gl.drawArrays(gl.LINE_STRIP, 0, DRAWN_VERTICES);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }

  /** As of subtitles, or of a mouth that follows the voice. */
  #addMotion(): void {
    const move = (): void => {
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  }
}
