/** What an application can see of the natives: the same with a guard and without. */
import type { Stage } from "./instrument-stage.js";

const CLASSES = [
  "AudioContext",
  "BroadcastChannel",
  "EventSource",
  "EventTarget",
  "HTMLCanvasElement",
  "ImageBitmap",
  "ImageBitmapRenderingContext",
  "IntersectionObserver",
  "MediaDevices",
  "MediaStream",
  "MediaStreamTrack",
  "MessagePort",
  "MutationObserver",
  "OffscreenCanvas",
  "PerformanceObserver",
  "ResizeObserver",
  "URL",
  "WebGL2RenderingContext",
  "WebGLRenderingContext",
  "WebSocket",
  "Worker",
] as const;

type Descriptors = ReadonlyMap<string, PropertyDescriptorMap & Record<symbol, PropertyDescriptor>>;

function holders(): [name: string, holder: object][] {
  const classes = CLASSES.flatMap((name): [string, object][] => {
    const found = Reflect.get(window, name) as { prototype: object };
    return [
      [name, found],
      [`${name}.prototype`, found.prototype],
    ];
  });
  return [
    ["window", window],
    ["WebAssembly", WebAssembly],
    ["WebAssembly.Memory.prototype", WebAssembly.Memory.prototype],
    ["WebAssembly.Instance.prototype", WebAssembly.Instance.prototype],
    ["navigator.mediaDevices", navigator.mediaDevices],
    ...classes,
  ];
}

export function descriptors(): Descriptors {
  return new Map(
    holders().map(([name, holder]) => [name, Object.getOwnPropertyDescriptors(holder)]),
  );
}

/** The properties that are not the very same, in the very same order. */
export function differences(before: Descriptors, after: Descriptors): string[] {
  const different: string[] = [];
  for (const [name, old] of before) {
    const now = after.get(name);
    const keys = Reflect.ownKeys(old);
    if (!now || String(keys.map(String)) !== String(Reflect.ownKeys(now).map(String)))
      different.push(`the keys of ${name}`);
    else
      for (const key of keys) {
        const a = old[key as string] as PropertyDescriptor;
        const b = now[key as string] as PropertyDescriptor;
        const parts = ["value", "get", "set", "writable", "enumerable", "configurable"] as const;
        if (parts.some((part) => !Object.is(a[part], b[part])))
          different.push(`${name}.${String(key)}`);
      }
  }
  return different;
}

/** Everything about the functions but which they are, and their text. */
function shapes(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, holder] of holders())
    for (const key of Reflect.ownKeys(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key) as PropertyDescriptor;
      const { value, ...flags } = descriptor;
      if (typeof value !== "function") continue;
      const { prototype } = value as { prototype?: { constructor?: unknown } };
      found[`${name}.${String(key)}`] = JSON.stringify([
        { ...flags, get: typeof flags.get, set: typeof flags.set },
        value.name,
        value.length,
        Reflect.ownKeys(value).map(String),
        Object.getPrototypeOf(value)?.name,
        { ...Object.getOwnPropertyDescriptor(value, "prototype"), value: typeof prototype },
        name === "window" && prototype ? prototype.constructor === value : null,
      ]);
    }
  return found;
}

function failure(action: () => unknown): string {
  try {
    return `no failure: ${typeof action()}`;
  } catch (error) {
    return String(error);
  }
}

async function rejection(action: () => unknown): Promise<string> {
  try {
    return `no failure: ${typeof (await action())}`;
  } catch (error) {
    return String(error);
  }
}

const sleep = (delayMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, delayMs));

type Anything = (...args: readonly unknown[]) => unknown;

async function timers(): Promise<unknown> {
  const seen: unknown[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      seen.push([name, ...args]);
  function self(this: unknown, name: string): void {
    seen.push([name, this === window]);
  }
  Object.assign(window, { codeRan: note("code") });
  const bare = setTimeout as unknown as Anything;
  const ids = [
    bare(note("arguments"), 0, 1, "two", null),
    bare(self, 0, "this of a timer"),
    bare("codeRan(1)", 1),
    bare("codeRan(2)"),
    bare(note("without a delay")),
    bare(note("negative"), -5),
    bare(note("text as delay"), "1"),
    Reflect.apply(bare, undefined, [note("bare"), 0]),
    Reflect.apply(bare, null, [note("null"), 0]),
  ];
  const cleared = bare("codeRan('cleared')", 1) as number;
  clearTimeout(cleared);
  clearInterval(setTimeout(note("cleared as an interval"), 1));
  clearTimeout(String(setTimeout(note("cleared as text"), 1)) as unknown as number);
  let ticks = 0;
  const interval = setInterval(
    (step: number) => {
      ticks += step;
      if (ticks === 6) clearTimeout(interval);
    },
    1,
    2,
  );
  await sleep(60);
  Reflect.deleteProperty(window, "codeRan");
  const frame = await new Promise((resolve) => {
    requestAnimationFrame(function (this: unknown, ...args) {
      resolve([args.length, typeof args[0], this === window || this === undefined]);
    });
    cancelAnimationFrame(requestAnimationFrame(note("cancelled frame")));
  });
  return {
    seen: seen.map((entry) => JSON.stringify(entry)).sort(),
    ids: ids.map((id) => typeof id),
    ticks,
    frame,
    clears: [clearTimeout(undefined), clearTimeout(0), (clearTimeout as Anything)({}) ?? "nothing"],
    failures: [
      failure(() => bare()),
      failure(() => Reflect.apply(bare, {}, [noop, 0])),
      failure(() => Reflect.construct(bare, [])),
      failure(() => (requestAnimationFrame as Anything)("code")),
      failure(() => (requestAnimationFrame as Anything)()),
      failure(() => bare(Symbol("code"))),
    ],
  };
}

const noop = (): void => {};

function listeners(): unknown {
  const seen: string[] = [];
  const target = new EventTarget();
  const add = (name: string, type: string, options?: AddEventListenerOptions | boolean) => {
    const listener = function (this: unknown): void {
      seen.push(`${name} ${this === target}`);
    };
    target.addEventListener(type, listener, options);
    return listener;
  };
  const twice = add("twice", "a");
  target.addEventListener("a", twice, false);
  target.addEventListener("a", twice, { capture: false });
  const both = add("both", "a");
  target.addEventListener("a", both, true);
  target.removeEventListener("a", add("removed", "a"));
  target.removeEventListener("a", add("wrong phase", "a"), true);
  add("once", "a", { once: true });
  const object = {
    handleEvent(): void {
      seen.push(`object ${this === object}`);
    },
  };
  target.addEventListener("a", object);
  target.addEventListener("a", null);
  const life = new AbortController();
  add("until aborted", "a", { signal: life.signal });
  const ended = new AbortController();
  ended.abort();
  add("never", "a", { signal: ended.signal, once: true });
  const removedOnce = add("once, removed", "a", { once: true });
  target.removeEventListener("a", removedOnce);
  target.dispatchEvent(new Event("a"));
  life.abort();
  seen.push("again");
  target.dispatchEvent(new Event("a"));
  const stopper = new EventTarget();
  stopper.addEventListener("b", (event) => event.stopImmediatePropagation());
  stopper.addEventListener("b", () => seen.push("after a stop"), { once: true });
  stopper.dispatchEvent(new Event("b"));
  let optionsRead = "";
  const options = Object.defineProperty({}, "passive", {
    get() {
      optionsRead = "passive";
      return true;
    },
  });
  target.addEventListener("c", noop, options);
  // Imported modules call them so.
  const { addEventListener, removeEventListener } = window;
  const onWindow = (): unknown => seen.push("bare");
  addEventListener("voicepath-test", onWindow);
  window.dispatchEvent(new Event("voicepath-test"));
  removeEventListener("voicepath-test", onWindow);
  window.dispatchEvent(new Event("voicepath-test"));
  const call = EventTarget.prototype.addEventListener as Anything;
  return {
    seen,
    optionsRead,
    result: call.call(target, "d", noop) ?? "nothing",
    failures: [
      failure(() => call.call({}, "a", noop)),
      failure(() => call.call({}, "a", noop, { once: true })),
      failure(() => call.call(target, "a")),
      failure(() => call.call(target)),
      failure(() => call.call(target, "a", 1)),
      failure(() => call.call(target, "a", noop, { signal: 1 })),
      failure(() => call.call(target, Symbol("a"), noop)),
      failure(() =>
        call.call(target, "a", noop, {
          get once() {
            throw new RangeError("asked");
          },
        }),
      ),
      failure(() => Reflect.construct(call, [])),
    ],
  };
}

async function constructors({ socketURL, workerURL }: Stage): Promise<unknown> {
  class MyContext extends AudioContext {
    readonly made: string;
    readonly mine = true;
    constructor(options: AudioContextOptions) {
      super(options);
      this.made = new.target.name;
    }
  }
  const context = new MyContext({ sampleRate: 16000 });
  class MySocket extends WebSocket {
    override close(): void {
      super.close(1000, "done");
    }
  }
  const socket = new MySocket(socketURL, "chat");
  const other = Reflect.construct(WebSocket, [socketURL], EventTarget) as object;
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.close();
  const closed = await new Promise<CloseEvent>((resolve) => {
    socket.onclose = resolve;
  });
  Reflect.apply(WebSocket.prototype.close, other, []);
  const worker = new Worker(workerURL, { name: "w" });
  const facts = [
    context instanceof MyContext && context instanceof AudioContext,
    context instanceof BaseAudioContext && context instanceof EventTarget,
    [context.made, context.mine, context.sampleRate],
    context.constructor === MyContext,
    Object.getPrototypeOf(MyContext) === AudioContext,
    Object.getPrototypeOf(MyContext.prototype) === AudioContext.prototype,
    AudioContext.prototype.constructor === AudioContext,
    Object.prototype.toString.call(context),
    socket instanceof WebSocket && socket instanceof MySocket,
    [socket.url, socket.protocol, WebSocket.OPEN, MySocket.CLOSED, socket.CLOSED],
    [closed.code, closed.wasClean, socket.readyState],
    Object.getPrototypeOf(other) === EventTarget.prototype,
    worker.constructor === Worker && worker instanceof Worker,
    String(worker.terminate()),
    String(await context.close()),
    await rejection(() => context.close()),
  ];
  const calls: Record<string, () => unknown> = {
    "AudioContext()": () => (AudioContext as unknown as Anything)(),
    rate: () => new AudioContext({ sampleRate: 1 }),
    "WebSocket()": () => (WebSocket as unknown as Anything)(socketURL),
    "new WebSocket()": () => Reflect.construct(WebSocket, []),
    address: () => new WebSocket("ht tp://"),
    "close code": () => new WebSocket(socketURL).close(1),
    "new Worker()": () => Reflect.construct(Worker, []),
    "new EventSource()": () => Reflect.construct(EventSource, []),
    memory: () => new WebAssembly.Memory({ initial: -1 }),
    instance: () => Reflect.construct(WebAssembly.Instance, [1]),
    url: () => (URL.createObjectURL as Anything)(1),
    observe: () => new ResizeObserver(noop).observe(1 as unknown as Element),
    "observe of another": () =>
      Reflect.apply(ResizeObserver.prototype.observe, {}, [document.body]),
    terminate: () => Reflect.apply(Worker.prototype.terminate, {}, []),
    stop: () => Reflect.apply(MediaStreamTrack.prototype.stop, {}, []),
  };
  const failures = Object.entries(calls).map(([name, call]) => [name, failure(call)]);
  return { facts, failures };
}

async function promises({ wasm, webgl }: Stage): Promise<unknown> {
  const unhandled: string[] = [];
  const note = (event: PromiseRejectionEvent): void => {
    unhandled.push(String(event.reason));
    event.preventDefault();
  };
  window.addEventListener("unhandledrejection", note);
  void createImageBitmap(new Blob(["no image"]));
  void navigator.mediaDevices.getUserMedia({});
  await sleep(100);
  window.removeEventListener("unhandledrejection", note);

  const bitmap = await createImageBitmap(new ImageData(3, 2));
  const size = [bitmap.width, bitmap.height];
  const copy = structuredClone(bitmap, { transfer: [bitmap] });
  const { memory } = (await WebAssembly.instantiate(wasm)).exports as { memory: unknown };
  const made = new WebAssembly.Memory({ initial: 1 });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const clone = stream.clone();
  for (const track of [...stream.getTracks(), ...clone.getTracks()]) track.stop();
  const buffer = webgl.createBuffer();
  webgl.bindBuffer(webgl.ARRAY_BUFFER, buffer);
  const facts = [
    unhandled.sort(),
    [...size, bitmap.width, copy.width, copy instanceof ImageBitmap],
    navigator.mediaDevices.getUserMedia({}).catch(noop) instanceof Promise,
    memory instanceof WebAssembly.Memory && memory.constructor === WebAssembly.Memory,
    made instanceof WebAssembly.Memory && made.buffer.byteLength,
    stream instanceof MediaStream && clone.getTracks().map(({ readyState }) => readyState),
    [webgl.isBuffer(buffer), String(webgl.deleteBuffer(buffer)), webgl.isBuffer(buffer)],
    await rejection(() => createImageBitmap(null as unknown as ImageBitmapSource)),
    await rejection(() => navigator.mediaDevices.getUserMedia()),
    await rejection(() => WebAssembly.instantiate(new Uint8Array(3))),
    failure(() => Reflect.apply(webgl.createBuffer, {}, [])),
    failure(() => document.createElement("canvas").getContext("none")),
  ];
  copy.close();
  return facts;
}

/** As text, so that it can be compared. */
export async function behaviour(stage: Stage): Promise<Record<string, unknown>> {
  return {
    shapes: shapes(),
    timers: await timers(),
    listeners: listeners(),
    constructors: await constructors(stage),
    promises: await promises(stage),
  };
}
