/**
 * What happened, for tests, benchmarks and GET /protocol/state. Times are of the wall clock, in ms with
 * fractions: a page's `performance.timeOrigin + performance.now()` is on the same scale.
 */

export const nowMs = (): number => performance.timeOrigin + performance.now();

export interface ConnectionRecord {
  readonly uid: string;
  readonly openedMs: number;
  closedMs: number | undefined;
  /** Read from the network up to the newest message: after permessage-deflate, before TLS. */
  wireBytes: number;
}

export interface ReceivedRecord {
  readonly connection: string;
  /** Null when it has none. */
  readonly type: string | null;
  readonly timeMs: number;
  /** Of the text. */
  readonly bytes: number;
  /** Without `audio`; the beginning of the text when it is no JSON object. */
  readonly message: unknown;
}

export interface UtteranceRecord {
  readonly connection: string;
  /** At 16 kHz. Only of the newest: empty for older ones. */
  samples: Float32Array;
  readonly sampleCount: number;
  /** When its first piece arrived, if there was one. */
  readonly firstMs: number | undefined;
  /** When `mic-audio-end` arrived. */
  readonly endMs: number;
  /** Of all pieces as text, and of the end. */
  readonly bytes: number;
}

export interface TurnRecord {
  readonly connection: string;
  readonly by: "voice" | "text" | "unasked";
  readonly startedMs: number;
  user: string;
  sentences: number;
  /** When the second `backend-synth-complete` was sent. */
  synthesizedMs: number | undefined;
  /** Undefined while it lasts. */
  endedMs: number | undefined;
  interrupted: boolean;
  /** How many `frontend-playback-complete` came before the next turn. */
  completes: number;
}

/** So that a server may run for days. */
const RECORDS_MAX = 10_000;
const UTTERANCES_WITH_SAMPLES = 64;
/** Characters kept of what is no message. */
const TEXT_MAX = 200;

/** The newest records. */
function keep<Item>(records: Item[], record: Item): Item {
  records.push(record);
  if (records.length > RECORDS_MAX) records.splice(0, RECORDS_MAX / 2);
  return record;
}

export class Books {
  readonly connections: ConnectionRecord[] = [];
  readonly received: ReceivedRecord[] = [];
  readonly utterances: UtteranceRecord[] = [];
  readonly turns: TurnRecord[] = [];
  readonly #receivedByType = new Map<string, number>();

  opens(uid: string): ConnectionRecord {
    return keep(this.connections, { uid, openedMs: nowMs(), closedMs: undefined, wireBytes: 0 });
  }

  receives(connection: string, text: string, message: unknown): ReceivedRecord {
    const { type, audio, ...rest } = Object(message);
    const isObject = typeof message === "object" && message !== null && !Array.isArray(message);
    const name = typeof type === "string" ? type : null;
    this.#receivedByType.set(name ?? "", (this.#receivedByType.get(name ?? "") ?? 0) + 1);
    return keep(this.received, {
      connection,
      type: name,
      timeMs: nowMs(),
      bytes: Buffer.byteLength(text),
      message: isObject ? { type, ...rest } : text.slice(0, TEXT_MAX),
    });
  }

  hears(utterance: UtteranceRecord): void {
    keep(this.utterances, utterance);
    const old = this.utterances.at(-1 - UTTERANCES_WITH_SAMPLES);
    if (old) old.samples = new Float32Array();
  }

  begins(connection: string, by: TurnRecord["by"]): TurnRecord {
    return keep(this.turns, {
      connection,
      by,
      startedMs: nowMs(),
      user: "",
      sentences: 0,
      synthesizedMs: undefined,
      endedMs: undefined,
      interrupted: false,
      completes: 0,
    });
  }

  /** Of messages received, by type; "" for those without. */
  get receivedByType(): Record<string, number> {
    return Object.fromEntries(this.#receivedByType);
  }
}
