/**
 * vp_connection: when a socket is opened, when it is given up, when it is tried again. A step is one
 * call and the status is read where C keeps it, so nothing here makes garbage after creation.
 */
import {
  type Pointer,
  VP_BUDGET_OPENS_MAX,
  VP_CONNECTION_MS_MAX,
  vp_connection_config,
  vp_connection_status,
} from "../abi.gen.js";
import { definedOnly } from "../defined-only.js";
import { checkStatus, optionError, requireBoolean, requireInteger } from "../errors.js";
import { Handle, type Heap, readField, writeStruct } from "../handle.js";
import type { SessionModule } from "../wasm.js";

/** How a connection is kept. Durations are integers, at most a day. */
export interface ConnectionConfig {
  /** An attempt that takes longer has failed. Default 10000 ms. */
  readonly connectTimeoutMs?: number;
  /**
   * After n failures in a row the next attempt waits a random time up to `backoffBaseMs * 2 ** n`.
   * Default 2000 ms.
   */
  readonly backoffBaseMs?: number;
  /** But no longer than this. Default 6000 ms. */
  readonly backoffCapMs?: number;
  /** Failures are forgotten when a connection has lived this long. Default 5000 ms. */
  readonly minUptimeMs?: number;
  /** At most so many sockets, 1 to 64, are opened in any `budgetWindowMs`. Default 20. */
  readonly budgetOpens?: number;
  /** 0 for no budget. Default 60000 ms. */
  readonly budgetWindowMs?: number;
  /** After so many failures in a row, one attempt per `breakerCooldownMs`; 0 for never. Default 3. */
  readonly breakerFailures?: number;
  /** Default 6000 ms. */
  readonly breakerCooldownMs?: number;
  /** How often the other end is asked for a sign of life; 0 for never, the default. */
  readonly heartbeatMs?: number;
  /** The silence after asking that means a dead link. Default 10000 ms. */
  readonly heartbeatTimeoutMs?: number;
  /** The most that good news (online, visible, back, leading) is jittered by. Default 200 ms. */
  readonly resumeJitterMs?: number;
  /** A server on this machine needs no network. Default false. */
  readonly ignoreOffline?: boolean;
}

type NumberOption = Exclude<keyof ConnectionConfig, "ignoreOffline">;

/** Where each number goes, and its range. */
const NUMBERS = {
  connectTimeoutMs: { field: "connect_timeout_ms", min: 1, max: VP_CONNECTION_MS_MAX },
  backoffBaseMs: { field: "backoff_base_ms", min: 1, max: VP_CONNECTION_MS_MAX },
  backoffCapMs: { field: "backoff_cap_ms", min: 1, max: VP_CONNECTION_MS_MAX },
  minUptimeMs: { field: "min_uptime_ms", min: 0, max: VP_CONNECTION_MS_MAX },
  budgetOpens: { field: "budget_opens", min: 1, max: VP_BUDGET_OPENS_MAX },
  budgetWindowMs: { field: "budget_window_ms", min: 0, max: VP_CONNECTION_MS_MAX },
  breakerFailures: { field: "breaker_failures", min: 0, max: 0xffffffff },
  breakerCooldownMs: { field: "breaker_cooldown_ms", min: 0, max: VP_CONNECTION_MS_MAX },
  heartbeatMs: { field: "heartbeat_ms", min: 0, max: VP_CONNECTION_MS_MAX },
  heartbeatTimeoutMs: { field: "heartbeat_timeout_ms", min: 1, max: VP_CONNECTION_MS_MAX },
  resumeJitterMs: { field: "resume_jitter_ms", min: 0, max: VP_CONNECTION_MS_MAX },
} as const satisfies Record<
  NumberOption,
  { field: keyof typeof vp_connection_config.fields; min: number; max: number }
>;

const NUMBER_OPTIONS = Object.keys(NUMBERS) as NumberOption[];

/**
 * `changes` over `config`. A base or cap given alone is no mistake: the other one follows it.
 *
 * @throws VoicepathError OPTION, naming the option, its value and its range
 */
function changedConfig(
  config: Required<ConnectionConfig>,
  changes: ConnectionConfig,
): Required<ConnectionConfig> {
  const given = definedOnly(changes);
  const all: Required<ConnectionConfig> = { ...config, ...given };
  for (const option of NUMBER_OPTIONS)
    requireInteger(option, all[option], NUMBERS[option].min, NUMBERS[option].max);
  requireBoolean("ignoreOffline", all.ignoreOffline);
  const { backoffBaseMs, backoffCapMs } = all;
  if (backoffBaseMs <= backoffCapMs) return all;
  if (given.backoffCapMs === undefined) return { ...all, backoffCapMs: backoffBaseMs };
  if (given.backoffBaseMs === undefined) return { ...all, backoffBaseMs: backoffCapMs };
  throw optionError("backoffBaseMs", backoffBaseMs, `1 to backoffCapMs, which is ${backoffCapMs}`);
}

function readConfig(heap: Heap, at: number): Required<ConnectionConfig> {
  const word = (field: keyof typeof vp_connection_config.fields): number =>
    readField(heap, at, vp_connection_config, field);
  const numbers = NUMBER_OPTIONS.map((option) => [option, word(NUMBERS[option].field)]);
  return { ...Object.fromEntries(numbers), ignoreOffline: word("ignore_offline") !== 0 };
}

function writeConfig(heap: Heap, at: number, config: Required<ConnectionConfig>): void {
  writeStruct(heap, at, vp_connection_config, {
    connect_timeout_ms: config.connectTimeoutMs,
    backoff_base_ms: config.backoffBaseMs,
    backoff_cap_ms: config.backoffCapMs,
    min_uptime_ms: config.minUptimeMs,
    budget_opens: config.budgetOpens,
    budget_window_ms: config.budgetWindowMs,
    breaker_failures: config.breakerFailures,
    breaker_cooldown_ms: config.breakerCooldownMs,
    heartbeat_ms: config.heartbeatMs,
    heartbeat_timeout_ms: config.heartbeatTimeoutMs,
    resume_jitter_ms: config.resumeJitterMs,
    ignore_offline: config.ignoreOffline,
  });
}

/** One vp_connection. Everything throws DISPOSED after {@link dispose}. */
export class Connection {
  readonly #session: SessionModule;
  readonly #handle: Handle<"vp_connection">;
  /** Where configurations are handed over. */
  readonly #input: Pointer<"vp_connection_config">;
  #config: Required<ConnectionConfig>;

  private constructor(session: SessionModule, changes: ConnectionConfig) {
    const { exports, heap } = session;
    const input = heap.allocate<"vp_connection_config">(vp_connection_config.size);
    let pointer: Pointer<"vp_connection"> | undefined;
    try {
      exports.vp_connection_config_init(input);
      this.#config = changedConfig(readConfig(heap, input), changes);
      writeConfig(heap, input, this.#config);
      const size = checkStatus(exports.vp_connection_size());
      pointer = heap.allocate<"vp_connection">(size);
      checkStatus(exports.vp_connection_init(pointer, size, input));
    } catch (error) {
      if (pointer !== undefined) heap.free(pointer);
      heap.free(input);
      throw error;
    }
    this.#session = session;
    this.#input = input;
    this.#handle = new Handle(heap, "Connection", pointer, [input]);
  }

  /** @throws VoicepathError OPTION, VP_E_MEMORY */
  static create(session: SessionModule, config: ConnectionConfig = {}): Connection {
    return new Connection(session, config);
  }

  /** What is in effect, defaults included. */
  get config(): Required<ConnectionConfig> {
    return this.#config;
  }

  /**
   * Changes what is given and keeps the rest. It takes effect with the next step: tell TIMER.
   *
   * @throws VoicepathError OPTION, DISPOSED; then nothing has changed
   */
  configure(changes: ConnectionConfig): void {
    const { exports, heap } = this.#session;
    const pointer = this.#handle.pointer;
    const config = changedConfig(this.#config, changes);
    writeConfig(heap, this.#input, config);
    checkStatus(exports.vp_connection_configure(pointer, this.#input));
    this.#config = config;
  }

  /**
   * Tells what happened.
   *
   * @param event - VP_EVENT_*
   * @param epoch - of the socket it happened to; counts for OPENED, LOST, RECEIVED and PONG only
   * @param nowMs - a clock that may stand still but should not go back
   * @param random - in [0, 1)
   * @returns VP_ACTION_* bits: what to do, in the order CLOSE, OPEN, PING
   * @throws VoicepathError VP_E_EVENT, VP_E_TIME, VP_E_RANDOM, DISPOSED
   */
  step(event: number, epoch: number, nowMs: number, random: number): number {
    return checkStatus(
      this.#session.exports.vp_connection_step(this.#handle.pointer, event, epoch, nowMs, random),
    );
  }

  /** VP_CONNECTION_* */
  get phase(): number {
    return this.#read("phase");
  }

  /** When to step with TIMER; Infinity for never. */
  get dueMs(): number {
    return this.#read("due_ms");
  }

  /** The number of the newest socket; 0 before the first. */
  get epoch(): number {
    return this.#read("epoch");
  }

  /** VP_REASON_* of the last loss, pause or refusal. */
  get reason(): number {
    return this.#read("reason");
  }

  /** When the socket of this epoch opened; -1 when it has not. */
  get openedMs(): number {
    return this.#read("opened_ms");
  }

  /** Of the newest answered PING; -1 before the first. */
  get rttMs(): number {
    return this.#read("rtt_ms");
  }

  /** As RFC 6298 smooths it; -1 before the first. */
  get smoothedRttMs(): number {
    return this.#read("smoothed_rtt_ms");
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#read("failures");
  }

  /** Sockets ever opened. */
  get opens(): number {
    return this.#read("opens");
  }

  /** Events of sockets that were closed before. */
  get stale(): number {
    return this.#read("stale");
  }

  /** Attempts that the budget put off. */
  get overBudget(): number {
    return this.#read("over_budget");
  }

  /** How often the breaker tripped. */
  get trips(): number {
    return this.#read("trips");
  }

  /** Whether the attempt under way decides about the breaker. */
  get halfOpen(): boolean {
    return this.#read("half_open") !== 0;
  }

  get disposed(): boolean {
    return this.#handle.disposed;
  }

  /** Gives the memory back. Harmless when repeated. */
  dispose(): void {
    this.#handle.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #read(field: keyof typeof vp_connection_status.fields): number {
    return readField(this.#session.heap, this.#handle.pointer, vp_connection_status, field);
  }
}
