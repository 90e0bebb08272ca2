/**
 * One answer at a time. The server waits, for ever, to hear that its answer was heard; so each turn is
 * completed exactly once: when the server has said that all of it was sent and the last sentence is
 * over, or at a deadline. A turn that was interrupted, or whose connection is gone, is never completed.
 *
 * The server says twice that all was sent, and listens only after the second time; so a turn that is
 * over already waits a moment for it.
 */

/** What turns need of the world. */
export interface TurnWorld {
  /** Tells the server that the answer was heard. */
  complete(): void;
  /** Calls back once, after a time; returns what prevents it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** A sentence that is to be heard. */
export interface Sentence {
  /** Whether it begins its turn. */
  readonly first: boolean;
  /** It was heard, or will not be. Harmless when repeated. */
  over(): void;
}

interface OpenSentence {
  readonly durationMs: number;
  readonly cut: () => void;
}

interface Turn {
  /** Not over yet. */
  readonly sentences: Set<OpenSentence>;
  spoken: boolean;
  synthesised: boolean;
  /** The second "all was sent" has come, or should have. */
  settled: boolean;
  stopDeadline: () => void;
  stopSettling: () => void;
}

/** For the second "all was sent": the server writes both in one go. */
export const SETTLE_MS = 50;
/** How much longer than its sound a turn may take. */
export const GRACE_MS = 10_000;

const nothing = (): void => {};

export class Turns {
  readonly #world: TurnWorld;
  #turn: Turn | undefined;

  constructor(world: TurnWorld) {
    this.#world = world;
  }

  /** The server begins to answer. */
  begin(): void {
    this.abandon();
    this.#open();
  }

  /**
   * A sentence has arrived; it begins a turn when none is under way.
   *
   * @param durationMs - of its sound
   * @param cut - called at the deadline: it is to be over
   */
  sentence(durationMs: number, cut: () => void): Sentence {
    const turn = this.#turn ?? this.#open();
    const first = !turn.spoken;
    const sentence = { durationMs, cut };
    turn.spoken = true;
    turn.sentences.add(sentence);
    const over = (): void => {
      if (turn.sentences.delete(sentence)) this.#check(turn);
    };
    return { first, over };
  }

  /** The server has sent all of the answer. Without a turn it means one that is no more. */
  synthComplete(): void {
    const turn = this.#turn;
    if (!turn) return;
    if (turn.synthesised) {
      turn.stopSettling();
      turn.settled = true;
      this.#check(turn);
      return;
    }
    turn.synthesised = true;
    let leftMs = 0;
    for (const { durationMs } of turn.sentences) leftMs += durationMs;
    turn.stopDeadline = this.#world.after(leftMs + GRACE_MS, () => this.#complete(turn));
    turn.stopSettling = this.#world.after(SETTLE_MS, () => {
      turn.settled = true;
      this.#check(turn);
    });
  }

  /** Interrupted, or nobody is there any more to be told. What is heard is not touched. */
  abandon(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    turn?.stopDeadline();
    turn?.stopSettling();
  }

  #open(): Turn {
    const turn: Turn = {
      sentences: new Set(),
      spoken: false,
      synthesised: false,
      settled: false,
      stopDeadline: nothing,
      stopSettling: nothing,
    };
    this.#turn = turn;
    return turn;
  }

  #check(turn: Turn): void {
    if (turn === this.#turn && turn.settled && turn.sentences.size === 0) this.#complete(turn);
  }

  #complete(turn: Turn): void {
    if (turn !== this.#turn) return;
    this.abandon();
    this.#world.complete();
    for (const { cut } of [...turn.sentences]) cut();
  }
}

let heard = nothing;

/** What tells the server; the newest one counts. */
export function whenHeard(tell: () => void): void {
  heard = tell;
}

/** The page's. */
export const turns: Turns = new Turns({
  complete: () => heard(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});
