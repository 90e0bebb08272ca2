/** WebGL contexts and their objects. Those of a context that is lost, or collected, are gone. */
import type { BuiltInKind } from "../registry/sites.js";
import type { Standing, Traits } from "./ledger.js";
import { isA, prototypeOf, type Watch } from "./watch.js";

type GLContext = WebGLRenderingContext | WebGL2RenderingContext;

const CONTEXTS = ["WebGLRenderingContext", "WebGL2RenderingContext"];

const OBJECTS: readonly (readonly [name: string, kind: BuiltInKind])[] = [
  ["Buffer", "glBuffer"],
  ["Framebuffer", "glFramebuffer"],
  ["Program", "glProgram"],
  ["Renderbuffer", "glRenderbuffer"],
  ["Shader", "glShader"],
  ["Texture", "glTexture"],
  ["VertexArray", "glVertexArray"],
];

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function objectTraits(context: GLContext): Traits {
  const ref = new WeakRef(context);
  const standing = (): Standing => (ref.deref()?.isContextLost() === false ? "counted" : "gone");
  return { standing };
}

export function watchGLObjects(watch: Watch): void {
  const { patches, ledger } = watch;
  for (const context of CONTEXTS)
    for (const [name, kind] of OBJECTS) {
      patches.method(prototypeOf(watch, context), `create${name}`, (call) => {
        const origin = ledger.origin(kind, call);
        const object = call.native();
        if (origin && isObject(object))
          ledger.openAs(object, origin, objectTraits(call.self as GLContext), call.self as object);
        return object;
      });
      patches.method(prototypeOf(watch, context), `delete${name}`, (call) => {
        const result = call.native();
        ledger.end(call.args[0]);
        return result;
      });
    }
}

/**
 * Nothing closes a context but losing it, and one that was dropped with its canvas waits for the
 * collector: contexts count while their canvas is in the document.
 */
export function watchGLContexts(watch: Watch): void {
  const { patches, ledger } = watch;
  const known = new WeakSet<object>();
  patches.method(prototypeOf(watch, "HTMLCanvasElement"), "getContext", (call) => {
    const context = call.native();
    if (!isObject(context) || known.has(context)) return context;
    if (!CONTEXTS.some((name) => isA(watch, name, context))) return context;
    known.add(context);
    const origin = ledger.origin("glContext", call);
    if (!origin) return context;
    const canvas = new WeakRef(call.self as HTMLCanvasElement);
    const { standing } = objectTraits(context as GLContext);
    const traits: Traits = {
      label: String(call.args[0]),
      standing: () => {
        const now = standing?.() ?? "gone";
        return now === "counted" && !canvas.deref()?.isConnected ? "hidden" : now;
      },
    };
    ledger.openAs(context, origin, traits, context);
    return context;
  });
}
