/**
 * A face drawn by WebGL 2, built as models of characters are: buffers of a mesh, a texture, and a mask
 * that is drawn into a framebuffer first. All of it ends with the scope.
 */
import type { Scope } from "voicepath";

export interface Character {
  readonly name: string;
  /** Of skin and glow, RGB from 0 to 1. */
  readonly skin: readonly [number, number, number];
  readonly glow: readonly [number, number, number];
  /** How far apart its eyes are. */
  readonly eyes: number;
}

export const CHARACTERS: readonly Character[] = [
  { name: "Luna", skin: [0.99, 0.86, 0.6], glow: [0.25, 0.3, 0.62], eyes: 0.3 },
  { name: "Moss", skin: [0.62, 0.88, 0.66], glow: [0.07, 0.4, 0.36], eyes: 0.36 },
  { name: "Ember", skin: [1, 0.66, 0.52], glow: [0.55, 0.16, 0.26], eyes: 0.26 },
];

const MASK_PX = 256;
const TEXTURE_PX = 64;
const SEGMENTS = 48;

const VERTEX = `#version 300 es
in vec2 corner;
uniform float time, level;
out vec2 at;
void main() {
  at = corner;
  float angle = atan(corner.y, corner.x);
  float wobble = 1.0 + 0.02 * sin(3.0 * angle + time) + 0.04 * level * sin(5.0 * angle - 2.0 * time);
  gl_Position = vec4(corner * 0.8 * wobble, 0.0, 1.0);
}`;

const MASK = `#version 300 es
precision highp float;
in vec2 at;
uniform float time, level, eyes;
out vec4 ink;
float spot(vec2 centre, vec2 size) {
  return 1.0 - smoothstep(0.85, 1.15, length((at - centre) / size));
}
void main() {
  float blink = 1.0 - 0.9 * smoothstep(0.985, 1.0, sin(time * 0.9));
  float eye = spot(vec2(-eyes, 0.18), vec2(0.085, 0.14 * blink))
            + spot(vec2(eyes, 0.18), vec2(0.085, 0.14 * blink));
  float mouth = spot(vec2(0.0, -0.32), vec2(0.2, 0.03 + 0.17 * level));
  ink = vec4(eye, mouth, 0.0, 1.0);
}`;

const BODY = `#version 300 es
precision highp float;
in vec2 at;
uniform sampler2D skin, mask;
out vec4 colour;
void main() {
  vec3 base = texture(skin, 0.5 + 0.5 * at).rgb;
  vec2 features = texture(mask, 0.5 + 0.5 * at * 0.8).rg;
  base = mix(base, vec3(0.12, 0.1, 0.16), clamp(features.r, 0.0, 1.0));
  base = mix(base, vec3(0.68, 0.16, 0.24), clamp(features.g, 0.0, 1.0));
  colour = vec4(base, 1.0);
}`;

/** A disc, as a fan around its centre. */
function disc(): { readonly corners: Float32Array; readonly indices: Uint16Array } {
  const corners = [0, 0];
  const indices: number[] = [];
  for (let i = 0; i < SEGMENTS; i++) {
    const angle = (2 * Math.PI * i) / SEGMENTS;
    corners.push(Math.cos(angle), Math.sin(angle));
    indices.push(0, i + 1, ((i + 1) % SEGMENTS) + 1);
  }
  return { corners: new Float32Array(corners), indices: new Uint16Array(indices) };
}

/** Light from above, the glow at the edge. */
function paintSkin({ skin, glow }: Character): Uint8Array {
  const pixels = new Uint8Array(4 * TEXTURE_PX * TEXTURE_PX);
  for (let y = 0; y < TEXTURE_PX; y++)
    for (let x = 0; x < TEXTURE_PX; x++) {
      const [u, v] = [(2 * x) / TEXTURE_PX - 1, (2 * y) / TEXTURE_PX - 1];
      const edge = Math.min(1, Math.hypot(u, v - 0.25) ** 3 * 0.55);
      const pixel = skin.map((value, i) => 255 * (value * (1 - edge) + (glow[i] ?? 0) * edge));
      pixels.set([...pixel, 255], 4 * (y * TEXTURE_PX + x));
    }
  return pixels;
}

export class Model {
  readonly #gl: WebGL2RenderingContext;
  readonly #character: Character;
  readonly #mask: WebGLProgram;
  readonly #body: WebGLProgram;
  readonly #mesh: WebGLVertexArrayObject;
  readonly #frame: WebGLFramebuffer;
  readonly #skinTexture: WebGLTexture;
  readonly #maskTexture: WebGLTexture;

  /** @throws VoicepathError GL_CONTEXT; Error when a shader does not compile */
  constructor(scope: Scope, gl: WebGL2RenderingContext, character: Character) {
    this.#gl = gl;
    this.#character = character;
    const objects = scope.gl(gl, { name: "model" });
    const program = (fragment: string): WebGLProgram => {
      const made = objects.program().value;
      for (const [type, source] of [
        [gl.VERTEX_SHADER, VERTEX],
        [gl.FRAGMENT_SHADER, fragment],
      ] as const) {
        const shader = objects.shader(type);
        gl.shaderSource(shader.value, source);
        gl.compileShader(shader.value);
        gl.attachShader(made, shader.value);
      }
      gl.bindAttribLocation(made, 0, "corner");
      gl.linkProgram(made);
      if (!gl.getProgramParameter(made, gl.LINK_STATUS))
        throw new Error(gl.getProgramInfoLog(made) ?? "a program does not link");
      return made;
    };
    this.#mask = program(MASK);
    this.#body = program(BODY);

    const { corners, indices } = disc();
    this.#mesh = objects.vertexArray().value;
    gl.bindVertexArray(this.#mesh);
    gl.bindBuffer(gl.ARRAY_BUFFER, objects.buffer().value);
    gl.bufferData(gl.ARRAY_BUFFER, corners, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, objects.buffer().value);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, indices, gl.STATIC_DRAW);

    const texture = (sizePx: number, pixels: Uint8Array | null): WebGLTexture => {
      const made = objects.texture().value;
      gl.bindTexture(gl.TEXTURE_2D, made);
      const { TEXTURE_2D, RGBA, UNSIGNED_BYTE } = gl;
      gl.texImage2D(TEXTURE_2D, 0, RGBA, sizePx, sizePx, 0, RGBA, UNSIGNED_BYTE, pixels);
      gl.texParameteri(TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
      return made;
    };
    this.#skinTexture = texture(TEXTURE_PX, paintSkin(character));
    this.#maskTexture = texture(MASK_PX, null);

    this.#frame = objects.framebuffer().value;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    const { FRAMEBUFFER, COLOR_ATTACHMENT0, DEPTH_ATTACHMENT, RENDERBUFFER } = gl;
    gl.framebufferTexture2D(FRAMEBUFFER, COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.#maskTexture, 0);
    const depth = objects.renderbuffer().value;
    gl.bindRenderbuffer(RENDERBUFFER, depth);
    gl.renderbufferStorage(RENDERBUFFER, gl.DEPTH_COMPONENT16, MASK_PX, MASK_PX);
    gl.framebufferRenderbuffer(FRAMEBUFFER, DEPTH_ATTACHMENT, RENDERBUFFER, depth);
  }

  /** @param level - how loud it speaks, 0 to 1 */
  draw(timeMs: number, level: number): void {
    const gl = this.#gl;
    const seconds = timeMs / 1000;
    gl.bindVertexArray(this.#mesh);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#frame);
    gl.viewport(0, 0, MASK_PX, MASK_PX);
    this.#pass(this.#mask, seconds, level);

    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#maskTexture);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#skinTexture);
    this.#pass(this.#body, seconds, level);
  }

  #pass(program: WebGLProgram, seconds: number, level: number): void {
    const gl = this.#gl;
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(program);
    const at = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
    gl.uniform1f(at("time"), seconds);
    gl.uniform1f(at("level"), level);
    gl.uniform1f(at("eyes"), this.#character.eyes);
    gl.uniform1i(at("skin"), 0);
    gl.uniform1i(at("mask"), 1);
    gl.drawElements(gl.TRIANGLES, 3 * SEGMENTS, gl.UNSIGNED_SHORT, 0);
  }
}
