/** What a suite is, and the rows it gives. */
import type { Speech } from "../speech";

/** Everything that is measured in the same interleaved rounds. */
export interface Case {
  readonly suite: string;
  readonly case: string;
  /** The contender that ratios are taken against. */
  readonly peer: string;
}

/** One contender's result in one case. */
export interface Row extends Case {
  /** The npm name; another model or way of the same package follows after a space. */
  readonly contender: string;
  readonly unit: string;
  /** `null` where it could not be measured; `note` says why. */
  readonly median: number | null;
  readonly p5: number | null;
  readonly p95: number | null;
  readonly rounds: number;
  readonly note?: string;
}

/** What a suite may use while it runs. */
export interface RunContext {
  readonly speech: Speech;
  /** A smoke test: few rounds, figures of little worth. */
  readonly quick: boolean;
  readonly signal: AbortSignal;
  /** Told after each round, and given the event loop a turn by awaiting it. */
  progress(done: number, total: number): Promise<void>;
}

export interface Suite extends Case {
  readonly title: string;
  /** One sentence: what is timed, and how. */
  readonly about: string;
  run(context: RunContext): Promise<Row[]>;
}

export const VOICEPATH = "voicepath";
/** With Silero v5. */
export const VAD_WEB = "@ricky0123/vad-web";
export const VAD_WEB_V6 = "@ricky0123/vad-web v6";
/** Called from JavaScript. */
export const ORT_WEB = "onnxruntime-web";

/** Whether a contender is this package, in one of its ways. */
export const isOurs = (contender: string): boolean =>
  contender === VOICEPATH || contender.startsWith(`${VOICEPATH} `);

/** The row of a contender that cannot be measured here. */
export function unmeasured(
  { suite, case: name, peer }: Case,
  contender: string,
  unit: string,
  note: string,
): Row {
  const figures = { median: null, p5: null, p95: null, rounds: 0 };
  return { suite, case: name, peer, contender, unit, ...figures, note };
}
