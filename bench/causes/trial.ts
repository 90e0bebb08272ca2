/** One trial: a page that is well, a cause that is injected, and what the monitor says. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CauseName, Diagnosis } from "voicepath/monitor";
import { Random } from "../../tools/random.js";
import { Backend } from "./backend.js";
import type { Injection } from "./injection.js";
import type { Laboratory } from "./laboratory.js";
import type { AppOptions } from "./page/app-options.js";
import type { Said } from "./page/log.js";
import type {} from "./page/main.js"; // declares `app`

/** The cause that is surest; "unknown" when something is slow and none is named. */
export type Answer = CauseName | "unknown" | "none";

export interface Outcome {
  readonly injected: CauseName | "none";
  readonly seed: number;
  /** When the surest cause has settled; else at the end. */
  readonly answer: Answer;
  /** From the injection until the right cause was the surest; null when it never was. */
  readonly namedAfterMs: number | null;
  /** Wrong causes that were the surest on the way. */
  readonly strays: readonly CauseName[];
  readonly options: Partial<AppOptions>;
  readonly diagnosis: Diagnosis;
  /** What the rules read in the last ten seconds, by series. */
  readonly points: Readonly<Record<string, readonly number[]>>;
}

const WELL_MS = 2500;
/** For so long the same cause must be the surest to be the answer, right or wrong. */
const HOLD_MS = 1000;
const LIMIT_MS = 8000;
/** A page without an injection is judged for as long as it takes to fill the rules' five seconds. */
const CLEAN_MS = 5500;
const POINTS_KEPT = 40;

/** Pages are not all alike, either. */
function appOptions(random: Random, url: string): Partial<AppOptions> {
  return {
    url,
    loops: random.integer(1, 4),
    drawsPerFrame: random.integer(5, 40),
    vertices: random.integer(30_000, 120_000),
    silenceMs: random.integer(300, 1500),
  };
}

export function answerOf({ symptoms, causes }: Pick<Said, "symptoms" | "causes">): Answer {
  return causes[0]?.cause ?? (symptoms.length > 0 ? "unknown" : "none");
}

/** Without an injection the page stays well. */
export async function runTrial(
  laboratory: Laboratory,
  injection: Injection | undefined,
  seed: number,
): Promise<Outcome> {
  const random = new Random(seed);
  const backend = await Backend.start();
  const context = await laboratory.openContext();
  let end: (() => void) | undefined;
  try {
    const options = appOptions(random, backend.url);
    const page = await laboratory.openPage(context, options);
    await sleep(WELL_MS);
    const beganMs = await page.evaluate(() => performance.now());
    end = await injection?.begin({
      page,
      backend,
      random,
      openTab: () => laboratory.openPage(context, options),
      breakPage: (name, options) =>
        page.evaluate((fault) => app.break(fault.name, fault.options), { name, options }),
    });
    if (injection)
      await page.evaluate((hold, limit) => app.log.settle(hold, limit), HOLD_MS, LIMIT_MS);
    else await sleep(CLEAN_MS);
    const found = await page.evaluate(
      (count) => ({
        said: app.log.said,
        diagnosis: app.log.diagnosis(),
        points: app.log.points(count),
      }),
      POINTS_KEPT,
    );
    const injected = injection?.cause ?? "none";
    const last = found.said.at(-1);
    const right = found.said.find((said) => answerOf(said) === injected);
    const tops = found.said.flatMap(({ causes: [top] }) => (top ? [top.cause] : []));
    return {
      injected,
      seed,
      answer: last ? answerOf(last) : "none",
      namedAfterMs: injection && right ? Math.round(right.timeMs - beganMs) : null,
      strays: [...new Set(tops.filter((cause) => cause !== injected))],
      options,
      diagnosis: found.diagnosis,
      points: found.points,
    };
  } finally {
    end?.();
    backend.kill();
    await context.close();
  }
}
