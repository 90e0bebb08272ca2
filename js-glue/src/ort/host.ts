/**
 * The functions that the C side imports (wasm/ort/host.h), over an engine: sessions and results by
 * number, and one run at a time that is being put together.
 *
 * A failure is a negative OrtErrorCode, and its message is kept until the next.
 */

import { VoicepathError } from "../errors.js";
import { loadBytes } from "../wasm.js";
import type { Answer, CallPath } from "./call-path.js";
import { CallQueue } from "./call-queue.js";
import { SLOT_NAMES } from "./onnx.gen.js";
import type {
  EngineSession,
  OrtEngine,
  PreparedRun,
  ResultTensor,
  RunInput,
  RunResult,
  TensorInfo,
} from "./ort-engine.js";
import { OrtFailure } from "./ort-failure.js";
import type { ProgramMemory } from "./program-memory.js";
import { defaultSessionOptions, readSessionOptions } from "./session-options.js";

export const HOST_MODULE = "ort";

const OUTPUT = 1;

/** What the C side calls a session. */
interface HostSession {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly engineSession: EngineSession;
  /** Whether it is the loader's, made beforehand, and only lent. */
  readonly isLent: boolean;
  lost: OrtFailure | undefined;
}

/** The run that is being put together. Its parts are used again for the next. */
class RunRequest {
  session = 0;
  inputCount = 0;
  readonly inputs: RunInput[] = [];
  readonly outputs: number[] = [];

  begin(session: number): void {
    this.session = session;
    this.inputCount = 0;
    this.outputs.length = 0;
  }

  nextInput(): RunInput {
    let input = this.inputs[this.inputCount];
    if (!input) {
      input = { index: 0, type: 0, shape: [], at: 0, bytes: 0 };
      this.inputs.push(input);
    }
    this.inputCount++;
    this.inputs.length = Math.max(this.inputs.length, this.inputCount);
    return input;
  }
}

export interface HostOptions {
  readonly engine: OrtEngine;
  /** By what the C side calls their path. */
  readonly models: ReadonlyMap<string, Uint8Array>;
  /** Whether session_create() and run() can be called at all. */
  readonly canWait: boolean;
  readonly onWarning: (message: string) => void;
  /** Tells the program, in its turn, that a run which run_start() started is done. */
  readonly runFinished: (token: number, result: () => number) => void;
}

export class OrtHost {
  readonly #engine: OrtEngine;
  readonly #models: ReadonlyMap<string, Uint8Array>;
  readonly #canWait: boolean;
  readonly #onWarning: (message: string) => void;
  readonly #runFinished: (token: number, result: () => number) => void;
  /** Sessions made beforehand, where nothing can wait for one to be made. */
  readonly #prepared = new Map<string, EngineSession>();
  readonly #sessions = new Map<number, HostSession>();
  readonly #results = new Map<number, RunResult>();
  readonly #request = new RunRequest();
  /** The engine does one thing at a time. */
  readonly #queue = new CallQueue();
  #memory: ProgramMemory | undefined;
  #lastSession = 0;
  #lastResult = 0;
  #error = "";
  #disposed = false;
  /** How deep JavaScript is in exports that were entered so that nothing may wait. */
  #immediate = 0;
  #refused = "";

  constructor(options: HostOptions) {
    this.#engine = options.engine;
    this.#models = options.models;
    this.#canWait = options.canWait;
    this.#onWarning = options.onWarning;
    this.#runFinished = options.runFinished;
  }

  bind(memory: ProgramMemory): void {
    this.#memory = memory;
  }

  /** Makes the sessions that session_create() will find where it cannot wait. */
  async prepareSessions(): Promise<void> {
    for (const [path, model] of this.#models)
      this.#prepared.set(
        path,
        await this.#engine.createSession(model, defaultSessionOptions(), (reason) =>
          this.#loseDevice(reason),
        ),
      );
  }

  /** From here to {@link leaveNow} nothing may wait. */
  enterNow(): void {
    this.#immediate++;
    this.#refused = "";
  }

  /** @returns what would have waited, "" if nothing */
  leaveNow(): string {
    this.#immediate--;
    return this.#refused;
  }

  // ---- Sessions ----

  #createSession(
    modelAt: number,
    modelBytes: number,
    pathAt: number,
    pathBytes: number,
    optionsAt: number,
    optionsBytes: number,
  ): Answer {
    const { memory } = this;
    const path = pathAt === 0 ? undefined : memory.text(pathAt, pathBytes);
    if (!this.#canWait) return this.#lendSession(path);
    const options = readSessionOptions(memory.texts(optionsAt, optionsBytes));
    const onLost = (reason: string): void => this.#loseDevice(reason);
    if (!this.#engine.waits) {
      // Given bytes are read before anything else happens; a view of them is enough.
      const model =
        path === undefined ? memory.u8.subarray(modelAt, modelAt + modelBytes) : this.#given(path);
      return this.#addSession(this.#engine.createSession(model, options, onLost) as EngineSession);
    }
    this.#requireWaiting("CreateSession");
    const model =
      path === undefined ? memory.u8.slice(modelAt, modelAt + modelBytes) : this.#find(path);
    return this.#later(async () => {
      const session = await this.#engine.createSession(await model, options, onLost);
      if (!this.#disposed) return this.#addSession(session);
      await session.release();
      throw disposed();
    });
  }

  #addSession(engineSession: EngineSession, isLent = false): number {
    const { inputs, outputs } = engineSession;
    this.#sessions.set(++this.#lastSession, {
      inputs,
      outputs,
      engineSession,
      isLent,
      lost: undefined,
    });
    return this.#lastSession;
  }

  #lendSession(path: string | undefined): number {
    const session = path === undefined ? undefined : this.#prepared.get(path);
    if (session) return this.#addSession(session, true);
    throw path === undefined
      ? new OrtFailure(
          "ORT_NOT_IMPLEMENTED",
          `mode "callback" cannot wait for a session: CreateSession finds only the loader's models`,
        )
      : new OrtFailure(
          "ORT_NO_SUCHFILE",
          `no model "${path}" was given to the loader as \`models\``,
        );
  }

  #given(path: string): Uint8Array {
    const model = this.#models.get(path);
    if (model) return model;
    throw new OrtFailure(
      "ORT_NO_SUCHFILE",
      `no model "${path}" was given to the loader as \`models\`, and mode "sync" cannot fetch it`,
    );
  }

  /** The loader's model, or what is under that address. */
  async #find(path: string): Promise<Uint8Array> {
    const model = this.#models.get(path);
    if (model) return model;
    try {
      const source = /^file:/i.test(path) ? new URL(path) : path;
      return await loadBytes(source, `model "${path}"`);
    } catch (error) {
      throw new OrtFailure(
        "ORT_NO_SUCHFILE",
        error instanceof Error ? error.message : String(error),
      );
    }
  }

  #session(id: number): HostSession {
    const session = this.#sessions.get(id);
    if (!session) throw new OrtFailure("ORT_INVALID_ARGUMENT", `there is no session ${id}`);
    return session;
  }

  #releaseSession(id: number): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#sessions.delete(id);
    void this.#giveBack(session);
  }

  /** After the runs that were asked for before; a session that was lost was given back then. */
  #giveBack({ engineSession, isLent, lost }: HostSession): Promise<void> {
    if (isLent || lost) return Promise.resolve();
    return this.#release(engineSession);
  }

  #release(session: EngineSession): Promise<void> {
    return this.#queue
      .run(() => session.release())
      .catch((error: unknown) => {
        this.#onWarning(`a session could not be released: ${OrtFailure.from(error).message}`);
      });
  }

  #loseDevice(reason: string): void {
    void this.#lose(new OrtFailure("ORT_EP_FAIL", reason));
  }

  /** Gives ONNX Runtime's memory back; sessions stay known, and their runs fail. */
  loseSessions(reason: string): Promise<void> {
    return this.#lose(new OrtFailure("ORT_ENGINE_ERROR", `session lost: ${reason}`));
  }

  async #lose(failure: OrtFailure): Promise<void> {
    const released = [...this.#prepared.values()].map((session) => this.#release(session));
    this.#prepared.clear();
    for (const session of this.#sessions.values()) {
      if (session.lost) continue;
      released.push(this.#giveBack(session));
      session.lost = failure;
    }
    await Promise.all(released);
  }

  #info(session: number, side: number, index: number): TensorInfo | undefined {
    const found = this.#sessions.get(session);
    return (side === OUTPUT ? found?.outputs : found?.inputs)?.[index];
  }

  // ---- Runs ----

  #addInput(
    index: number,
    type: number,
    shapeAt: number,
    rank: number,
    at: number,
    bytes: number,
  ): void {
    const input = this.#request.nextInput();
    input.index = index;
    input.type = type;
    input.at = at >>> 0;
    input.bytes = bytes >>> 0;
    this.memory.readShape(shapeAt >>> 0, rank, input.shape);
  }

  #prepare(): PreparedRun {
    const { session, inputs, inputCount, outputs } = this.#request;
    const { engineSession, lost } = this.#session(session);
    if (lost) throw lost;
    inputs.length = inputCount;
    return engineSession.prepare(inputs, outputs, this.memory);
  }

  #run(): Answer {
    if (!this.#canWait)
      throw new OrtFailure(
        "ORT_NOT_IMPLEMENTED",
        `mode "callback" cannot wait for Run: use RunAsync`,
      );
    if (!this.#engine.waits) return this.#addResult(this.#prepare().run() as RunResult);
    this.#requireWaiting("Run");
    const prepared = this.#prepare();
    return this.#later(() => (prepared.run() as Promise<RunResult>).then(this.#addResult));
  }

  #startRun(token: number): void {
    let prepared: PreparedRun | OrtFailure;
    try {
      prepared = this.#prepare();
    } catch (error) {
      prepared = OrtFailure.from(error);
    }
    const run = async (): Promise<number> => {
      // Not before the program has returned or waits.
      await undefined;
      if (prepared instanceof OrtFailure) throw prepared;
      return this.#addResult(await prepared.run());
    };
    const finished = (result: () => number): void => {
      if (!this.#disposed) this.#runFinished(token, result);
    };
    this.#queue.run(run).then(
      (result) => finished(() => result),
      (error: unknown) => finished(() => this.#fail(error)),
    );
  }

  readonly #addResult = (result: RunResult): number => {
    if (this.#disposed) {
      result.release();
      throw disposed();
    }
    this.#results.set(++this.#lastResult, result);
    return this.#lastResult;
  };

  #tensor(result: number, index: number): ResultTensor | undefined {
    return this.#results.get(result)?.tensors[index];
  }

  #releaseResult(id: number): void {
    this.#results.get(id)?.release();
    this.#results.delete(id);
  }

  // ---- What fails ----

  #fail(error: unknown): number {
    const failure = OrtFailure.from(error);
    this.#error = failure.message;
    return -failure.ortCode;
  }

  /** The answer, or a failure as the C side takes it. */
  #answer(work: () => Answer): Answer {
    try {
      return work();
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** Does it in the engine's turn. */
  #later(work: () => Promise<number>): Promise<number> {
    return this.#queue.run(work).catch((error: unknown) => this.#fail(error));
  }

  /** Not while an export is called that nobody waits for; then it is noted what would have. */
  #mayWait(name: string): boolean {
    if (this.#immediate === 0 || !this.#engine.waits) return true;
    this.#refused = name;
    return false;
  }

  #requireWaiting(name: string): void {
    if (this.#mayWait(name)) return;
    throw new OrtFailure(
      "ORT_NOT_IMPLEMENTED",
      `${name} waits: what calls it is to be entered by OrtProgram.call()`,
    );
  }

  get memory(): ProgramMemory {
    if (this.#memory) return this.#memory;
    throw new VoicepathError("ORT_PROGRAM", "the program calls while it is being instantiated");
  }

  /** Gives everything back; runs under way end unheard. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const result of this.#results.values()) result.release();
    this.#results.clear();
    void this.#lose(disposed());
    this.#sessions.clear();
  }

  /** The module "ort", whose two waiting functions go by the call path. */
  imports(path: CallPath): WebAssembly.ModuleImports {
    const write = (text: string, into: number, capacity: number): number =>
      this.memory.writeText(text, into >>> 0, capacity >>> 0);
    return {
      can_wait: () => Number(this.#canWait && this.#mayWait("Run")),
      version: (into: number, capacity: number) => write(this.#engine.version, into, capacity),
      providers: (into: number, capacity: number) =>
        write(this.#engine.providers.map((name) => `${name}\0`).join(""), into, capacity),
      slot_name: (slot: number, into: number, capacity: number) =>
        write(SLOT_NAMES[slot] ?? "", into, capacity),
      error_message: (into: number, capacity: number) => write(this.#error, into, capacity),

      session_create: path.import(
        (model = 0, bytes = 0, at = 0, pathBytes = 0, options = 0, n = 0) =>
          this.#answer(() =>
            this.#createSession(
              model >>> 0,
              bytes >>> 0,
              at >>> 0,
              pathBytes >>> 0,
              options >>> 0,
              n >>> 0,
            ),
          ),
      ),
      session_release: (session: number) => this.#releaseSession(session),
      session_count: (session: number, side: number) => {
        const found = this.#sessions.get(session);
        return (side === OUTPUT ? found?.outputs : found?.inputs)?.length ?? 0;
      },
      session_name: (
        session: number,
        side: number,
        index: number,
        into: number,
        capacity: number,
      ) => write(this.#info(session, side, index)?.name ?? "", into, capacity),
      session_type: (session: number, side: number, index: number) =>
        this.#info(session, side, index)?.type ?? 0,
      session_rank: (session: number, side: number, index: number) =>
        this.#info(session, side, index)?.shape.length ?? 0,
      session_dimension: (session: number, side: number, index: number, dimension: number) =>
        this.#info(session, side, index)?.shape[dimension]?.size ?? -1,
      session_symbol: (
        session: number,
        side: number,
        index: number,
        dimension: number,
        into: number,
        capacity: number,
      ) => write(this.#info(session, side, index)?.shape[dimension]?.symbol ?? "", into, capacity),

      run_begin: (session: number) => this.#request.begin(session),
      run_input: (
        index: number,
        type: number,
        shape: number,
        rank: number,
        data: number,
        bytes: number,
      ) => this.#addInput(index, type, shape, rank, data, bytes),
      run_output: (index: number) => {
        this.#request.outputs.push(index);
      },
      run: path.import(() => this.#answer(() => this.#run())),
      run_start: (token: number) => this.#startRun(token),

      result_type: (result: number, index: number) => this.#tensor(result, index)?.type ?? 0,
      result_rank: (result: number, index: number) =>
        this.#tensor(result, index)?.shape.length ?? 0,
      result_bytes: (result: number, index: number) => this.#tensor(result, index)?.bytes ?? 0,
      result_shape: (result: number, index: number, into: number) =>
        this.memory.writeShape(this.#tensor(result, index)?.shape ?? [], into >>> 0),
      result_data: (result: number, index: number, into: number) =>
        this.#tensor(result, index)?.copyTo(this.memory, into >>> 0),
      result_release: (result: number) => this.#releaseResult(result),
    };
  }
}

const disposed = (): OrtFailure =>
  new OrtFailure("ORT_ENGINE_ERROR", "the program was disposed of");
