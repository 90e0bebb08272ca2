/**
 * A character as the SDK makes one, as far as it leaks: each start begins another loop of frames, makes
 * GL objects of its own at the start and in its frames, and shares programs and a sprite, made once,
 * with those before it. It fills the canvas with the colour of its number.
 */
import type { CharacterCounts } from "./frontend-page.js";

const VERTEX = "attribute vec2 p; void main() { gl_Position = vec4(p, 0.0, 1.0); }";
const FRAGMENT =
  "precision mediump float; uniform vec4 colour; void main() { gl_FragColor = colour; }";
const QUAD = new Float32Array([-1, -1, 3, -1, -1, 3]);

interface Model {
  readonly number: number;
  /** Its files are fetched: not in the frame that the start itself draws. */
  loaded: boolean;
  readonly texture: WebGLTexture | null;
  vertices: WebGLBuffer | null;
  mask: WebGLFramebuffer | null;
}

export class Character {
  #gl: WebGL2RenderingContext | null = null;
  /** Made by the first start, used in every frame of all. */
  #viewProgram: WebGLProgram | null = null;
  /** Made by the first frame that draws; each model uses one of them. */
  #shaders: readonly WebGLProgram[] | null = null;
  #sprite: WebGLBuffer | null = null;
  #model: Model | null = null;
  #starts = 0;
  #frames = 0;
  #glError = 0;
  readonly #alive = new Map<string, Set<unknown>>();

  start(): void {
    this.#gl ??= this.#open();
    const gl = this.#gl;
    this.#viewProgram ??= program(gl);
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    const number = ++this.#starts;
    const model: Model = { number, loaded: false, texture, vertices: null, mask: null };
    this.#model = model;
    setTimeout(() => {
      model.loaded = true;
    });
    const frame = (): void => {
      this.#frames++;
      this.#draw(gl);
      requestAnimationFrame(frame);
    };
    frame();
  }

  counts(): CharacterCounts {
    const objects = [...this.#alive].map(([kind, all]) => [kind, all.size] as const);
    return {
      frames: this.#frames,
      objects: Object.fromEntries(objects),
      glError: this.#glError,
      pixel: this.#pixel(),
    };
  }

  #open(): WebGL2RenderingContext {
    const canvas = document.createElement("canvas");
    document.body.append(canvas);
    const gl = canvas.getContext("webgl2", { preserveDrawingBuffer: true });
    if (!gl) throw new Error("there is no WebGL");
    this.#count(gl);
    return gl;
  }

  #draw(gl: WebGL2RenderingContext): void {
    const model = this.#model;
    if (!model) return;
    gl.useProgram(this.#viewProgram);
    this.#sprite ??= quad(gl);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#sprite);
    if (!model.loaded) return;
    this.#shaders ??= [program(gl), program(gl)];
    const shader = this.#shaders[model.number % 2] ?? null;
    model.vertices ??= quad(gl);
    model.mask ??= mask(gl);
    gl.bindTexture(gl.TEXTURE_2D, model.texture);
    gl.bindFramebuffer(gl.FRAMEBUFFER, model.mask);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.useProgram(shader);
    gl.bindBuffer(gl.ARRAY_BUFFER, model.vertices);
    if (!shader) return;
    const place = gl.getAttribLocation(shader, "p");
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0);
    gl.uniform4f(gl.getUniformLocation(shader, "colour"), model.number / 255, 1, 0, 1);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.#glError ||= gl.getError();
  }

  #pixel(): readonly number[] {
    const pixel = new Uint8Array(4);
    this.#gl?.readPixels(9, 9, 1, 1, this.#gl.RGBA, this.#gl.UNSIGNED_BYTE, pixel);
    return [...pixel];
  }

  /** On the context itself: below whatever others did to its prototype. */
  #count(gl: WebGL2RenderingContext): void {
    for (const kind of ["Buffer", "Framebuffer", "Texture", "Program", "Shader"]) {
      const alive = new Set<unknown>();
      this.#alive.set(kind, alive);
      const create = Reflect.get(gl, `create${kind}`) as (type?: number) => unknown;
      Reflect.set(gl, `create${kind}`, (type?: number) => {
        const object = create.call(gl, type);
        alive.add(object);
        return object;
      });
      const prototype = Object.getPrototypeOf(gl) as object;
      const remove = Reflect.get(prototype, `delete${kind}`) as (object: unknown) => void;
      Reflect.set(prototype, `delete${kind}`, function (this: unknown, object: unknown) {
        alive.delete(object);
        remove.call(this, object);
      });
    }
  }
}

function quad(gl: WebGL2RenderingContext): WebGLBuffer {
  const buffer = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, QUAD, gl.STATIC_DRAW);
  return buffer;
}

function mask(gl: WebGL2RenderingContext): WebGLFramebuffer {
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 4, 4, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  return framebuffer;
}

function program(gl: WebGL2RenderingContext): WebGLProgram {
  const made = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("the context is lost");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(made);
  return made;
}
