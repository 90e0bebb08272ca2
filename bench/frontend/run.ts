/** `npm run frontend`: the frontend before and after `voicepath-patch`, in one table. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { SHAPES, type Shape } from "../../frontend-patch/app/compose.js";
import { LANGUAGES } from "../../tests/server/protocol/script.js";
import type { Row } from "../page/suites/suite.js";
import { commit, ROOT } from "../pages.js";
import { putFigures } from "../readme.js";
import { describeMachine, table } from "../report.js";
import { Rig } from "../stress/rig.js";
import { growthOf, SCENARIOS } from "./growth.js";
import { frontendMarkdown } from "./markdown.js";
import { measureTwins } from "./measured.js";
import { MEASURES } from "./measures/index.js";
import { writeMicrophones } from "./microphones.js";
import { record } from "./recording.js";
import { buildTwins } from "./twins.js";

const USAGE = `usage: npm run frontend -- [options]
  --shape contexts|store   which twin; default contexts
  --only text              measures whose name has this in it
  --rounds n               at most so many of each
  --cycles n               of the stress runs; default 20, 0 for none
  --conversations          record whole conversations instead, English and Chinese
  --readme                 put the table, or the pictures, into README.md`;

const RESULTS = join(ROOT, "bench/results/frontend");

function options() {
  const { values } = parseArgs({
    options: {
      shape: { type: "string", default: "contexts" },
      only: { type: "string", default: "" },
      rounds: { type: "string", default: "100" },
      cycles: { type: "string", default: "20" },
      conversations: { type: "boolean", default: false },
      readme: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const shape = SHAPES.find((name) => name === values.shape);
  if (!shape) throw new Error(`--shape is ${values.shape}; it must be ${SHAPES.join(" or ")}`);
  const integer = (name: "rounds" | "cycles", min: number): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= min && value <= 1000) return value;
    throw new Error(`--${name} is ${values[name]}; it must be an integer from ${min} to 1000`);
  };
  return { ...values, shape, rounds: integer("rounds", 1), cycles: integer("cycles", 0) };
}

/** @throws when one does not go as it should */
async function recordAll(shape: Shape, readme: boolean): Promise<void> {
  const [, { app }] = await buildTwins(shape);
  for (const language of LANGUAGES) {
    const { faults, sheet } = await record(app, language, join(RESULTS, shape, language));
    console.log(sheet);
    if (faults.length > 0) throw new Error(`${language}: ${faults.join("; ")}`);
    if (readme) copyFileSync(sheet, join(ROOT, `docs/conversation-${language}.png`));
  }
}

/** Prints rows as they come. */
async function measure(shape: Shape, only: string, rounds: number, cycles: number): Promise<Row[]> {
  const twins = await buildTwins(shape);
  const tell = (found: readonly Row[]): void => console.log(`${table(found)}\n`);
  const rows = await measureTwins(twins, { only, rounds }, tell);
  if (cycles === 0) return rows;
  const rig = await Rig.open({ microphone: writeMicrophones().silence });
  try {
    for (const scenario of SCENARIOS)
      if (`growth, ${scenario}`.includes(only)) {
        const found: Row[] = [];
        for (const twin of twins) found.push(await growthOf(rig, twin, scenario, cycles));
        rows.push(...found);
        tell(found);
      }
  } finally {
    await rig.close();
  }
  return rows;
}

/** What was not measured now stays what it was, so that a table may be measured in parts. */
function withEarlier(rows: readonly Row[], path: string): Row[] {
  const earlier: Row[] = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).rows : [];
  const isNew = ({ case: name }: Row): boolean => rows.some((row) => row.case === name);
  const all = [...rows, ...earlier.filter((row) => !isNew(row))];
  const order = ({ case: name }: Row): number => {
    const at = MEASURES.findIndex((measure) => measure.name === name);
    return at < 0 ? MEASURES.length : at;
  };
  return all.sort((a, b) => order(a) - order(b));
}

async function main(): Promise<void> {
  const { shape, only, rounds, cycles, conversations, readme, help } = options();
  if (help) {
    console.log(USAGE);
    return;
  }
  if (conversations) {
    await recordAll(shape, readme);
    return;
  }
  const rows = await measure(shape, only, rounds, cycles);
  const path = join(RESULTS, `${shape}.json`);
  const all = withEarlier(rows, path);
  const source = `${describeMachine()}, commit ${commit()}`;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(path, `${JSON.stringify({ shape, source, rows: all }, null, 2)}\n`);
  console.log(path);
  if (readme) console.log(putFigures(ROOT, "frontend", `${frontendMarkdown(all)}\n\n${source}.`));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
