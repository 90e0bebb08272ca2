/**
 * What a socket has still to send, and what it cannot yet be sure of.
 *
 * A message waits until it is handed to a socket, then it is unconfirmed: it may be in a buffer, on
 * its way, or at its destination. Only the answer to a PING tells, because a socket keeps the order:
 * what was handed over before the PING has arrived when the PONG comes. When the socket is lost, what
 * is unconfirmed is reported and never sent again, for it may have arrived: delivery is at most once,
 * in order, and what may be missing is known.
 *
 * Without a heartbeat nobody answers. Then `bufferedAmount` says at least what never left this
 * machine, and {@link Outbox.transmitted} forgets the rest.
 */
import { optionError, requireInteger, requireNumber, VoicepathError } from "../errors.js";

/** What WebSocket.send takes. */
export type SocketData = string | ArrayBuffer | ArrayBufferView | Blob;

/** Which message goes when there is no room: the oldest one waiting, the new one, or none. */
export type OutboxPolicy = "oldest" | "newest" | "error";

/** `unconfirmed` ones were handed to a socket that was lost, and may have arrived. */
export type DropReason = "overflow" | "unconfirmed" | "disposed";

export interface OutboxOptions {
  /** The most messages that wait, an integer from 1. Default 1000. */
  readonly maxMessages?: number;
  /** The most bytes that wait. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Default "oldest". */
  readonly policy?: OutboxPolicy;
}

const POLICIES: readonly unknown[] = ["oldest", "newest", "error"] satisfies OutboxPolicy[];
const DEFAULT_MAX_MESSAGES = 1000;
const DEFAULT_MAX_BYTES = 16 * 2 ** 20;

/** Bytes that WebSocket.send makes of a string: UTF-8, with U+FFFD for a lone surrogate. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) {
      bytes += 1;
    } else {
      bytes += 2;
      // A pair is four bytes for two units.
      if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    }
  }
  return bytes;
}

/**
 * The size of a message on the wire, without its frame.
 *
 * @throws VoicepathError OPTION for what is no message
 */
export function messageBytes(data: SocketData): number {
  if (typeof data === "string") return utf8Bytes(data);
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data.byteLength;
  if (typeof Blob !== "undefined" && data instanceof Blob) return data.size;
  throw optionError("data", data, "a string, an ArrayBuffer, a typed array, a DataView or a Blob");
}

/** What WebSocket.send does: once it has returned, the caller may write to the buffer again. */
function ownCopy(data: SocketData): SocketData {
  if (data instanceof ArrayBuffer) return data.slice(0);
  if (ArrayBuffer.isView(data))
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return data;
}

/** First in, first out, at a constant cost: the front is moved only when half of it is empty. */
class MessageQueue {
  readonly #data: (SocketData | undefined)[] = [];
  readonly #sizes: number[] = [];
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#data.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get first(): SocketData | undefined {
    return this.#data[this.#head];
  }

  get firstBytes(): number {
    return this.#sizes[this.#head] ?? 0;
  }

  push(data: SocketData, bytes: number): void {
    this.#data.push(data);
    this.#sizes.push(bytes);
    this.#bytes += bytes;
  }

  shift(): SocketData | undefined {
    const data = this.#data[this.#head];
    if (data === undefined) return undefined;
    this.#bytes -= this.firstBytes;
    this.#data[this.#head++] = undefined;
    if (this.#head * 2 >= this.#data.length) this.#moveToFront();
    return data;
  }

  #moveToFront(): void {
    const { length } = this;
    this.#data.copyWithin(0, this.#head);
    this.#sizes.copyWithin(0, this.#head);
    this.#data.length = this.#sizes.length = length;
    this.#head = 0;
  }
}

/** The messages of one socket, across all its reconnections. */
export class Outbox {
  readonly #waiting = new MessageQueue();
  readonly #unconfirmed = new MessageQueue();
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  readonly #policy: OutboxPolicy;
  readonly #dropped: (data: SocketData, reason: DropReason) => void;
  /** How many were handed over, ever, when each unanswered PING was sent. */
  #asked: number[] = [];
  #handed = 0;
  #disposed = false;

  /**
   * @param dropped - told of every message that will not be sent, or may not have arrived, oldest
   *   first; it may hold others, but one that overflowed would only push out the next
   * @throws VoicepathError OPTION
   */
  constructor(
    {
      maxMessages = DEFAULT_MAX_MESSAGES,
      maxBytes = DEFAULT_MAX_BYTES,
      policy = "oldest",
    }: OutboxOptions,
    dropped: (data: SocketData, reason: DropReason) => void,
  ) {
    this.#maxMessages = requireInteger("maxMessages", maxMessages, 1, Number.MAX_SAFE_INTEGER);
    this.#maxBytes = requireNumber("maxBytes", maxBytes, 0, Number.POSITIVE_INFINITY);
    if (!POLICIES.includes(policy))
      throw optionError("policy", policy, '"oldest", "newest" or "error"');
    this.#policy = policy;
    this.#dropped = dropped;
  }

  /** Messages not yet handed to a socket. */
  get waiting(): number {
    return this.#waiting.length;
  }

  get waitingBytes(): number {
    return this.#waiting.bytes;
  }

  /** Messages handed to a socket and not known to have arrived. */
  get unconfirmed(): number {
    return this.#unconfirmed.length;
  }

  get unconfirmedBytes(): number {
    return this.#unconfirmed.bytes;
  }

  /** The message to hand over next; tell {@link handed} when that is done. */
  get first(): SocketData | undefined {
    return this.#waiting.first;
  }

  /**
   * Lets a message wait for a socket. Buffers are copied, as WebSocket.send does.
   *
   * @returns whether it waits; false when it was dropped at once
   * @throws VoicepathError QUEUE_FULL when the policy is "error", OPTION for what is no message,
   *   DISPOSED; then nothing has changed
   */
  hold(data: SocketData): boolean {
    this.#requireLive();
    const bytes = messageBytes(data);
    if (this.#policy === "error" && !this.#fits(bytes)) throw this.#full(bytes);
    // To make room for what has no place even in an empty queue would drop everything for nothing.
    if (bytes > this.#maxBytes || (this.#policy === "newest" && !this.#fits(bytes))) {
      this.#dropped(data, "overflow");
      return false;
    }
    const own = ownCopy(data);
    // Those who are told may hold more, and may dispose of this.
    while (!this.#fits(bytes) && !this.#disposed) this.#drop(this.#waiting, "overflow");
    this.#requireLive();
    this.#waiting.push(own, bytes);
    return true;
  }

  /** The first message was handed to the socket. */
  handed(): void {
    const bytes = this.#waiting.firstBytes;
    const data = this.#waiting.shift();
    if (data !== undefined) this.#remember(data, bytes);
  }

  /** A message was handed to the socket without waiting: right only when none waits. */
  sent(data: SocketData): void {
    this.#requireLive();
    this.#remember(data, messageBytes(data));
  }

  /** A PING was sent: its answer will confirm what was handed over before. */
  asked(): void {
    this.#asked.push(this.#handed);
  }

  /** A PONG came: of the oldest PING that has none, for both ends keep the order. */
  answered(): void {
    const handed = this.#asked.shift();
    if (handed === undefined) return;
    const later = this.#handed - handed;
    while (this.#unconfirmed.length > later) this.#unconfirmed.shift();
  }

  /**
   * Without a heartbeat: forgets what has left this machine, which is all but the newest messages that
   * make up `bufferedAmount`. To be told after handing over, and before {@link lost}.
   */
  transmitted(bufferedAmount: number): void {
    const queue = this.#unconfirmed;
    while (queue.length > 0 && queue.bytes - queue.firstBytes >= bufferedAmount) queue.shift();
  }

  /** The socket is gone: what is unconfirmed is dropped, what waits goes on waiting. */
  lost(): void {
    this.#asked = [];
    this.#dropAll(this.#unconfirmed, "unconfirmed");
  }

  /** Drops everything. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.lost();
    this.#dropAll(this.#waiting, "disposed");
  }

  #fits(bytes: number): boolean {
    const { length, bytes: waiting } = this.#waiting;
    return length < this.#maxMessages && waiting + bytes <= this.#maxBytes;
  }

  #full(bytes: number): VoicepathError {
    return new VoicepathError(
      "QUEUE_FULL",
      `no room for ${bytes} bytes: ${this.waiting} of ${this.#maxMessages} messages and ` +
        `${this.waitingBytes} of ${this.#maxBytes} bytes wait for a connection`,
    );
  }

  #requireLive(): void {
    if (this.#disposed) throw new VoicepathError("DISPOSED", "this Outbox was disposed");
  }

  /**
   * The bounds hold here too, or a socket that is never asked, because the other end never falls
   * silent, would be remembered for ever. What goes is old, and has most likely arrived.
   */
  #remember(data: SocketData, bytes: number): void {
    const queue = this.#unconfirmed;
    queue.push(data, bytes);
    this.#handed++;
    while (queue.length > this.#maxMessages || (queue.bytes > this.#maxBytes && queue.length > 1))
      queue.shift();
  }

  #drop(queue: MessageQueue, reason: DropReason): void {
    const data = queue.shift();
    if (data !== undefined) this.#dropped(data, reason);
  }

  /** Those that are there now, not those that are added by who is told. */
  #dropAll(queue: MessageQueue, reason: DropReason): void {
    for (let left = queue.length; left > 0; left--) this.#drop(queue, reason);
  }
}
