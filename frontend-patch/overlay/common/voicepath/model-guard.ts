/**
 * One model at a time. The SDK begins a loop of frames with each model and ends none; what a model has
 * on the graphics card waits for the collector. Here each start is a generation, which ends when the
 * next one begins: its frames are cancelled, and its GL objects deleted.
 *
 * A generation has what is made while `start` runs or one of its frames does, so what an image makes
 * when it has arrived is nobody's: the SDK keeps such textures for the next time. Nor are programs made
 * in frames, which the SDK's shaders share. What lives on from one model to the next is drawn by both:
 * whatever a generation uses becomes its own, and only what it has not used in its first frames goes.
 *
 * Listeners stay: the SDK adds the same ones again, and a stage may have added its own only once.
 */
import type { Owned } from "voicepath";
import { openApp } from "@/voicepath/app";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** By then whatever is drawn in every frame was used. */
const SETTLED_FRAMES = 10;

const MADE_ANYWHERE = ["Buffer", "Framebuffer", "Renderbuffer", "Texture", "VertexArray"];
const MADE_AT_START = ["Program", "Shader"];
const USES = [
  ...["bindBuffer", "bindFramebuffer", "bindRenderbuffer", "bindTexture"],
  ...["bindVertexArray", "useProgram"],
];

/** GL objects, with what deletes them. */
type Objects = Map<unknown, () => void>;

/** Of generations that have ended, until the one after them has settled. */
const leftovers: Objects = new Map();

/** The one that is running now: in its start, or in one of its frames. */
let running: Generation | null = null;
/** The browser's own, while one is running. */
let requestFrame = (callback: FrameRequestCallback): number =>
  window.requestAnimationFrame(callback);

class Generation {
  readonly #frames = new Set<number>();
  readonly #objects: Objects = new Map();
  #drawnFrames = 0;
  #ended = false;
  #owned: Owned<Generation> | undefined;

  start(start: () => void): void {
    this.#run(start);
    // The page's scope counts it, and ends it with everything else.
    openApp().then(
      ({ scope }) => {
        if (this.#ended || scope.disposed) return;
        const end = (generation: Generation): void => generation.end();
        this.#owned = scope.adopt<Generation>(this, end, { kind: "frame", name: "model" });
      },
      () => {},
    );
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const id of this.#frames) cancelAnimationFrame(id);
    for (const [object, remove] of this.#objects) leftovers.set(object, remove);
    this.#owned?.dispose();
  }

  made(kind: string, object: unknown, remove: () => void): void {
    if (this.#drawnFrames > 0 && MADE_AT_START.includes(kind)) return;
    this.#objects.set(object, remove);
  }

  uses(object: unknown): void {
    const remove = leftovers.get(object);
    if (!remove || this.#ended) return;
    leftovers.delete(object);
    this.#objects.set(object, remove);
  }

  forget(object: unknown): void {
    this.#objects.delete(object);
  }

  readonly #request = (callback: FrameRequestCallback): number => {
    if (this.#ended) return 0;
    const id = requestFrame((timeMs) => {
      this.#frames.delete(id);
      this.#drawnFrames++;
      this.#run(() => callback(timeMs));
      if (this.#drawnFrames === SETTLED_FRAMES && !this.#ended) removeLeftovers();
    });
    this.#frames.add(id);
    return id;
  };

  /** What asks for frames meanwhile gets them from here. */
  #run(action: () => void): void {
    const before = running;
    const replaced = window.requestAnimationFrame;
    if (!before) requestFrame = replaced.bind(window);
    running = this;
    window.requestAnimationFrame = this.#request;
    try {
      action();
    } finally {
      running = before;
      if (window.requestAnimationFrame === this.#request) window.requestAnimationFrame = replaced;
    }
  }
}

function removeLeftovers(): void {
  const all = [...leftovers.values()];
  leftovers.clear();
  for (const remove of all) remove();
}

let current: Generation | null = null;

/** Puts what `around` makes of a method in its place, where there is one. */
function wrap(prototype: object, name: string, around: (native: Method) => Method): void {
  const native: unknown = Reflect.get(prototype, name);
  if (typeof native !== "function") return;
  Object.defineProperty(prototype, name, {
    value: around(native as Method),
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

function watchObjects(prototype: object): void {
  for (const kind of [...MADE_ANYWHERE, ...MADE_AT_START]) {
    wrap(
      prototype,
      `create${kind}`,
      (native) =>
        function (...args) {
          const object = native.apply(this, args);
          const remove = (): void => {
            Reflect.apply(Reflect.get(prototype, `delete${kind}`) as Method, this, [object]);
          };
          if (object) running?.made(kind, object, remove);
          return object;
        },
    );
    wrap(
      prototype,
      `delete${kind}`,
      (native) =>
        function (...args) {
          leftovers.delete(args[0]);
          current?.forget(args[0]);
          return native.apply(this, args);
        },
    );
  }
  for (const name of USES)
    wrap(
      prototype,
      name,
      (native) =>
        function (...args) {
          running?.uses(args[args.length - 1]);
          return native.apply(this, args);
        },
    );
}

let watching = false;

/** Once a page, before the first context: a stage may keep the methods it has found. */
function watch(): void {
  if (watching) return;
  watching = true;
  for (const name of ["WebGLRenderingContext", "WebGL2RenderingContext"]) {
    const context: unknown = Reflect.get(window, name);
    if (typeof context === "function") watchObjects(context.prototype as object);
  }
}

/** Starts a model, by whatever calls of the SDK `start` makes; the one before it ends. */
export function switchModel(start: () => void): void {
  watch();
  current?.end();
  current = new Generation();
  current.start(start);
}
