/**
 * How long a conversation's turns take, from the end of what the user says: to its transcription, to the
 * first sound of the answer, and to its end, which the reports call "conversation total elapsed".
 */
import type { Clock } from "../registry/clock.js";
import type { CollectorContext } from "./collector.js";

/** In ms from `speechEndMs` on; null for what did not come. */
export interface Turn {
  /** When the user stopped to speak, by the registry's clock. */
  readonly speechEndMs: number;
  readonly transcriptionMs: number | null;
  readonly firstAudioMs: number | null;
  readonly totalMs: number | null;
}

const TURNS_KEPT = 100;

type Mark = Exclude<keyof Turn, "speechEndMs">;
type OpenTurn = Pick<Turn, "speechEndMs"> & { [M in Mark]: Turn[M] };

export class Turns {
  readonly #clock: Clock;
  readonly #series: Readonly<Record<Mark | "waiting", (ms: number) => void>>;
  readonly #past: Turn[] = [];
  #turn: OpenTurn | undefined;

  /** @internal */
  constructor(clock: Clock, { series, onPeriod }: Omit<CollectorContext, "scope" | "periodMs">) {
    this.#clock = clock;
    const [transcription, firstAudio, total] = ["transcription", "first-audio", "total"].map(
      (name) => series(`turn/${name}`, { unit: "ms", point: "each" }),
    );
    const waiting = series("turn/waiting", { unit: "ms", point: "max", signal: "firstAudioMs" });
    this.#series = {
      transcriptionMs: (ms) => transcription?.record(ms),
      firstAudioMs: (ms) => firstAudio?.record(ms),
      totalMs: (ms) => total?.record(ms),
      waiting: (ms) => waiting.record(ms),
    };
    onPeriod((nowMs) => {
      const turn = this.#turn;
      if (turn?.firstAudioMs === null) this.#series.waiting(nowMs - turn.speechEndMs);
    });
  }

  /** The last 100, the oldest first; the one that is under way is not among them. */
  get past(): readonly Turn[] {
    return this.#past;
  }

  /** Whether the answer to what the user said is still under way. */
  get underWay(): boolean {
    return this.#turn !== undefined;
  }

  /** The user has spoken, or sent a text: a turn begins. One that was under way is cancelled. */
  speechEnd(): void {
    this.cancel();
    const speechEndMs = this.#clock.now();
    this.#turn = { speechEndMs, transcriptionMs: null, firstAudioMs: null, totalMs: null };
  }

  /** What the user said has come back as text. */
  transcription(): void {
    this.#mark("transcriptionMs");
  }

  /** The answer begins to be heard; later calls in the same turn change nothing. */
  firstAudio(): void {
    const ms = this.#mark("firstAudioMs");
    if (ms !== undefined) this.#series.waiting(ms);
  }

  /** The answer was heard to its end. */
  end(): void {
    if (this.#mark("totalMs") !== undefined) this.#close();
  }

  /** The turn was interrupted or given up: what it had reached stays in the series. */
  cancel(): void {
    if (this.#turn) this.#close();
  }

  /** Undefined when there is no turn, or it has that mark already. */
  #mark(mark: Mark): number | undefined {
    const turn = this.#turn;
    if (!turn || turn[mark] !== null) return undefined;
    const ms = this.#clock.now() - turn.speechEndMs;
    turn[mark] = ms;
    this.#series[mark](ms);
    return ms;
  }

  #close(): void {
    if (this.#turn) this.#past.push(this.#turn);
    this.#turn = undefined;
    if (this.#past.length > TURNS_KEPT) this.#past.shift();
  }
}
