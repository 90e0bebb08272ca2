/** What ends together. */
import { VP_DELAY_MAX_MS } from "../abi.gen.js";
import { closeContext } from "../closing-context.js";
import { optionError, requireFunction, requireNumber } from "../errors.js";
import type { SocketData } from "../socket/outbox.js";
import { Socket } from "../socket/socket.js";
import type { SocketOptions } from "../socket/socket-options.js";
import { Closer } from "./closer.js";
import type { Disposal, DisposalReport, DisposeOptions } from "./disposal.js";
import { type FrameCallback, FrameLoop } from "./frame-loop.js";
import { type GLContext, type GLOptions, GLResources } from "./gl.js";
import { type Lead, Leadership } from "./leadership.js";
import type { EventOf, Observer } from "./listen.js";
import { disposeWhenEnded, openStream, type StreamSource, stopStream } from "./media.js";
import { type Close, type Open, Owned } from "./owned.js";
import { owned } from "./ownership.js";
import type { Registry } from "./registry.js";
import { disposedError, Resource, type ResourceOptions } from "./resource.js";
import type { Kind, Site } from "./sites.js";
import { Task, type TaskOptions, type Work } from "./task.js";
import { requireDelay, requireSlack, Timer, type TimerOptions } from "./timer.js";

export interface ScopeOptions {
  /** Ends the scope when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface AdoptOptions extends ResourceOptions {
  /** Default "resource". */
  readonly kind?: Kind;
}

export interface ListenOptions extends ResourceOptions, AddEventListenerOptions {}

/** What knows how to end itself: of TC39, of RxJS, or of the DOM. */
export type Disposer =
  | Disposable
  | AsyncDisposable
  | { unsubscribe(): void }
  | { dispose(): unknown };

const DEADLINE_MS = 5000;

/** Any method of a scope; development stacks begin above it. */
type Caller = (...args: never[]) => unknown;

function closerOf(disposer: Disposer): () => unknown {
  const candidate = disposer as Partial<Disposable & AsyncDisposable> & Record<string, unknown>;
  const method =
    candidate[Symbol.asyncDispose] ??
    candidate[Symbol.dispose] ??
    candidate["dispose"] ??
    candidate["unsubscribe"];
  if (typeof method === "function") return () => method.call(disposer) as unknown;
  throw optionError("disposer", disposer, "something with dispose, unsubscribe or Symbol.dispose");
}

/**
 * Owns what is opened through it, and ends all of it: what was opened last first, children before
 * their owners, every disposer whatever the others do. All are told to end before {@link dispose}
 * returns; its promise waits for those that take time.
 */
export class Scope extends Resource {
  readonly #parent: Scope | null;
  readonly #prefix: string;
  #life: AbortController | undefined;
  #disposal: Disposal | undefined;
  /** Sites by kind, for the resources without a name; not used in development. */
  readonly #sites = new Map<Kind, Site>();
  #lastSite: Site | undefined;

  /** @internal */
  constructor(registry: Registry, site: Site, parent: Scope | null, path: string) {
    super(registry, site);
    this.#parent = parent;
    this.#prefix = path === "" ? "" : `${path}/`;
  }

  get parent(): Scope | null {
    return this.#parent;
  }

  /** Aborted when the scope begins to end. */
  get signal(): AbortSignal {
    this.#life ??= new AbortController();
    if (this.phase !== "open") this.#life.abort(disposedError(this.name));
    return this.#life.signal;
  }

  /**
   * A scope inside this one.
   *
   * @param name - of the place: `"conversation"`, not `"conversation-1234"`
   * @throws VoicepathError OPTION, DISPOSED
   */
  scope(name: string, { signal }: ScopeOptions = {}): Scope {
    if (typeof name !== "string" || name === "") throw optionError("name", name, "a word");
    const path = `${this.#prefix}${name}`;
    const site = this.registry.site("scope", path, this.scope);
    const scope = this.#open(new Scope(this.registry, site, this, path));
    if (signal?.aborted) scope.dispose();
    else if (signal) scope.listen(signal, "abort", () => scope.dispose());
    return scope;
  }

  // ---- Time ----

  /** Calls back once, not before `delayMs` have passed. @throws VoicepathError OPTION, DISPOSED */
  timeout(callback: () => void, delayMs: number, options: TimerOptions = {}): Timer {
    return this.#timer("timeout", "closes", callback, delayMs, options, this.timeout);
  }

  /** Calls back every `periodMs`, never in bursts. @throws VoicepathError OPTION, DISPOSED */
  interval(callback: () => void, periodMs: number, options: TimerOptions = {}): Timer {
    return this.#timer("interval", "repeats", callback, periodMs, options, this.interval);
  }

  /**
   * A timer to start and stop again and again, which makes no garbage.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  timer(callback: () => void, options: TimerOptions = {}): Timer {
    requireFunction("callback", callback);
    const site = this.#site("timer", options.name, this.timer);
    return this.#open(new Timer(this.registry, site, callback, "stops", requireSlack(options)));
  }

  /**
   * Calls back before every frame, until it returns false or the loop is disposed of.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  raf(callback: FrameCallback, { name }: ResourceOptions = {}): FrameLoop {
    requireFunction("callback", callback);
    const site = this.#site("frame", name, this.raf);
    const loop = this.#open(new FrameLoop(this.registry, site, callback));
    this.registry.frames.add(loop);
    return loop;
  }

  // ---- Events ----

  /** @throws VoicepathError OPTION, DISPOSED */
  listen<Target extends EventTarget, Type extends string>(
    target: Target,
    type: Type,
    listener: (event: EventOf<Target, Type>) => void,
    { name, ...options }: ListenOptions = {},
  ): Resource {
    requireFunction("listener", listener);
    const receive = (event: Event): void => {
      if (options.once && resource.phase === "open") resource.dispose();
      listener(event as EventOf<Target, Type>);
    };
    const resource = this.#adopt(
      "listener",
      name,
      () => target.removeEventListener(type, receive, options),
      this.listen,
    );
    owned(() => target.addEventListener(type, receive, options));
    return resource;
  }

  /**
   * `observer.observe(...args)` now, `observer.disconnect()` at the end.
   *
   * @throws VoicepathError DISPOSED
   */
  observe<Args extends readonly unknown[]>(observer: Observer<Args>, ...args: Args): Resource {
    const resource = this.#adopt("observer", undefined, () => observer.disconnect(), this.observe);
    owned(() => observer.observe(...args));
    return resource;
  }

  // ---- Anything ----

  /** Calls back when the scope ends. @throws VoicepathError OPTION, DISPOSED */
  defer(close: () => unknown, { kind = "resource", name }: AdoptOptions = {}): Resource {
    return this.#adopt(kind, name, requireFunction("close", close), this.defer);
  }

  /** Owns a value that is open already. @throws VoicepathError OPTION, DISPOSED */
  adopt<T>(value: T, close: Close<T>, { kind = "resource", name }: AdoptOptions = {}): Owned<T> {
    requireFunction("close", close);
    const site = this.#site(kind, name, this.adopt);
    return this.#open(new Owned(this.registry, site, close, value));
  }

  /**
   * Owns a Disposable, AsyncDisposable, DisposableStack, RxJS Subscription, or anything else with a
   * `dispose` or `unsubscribe`, and returns it. The other way round, `stack.use(scope)` and
   * `subscription.add(scope)` work too.
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  use<D extends Disposer>(disposer: D, { kind = "resource", name }: AdoptOptions = {}): D {
    this.#adopt(kind, name, closerOf(disposer), this.use);
    return disposer;
  }

  /**
   * Opens something that takes time. When the scope ends meanwhile, the promise rejects at once, and
   * what arrives in the end is closed.
   *
   * ```ts
   * const lock = await scope.acquire("wakeLock", () => navigator.wakeLock.request("screen"),
   *   (sentinel) => sentinel.release());
   * lock.value;
   * ```
   *
   * @throws VoicepathError OPTION, DISPOSED; rejects with DISPOSED, or with what `open` throws
   */
  acquire<T>(
    kind: Kind,
    open: Open<T>,
    close: Close<T>,
    { name }: ResourceOptions = {},
  ): Promise<Owned<T>> {
    return this.#acquire(kind, name, open, close, this.acquire);
  }

  /**
   * Work that is given up when the scope ends: its signal is aborted and its promise rejects, at
   * once. Disposal waits for the work itself.
   *
   * @throws VoicepathError OPTION, DISPOSED; rejects with DISPOSED, DEADLINE, or what the work throws
   */
  task<T>(work: Work<T>, { name, deadlineMs }: TaskOptions = {}): Promise<T> {
    if (deadlineMs !== undefined) requireNumber("deadlineMs", deadlineMs, 0, VP_DELAY_MAX_MS);
    const site = this.#site("task", name, this.task);
    const task = this.#open(new Task<T>(this.registry, site));
    task.run(work);
    if (deadlineMs !== undefined) this.registry.startTimer(task, Math.ceil(deadlineMs), 0, 0);
    return task.result;
  }

  // ---- What browsers have ----

  /**
   * A microphone, camera or screen; all its tracks are stopped at the end.
   *
   * @throws VoicepathError DISPOSED; rejects with MICROPHONE where there is none to ask, and with what
   *   getUserMedia throws
   */
  async mediaStream(
    source: StreamSource,
    { name }: ResourceOptions = {},
  ): Promise<Owned<MediaStream>> {
    const open = openStream(source);
    const stream = await this.#acquire("mediaStream", name, open, stopStream, this.mediaStream);
    disposeWhenEnded(stream.value, stream);
    return stream;
  }

  /** A new AudioContext, or one that exists. @throws VoicepathError DISPOSED */
  audioContext(
    source: AudioContextOptions | AudioContext = {},
    { name }: ResourceOptions = {},
  ): Owned<AudioContext> {
    const open = () => (source instanceof AudioContext ? source : new AudioContext(source));
    return this.#create("audioContext", name, open, closeContext, this.audioContext);
  }

  /** A new Worker, or one that exists. @throws VoicepathError DISPOSED */
  worker(
    source: string | URL | Worker,
    { name, ...options }: ResourceOptions & WorkerOptions = {},
  ): Owned<Worker> {
    const open = () => (source instanceof Worker ? source : new Worker(source, options));
    return this.#create("worker", name, open, (worker) => worker.terminate(), this.worker);
  }

  /** The address of a blob. @throws VoicepathError DISPOSED */
  objectURL(blob: Blob | MediaSource, { name }: ResourceOptions = {}): Owned<string> {
    const open = () => URL.createObjectURL(blob);
    return this.#create("objectURL", name, open, (url) => URL.revokeObjectURL(url), this.objectURL);
  }

  // ---- The network ----

  /**
   * A WebSocket that comes back. With `leader`, only in one of the tabs that name it.
   *
   * ```ts
   * const socket = scope.socket<ServerMessage, ClientMessage>({
   *   url: "wss://example.com/client-ws",
   *   json: true,
   *   heartbeat: { everyMs: 15_000, message: { type: "heartbeat" },
   *     isReply: (message) => (message as ServerMessage).type === "heartbeat-ack" },
   * });
   * socket.on("message", ({ data }) => show(data));
   * socket.send({ type: "text-input", text: "hello" });
   * ```
   *
   * @throws VoicepathError OPTION, ENDPOINT, MIXED_CONTENT, DISPOSED
   */
  socket<In = unknown, Out = SocketData | object>(options: SocketOptions): Socket<In, Out> {
    const site = this.#site("socket", options.name, this.socket);
    this.#requireOpenFor(site);
    const socket = this.#open(new Socket<In, Out>(this.registry, site, options));
    socket.begin(options);
    if (options.leader !== undefined) socket.leadBy(this.lead(options.leader, socket.lead));
    return socket;
  }

  /**
   * Calls `lead` when this tab leads among those that name the same leader, with a scope that ends
   * when another one does. Everything in a tab that names it leads together, sockets included. Where
   * there are no Web Locks (pages that are not secure), every tab leads.
   *
   * ```ts
   * scope.lead("conversation", async (leading) => {
   *   await leading.mediaStream({ audio: true }); // in one tab only
   * });
   * ```
   *
   * @throws VoicepathError OPTION, DISPOSED
   */
  lead(leader: string, lead: Lead, { name }: ResourceOptions = {}): Leadership {
    if (typeof leader !== "string" || leader === "" || leader.startsWith("-"))
      throw optionError("leader", leader, "a word that does not begin with -");
    requireFunction("lead", lead);
    const site = this.#site("leadership", name, this.lead);
    const leadership = this.#open(new Leadership(this.registry, site, this, leader, lead));
    leadership.begin();
    return leadership;
  }

  /** Creates objects of a WebGL context and deletes them. @throws VoicepathError DISPOSED */
  gl<Context extends GLContext>(context: Context, options: GLOptions = {}): GLResources<Context> {
    return new GLResources(this, context, options);
  }

  // ---- The end ----

  /**
   * Ends everything in it, and itself. The promise resolves when all have ended, or at the deadline;
   * it never rejects. Asked again, it gives the same promise.
   *
   * @throws VoicepathError OPTION
   */
  override dispose({ deadlineMs = DEADLINE_MS }: DisposeOptions = {}): Promise<DisposalReport> {
    requireNumber("deadlineMs", deadlineMs, 0, VP_DELAY_MAX_MS);
    if (this.#disposal) this.registry.countDoubleClose(this);
    return this.#end(deadlineMs).report;
  }

  /** @throws AggregateError of what disposers throw; later failures are `failure` events */
  override [Symbol.dispose](): void {
    if (this.#disposal) return;
    const { errors } = this.#end(DEADLINE_MS);
    if (errors) throw errors;
  }

  /** Waits as {@link dispose} does. Rejects with what disposers throw. */
  override async [Symbol.asyncDispose](): Promise<void> {
    const { errors } = await this.dispose();
    if (errors) throw errors;
  }

  override unsubscribe(): void {
    this.#end(DEADLINE_MS);
  }

  /** @internal */
  get disposal(): Disposal | undefined {
    return this.#disposal;
  }

  /**
   * From open to closing, as part of `disposal`; false when it is so already.
   *
   * @internal
   */
  beginDisposal(disposal: Disposal): boolean {
    if (this.#disposal) return false;
    this.#disposal = disposal;
    this.phase = "closing";
    this.#life?.abort(disposedError(this.name));
    return true;
  }

  /** @internal The deadline of its disposal. */
  override fired(): void {
    this.#disposal?.deadline();
  }

  protected override end(): void {
    this.#end(DEADLINE_MS);
  }

  // ---- Inside ----

  #end(deadlineMs: number): Disposal {
    return this.#disposal ?? this.registry.endScope(this, deadlineMs);
  }

  #site(kind: Kind, name: string | undefined, caller: Caller): Site {
    if (name !== undefined || this.registry.development)
      return this.registry.site(kind, `${this.#prefix}${name ?? kind}`, caller);
    // Mostly it is the same as before: that is cheaper to see than to look up.
    if (this.#lastSite?.kind === kind) return this.#lastSite;
    let site = this.#sites.get(kind);
    if (!site) {
      site = this.registry.site(kind, `${this.#prefix}${kind}`, caller);
      this.#sites.set(kind, site);
    }
    this.#lastSite = site;
    return site;
  }

  /** @throws VoicepathError DISPOSED, which is counted as refused */
  #requireOpenFor(site: Site): void {
    if (this.phase === "open") return;
    this.registry.refuse(site, this);
    throw disposedError(this.name);
  }

  #open<R extends Resource>(resource: R): R {
    this.#requireOpenFor(resource.site);
    this.registry.open(resource, this);
    return resource;
  }

  #adopt(kind: Kind, name: string | undefined, close: () => unknown, caller: Caller): Resource {
    const site = this.#site(kind, name, caller);
    return this.#open(new Closer(this.registry, site, close));
  }

  #create<T>(
    kind: Kind,
    name: string | undefined,
    open: () => T,
    close: Close<T>,
    caller: Caller,
  ): Owned<T> {
    const site = this.#site(kind, name, caller);
    return this.#open(new Owned<T>(this.registry, site, close)).create(open);
  }

  /** Not async: that would let time pass between the opening and the caller's hearing of it. */
  #acquire<T>(
    kind: Kind,
    name: string | undefined,
    open: Open<T>,
    close: Close<T>,
    caller: Caller,
  ): Promise<Owned<T>> {
    try {
      requireFunction("open", open);
      requireFunction("close", close);
      const site = this.#site(kind, name, caller);
      return this.#open(new Owned<T>(this.registry, site, close)).acquire(open);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #timer(
    kind: "timeout" | "interval",
    repeat: "closes" | "repeats",
    callback: () => void,
    delayMs: number,
    options: TimerOptions,
    caller: Caller,
  ): Timer {
    requireFunction("callback", callback);
    requireDelay(delayMs, repeat); // before it has a slot
    const slackMs = requireSlack(options);
    const site = this.#site(kind, options.name, caller);
    const timer = this.#open(new Timer(this.registry, site, callback, repeat, slackMs));
    timer.start(delayMs);
    return timer;
  }
}
