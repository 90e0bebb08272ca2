/** GL objects: neither the collector nor a closed page gives them back while the context lives. */
import { VoicepathError } from "../errors.js";
import type { Owned } from "./owned.js";
import type { Scope } from "./scope.js";
import type { BuiltInKind } from "./sites.js";

export type GLContext = WebGLRenderingContext | WebGL2RenderingContext;

export interface GLOptions {
  readonly name?: string;
  /** Gives the context itself up at the end, with WEBGL_lose_context. Default false. */
  readonly ownsContext?: boolean;
}

/** Creates the objects of one context, and deletes them with their scope. */
export class GLResources<Context extends GLContext = GLContext> {
  readonly context: Context;
  /** What owns the objects. */
  readonly scope: Scope;

  /** @internal */
  constructor(owner: Scope, context: Context, { name = "gl", ownsContext = false }: GLOptions) {
    this.context = context;
    this.scope = owner.scope(name);
    if (ownsContext)
      this.scope.adopt(context, () => context.getExtension("WEBGL_lose_context")?.loseContext(), {
        kind: "glContext",
      });
  }

  buffer(name?: string): Owned<WebGLBuffer> {
    const { context: gl } = this;
    return this.#own("glBuffer", gl.createBuffer(), (object) => gl.deleteBuffer(object), name);
  }

  texture(name?: string): Owned<WebGLTexture> {
    const { context: gl } = this;
    return this.#own("glTexture", gl.createTexture(), (object) => gl.deleteTexture(object), name);
  }

  framebuffer(name?: string): Owned<WebGLFramebuffer> {
    const { context: gl } = this;
    const create = gl.createFramebuffer();
    return this.#own("glFramebuffer", create, (object) => gl.deleteFramebuffer(object), name);
  }

  renderbuffer(name?: string): Owned<WebGLRenderbuffer> {
    const { context: gl } = this;
    const created = gl.createRenderbuffer();
    return this.#own("glRenderbuffer", created, (object) => gl.deleteRenderbuffer(object), name);
  }

  /** @param type - `gl.VERTEX_SHADER` or `gl.FRAGMENT_SHADER` */
  shader(type: GLenum, name?: string): Owned<WebGLShader> {
    const { context: gl } = this;
    return this.#own("glShader", gl.createShader(type), (object) => gl.deleteShader(object), name);
  }

  program(name?: string): Owned<WebGLProgram> {
    const { context: gl } = this;
    return this.#own("glProgram", gl.createProgram(), (object) => gl.deleteProgram(object), name);
  }

  /** @throws VoicepathError GL_CONTEXT for a context of WebGL 1 */
  vertexArray(name?: string): Owned<WebGLVertexArrayObject> {
    const { context: gl } = this;
    if (!("createVertexArray" in gl))
      throw new VoicepathError("GL_CONTEXT", "vertex arrays need a WebGL 2 context");
    const created = gl.createVertexArray();
    return this.#own("glVertexArray", created, (object) => gl.deleteVertexArray(object), name);
  }

  /** Deletes all of them. */
  dispose(): void {
    this.scope[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #own<T>(kind: BuiltInKind, object: T | null, remove: (object: T) => void, name?: string) {
    if (object === null)
      throw new VoicepathError("GL_CONTEXT", `no ${kind} can be created: the context is lost`);
    return this.scope.adopt(object, remove, { kind, name });
  }
}
