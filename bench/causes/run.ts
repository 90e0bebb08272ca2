/** `npm run causes`: causes injected for real, and whether the monitor names them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commit, ROOT } from "../pages.js";
import { putFigures } from "../readme.js";
import { describeMachine } from "../report.js";
import {
  confusionMarkdown,
  confusionTable,
  isRight,
  isWrong,
  type Row,
  rowOf,
} from "./confusion.js";
import type { Injection } from "./injection.js";
import { INJECTIONS } from "./injections/index.js";
import { Laboratory } from "./laboratory.js";
import { type Outcome, runTrial } from "./trial.js";

const USAGE = `usage: npm run causes -- [options]
  --trials n      of each cause; 20 by default
  --clean n       without a cause; 100 by default
  --only a,b      only these causes; "none" for the clean runs
  --seed n        of the first trial; 1 by default
  --readme        put the table into README.md`;

const RESULTS = join(ROOT, "bench/results");
const RIGHT_SHARE = 0.95;
/** Of clean runs. */
const WRONG_SHARE = 0.01;

function options() {
  const { values } = parseArgs({
    options: {
      trials: { type: "string", default: "20" },
      clean: { type: "string", default: "100" },
      only: { type: "string", default: "" },
      seed: { type: "string", default: "1" },
      readme: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const count = (name: "trials" | "clean" | "seed"): number => {
    const number = Number(values[name]);
    if (!Number.isInteger(number) || number < 0 || number > 1e6)
      throw new Error(`--${name} is ${values[name]}; it must be 0 to 1000000`);
    return number;
  };
  const only = values.only.split(",").filter((name) => name !== "");
  const known = ["none", ...INJECTIONS.map(({ cause }) => cause)];
  const stranger = only.find((name) => !known.includes(name));
  if (stranger) throw new Error(`--only: no cause is called ${stranger}; there are ${known}`);
  return {
    trials: count("trials"),
    clean: count("clean"),
    seed: count("seed"),
    only: only.length > 0 ? only : known,
    readme: values.readme,
    help: values.help,
  };
}

/** What went wrong, in full. */
function explain({ injected, seed, answer, strays, options, diagnosis, points }: Outcome): string {
  const known = Object.entries(points).filter(([, values]) =>
    values.some((value) => Number.isFinite(value) && value !== 0),
  );
  return [
    `${injected}, seed ${seed}: ${answer}${strays.length > 0 ? `, on the way ${strays}` : ""}`,
    `  ${JSON.stringify(options)}`,
    `  ${diagnosis.symptoms}`,
    ...diagnosis.causes.map(({ cause, score, evidence }) => {
      const told = evidence.map(
        ({ series, value, limit, baseline, against }) =>
          `${against ? "but " : ""}${series} ${value.toFixed(1)} at ${limit.toFixed(1)}` +
          (baseline === null ? "" : ` usually ${baseline.toFixed(1)}`),
      );
      return `  ${cause} ${score}: ${told.join("; ")}`;
    }),
    ...known.map(([name, values]) => {
      const told = values.map((value) => (Number.isFinite(value) ? +value.toFixed(1) : "-"));
      return `  ${name}: ${told.join(" ")}`;
    }),
  ].join("\n");
}

/** One after the other: two pages at a time would be a busy machine to each other. */
async function runGroup(
  laboratory: Laboratory,
  injection: Injection | undefined,
  count: number,
  seed: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < count; i++) {
    const outcome = await runTrial(laboratory, injection, seed + i);
    outcomes.push(outcome);
    process.stdout.write(isRight(outcome) ? "." : isWrong(outcome) ? "!" : "?");
    if (!isRight(outcome)) console.log(`\n${explain(outcome)}\n  load ${loadavg()[0]?.toFixed(1)}`);
  }
  return outcomes;
}

async function main(): Promise<void> {
  const { trials, clean, seed, only, readme, help } = options();
  if (help) {
    console.log(USAGE);
    return;
  }
  const outcomes: Outcome[] = [];
  const rows: Row[] = [];
  const laboratory = await Laboratory.open();
  try {
    for (const injection of [undefined, ...INJECTIONS]) {
      const name = injection?.cause ?? "none";
      const count = injection ? trials : clean;
      if (!only.includes(name) || count === 0) continue;
      process.stdout.write(`${name} `);
      const group = await runGroup(laboratory, injection, count, seed);
      console.log();
      outcomes.push(...group);
      rows.push(rowOf(group));
    }
  } finally {
    await laboratory.close();
  }
  console.log(`\n${confusionTable(rows)}`);
  // An excerpt does not take the place of a full run.
  const full = trials >= 20 && clean >= 100 && rows.length === INJECTIONS.length + 1;
  const folder = full ? RESULTS : join(RESULTS, "partial");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "causes.json");
  const report = { time: new Date().toISOString(), machine: describeMachine(), commit: commit() };
  const kept = outcomes.map(({ points: _, ...outcome }) => outcome);
  writeFileSync(path, `${JSON.stringify({ ...report, rows, outcomes: kept }, null, 1)}\n`);
  console.log(`\n${path}`);
  if (readme) console.log(putFigures(ROOT, "causes", confusionMarkdown(rows, report)));
  const enough = ({ injected, right, wrong, trials }: Row): boolean =>
    injected === "none" ? wrong <= WRONG_SHARE * trials : right >= RIGHT_SHARE * trials;
  if (!rows.every(enough)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
