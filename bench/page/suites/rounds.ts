/** Interleaved rounds: in every round each contender does the same work, and the order turns. */
import type { Case, Row, RunContext } from "./suite";

/** A contender ready to run. */
export interface Runner {
  /** The samples of one round; each becomes part of the distribution. */
  round(index: number): Promise<readonly number[]>;
  close?(): void | Promise<void>;
}

export interface Contender {
  readonly name: string;
  open(): Promise<Runner>;
}

export interface RoundOptions {
  readonly rounds: number;
  /** Rounds whose samples are thrown away: code is compiled, caches are filled. Default 1. */
  readonly warmups?: number;
  /** Keep the order, where the first contender is the floor of the others. */
  readonly fixedOrder?: boolean;
}

/** The value below which a share of the samples lies, interpolated. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

export function summarize(
  { suite, case: name, peer }: Case,
  contender: string,
  unit: string,
  samples: readonly number[],
  rounds: number,
): Row {
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    suite,
    case: name,
    peer,
    contender,
    unit,
    median: quantile(sorted, 0.5),
    p5: quantile(sorted, 0.05),
    p95: quantile(sorted, 0.95),
    rounds,
  };
}

/** Opens all contenders, runs the rounds, closes them whatever happens. */
export async function interleave(
  suite: Case,
  unit: string,
  contenders: readonly Contender[],
  { rounds, warmups = 1, fixedOrder = false }: RoundOptions,
  { progress, signal }: Pick<RunContext, "progress" | "signal">,
): Promise<Row[]> {
  const runners: { name: string; runner: Runner; samples: number[] }[] = [];
  try {
    for (const { name, open } of contenders)
      runners.push({ name, runner: await open(), samples: [] });
    const total = rounds + warmups;
    for (let round = 0; round < total; round++) {
      for (let turn = 0; turn < runners.length; turn++) {
        signal.throwIfAborted();
        const entry = runners[fixedOrder ? turn : (round + turn) % runners.length];
        if (!entry) continue;
        const samples = await entry.runner.round(round);
        if (round >= warmups) for (const sample of samples) entry.samples.push(sample);
        await progress(round * runners.length + turn + 1, total * runners.length);
      }
    }
    return runners.map(({ name, samples }) => summarize(suite, name, unit, samples, rounds));
  } finally {
    for (const { runner } of runners) await runner.close?.();
  }
}
