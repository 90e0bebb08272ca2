/** The resampler's quality and speed beside its peers, in Node: tables, and rows as JSON. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Row, unmeasured } from "../page/suites/suite.js";
import { NATIVE_RESAMPLERS } from "../peers/native-resamplers.js";
import { RESAMPLERS } from "../peers/resamplers.js";
import { describeMachine } from "../report.js";
import { type Rates, type ResamplerContender, rateNames } from "./conversion.js";
import { LIVE_PEER, LIVE_PEERS, WHOLE_PEER } from "./peer-names.js";
import { measureQuality } from "./quality.js";
import {
  qualityCase,
  qualityLine,
  qualityRows,
  qualityTable,
  SPEED,
  speedTable,
} from "./report.js";
import { measureSpeed, SPEED_UNIT } from "./speed.js";

const USAGE = `usage: node --import tsx bench/resampler/run.ts [options]
  --contenders a,b   only those whose names contain one of these: voicepath,q10,soxr
  --pairs a,b        only these: 48-16,44.1-16
  --only what        quality or speed
  --quick            few rounds, for a smoke test
  --json FILE        also write the rows there`;

const PAIRS: readonly Rates[] = [
  { inputHz: 48000, outputHz: 16000 },
  { inputHz: 44100, outputHz: 16000 },
  { inputHz: 24000, outputHz: 48000 },
  { inputHz: 16000, outputHz: 48000 },
  { inputHz: 24000, outputHz: 44100 },
  { inputHz: 22050, outputHz: 48000 },
];

function options() {
  const { values } = parseArgs({
    options: {
      contenders: { type: "string", default: "" },
      pairs: { type: "string", default: "" },
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const list = (text: string): string[] => text.split(",").filter((name) => name !== "");
  const [contenders, pairs] = [list(values.contenders), list(values.pairs)];
  const unknown = pairs.find((name) => !PAIRS.some((rates) => rateNames(rates) === name));
  if (unknown !== undefined)
    throw new Error(`--pairs has ${unknown}; it must be of ${PAIRS.map(rateNames).join(", ")}`);
  if (values.only !== undefined && values.only !== "quality" && values.only !== "speed")
    throw new Error(`--only is ${values.only}; it must be quality or speed`);
  return { ...values, contenders, pairs };
}

function chooseContenders(names: readonly string[]): ResamplerContender[] {
  const all = [...RESAMPLERS, ...NATIVE_RESAMPLERS];
  if (names.length === 0) return all;
  for (const name of names)
    if (!all.some((contender) => contender.name.includes(name)))
      throw new Error(
        `--contenders has ${name}; there are ${all.map((contender) => contender.name).join(", ")}`,
      );
  return all.filter((contender) => names.some((name) => contender.name.includes(name)));
}

async function showQuality(
  contenders: readonly ResamplerContender[],
  rates: Rates,
): Promise<Row[]> {
  const pair = rateNames(rates);
  const rows: Row[] = [];
  const lines: string[][] = [];
  for (const contender of contenders) {
    const { name } = contender;
    const refusal = contender.cannot?.(rates);
    if (refusal === undefined) {
      const quality = await measureQuality(contender, rates);
      lines.push(qualityLine(name, quality));
      rows.push(...qualityRows(pair, LIVE_PEER, name, quality));
    } else {
      rows.push(unmeasured(qualityCase(pair, "distortion", LIVE_PEER), name, "dB", refusal));
    }
  }
  console.log(`${[qualityTable(pair, lines), ...refusals(rows)].join("\n")}\n`);
  return rows;
}

const refusals = (rows: readonly Row[]): string[] =>
  rows.flatMap(({ contender, note }) => (note === undefined ? [] : [`${contender}: ${note}`]));

interface Race {
  /** What comes in at a time. */
  readonly case: "blocks" | "clips";
  readonly title: string;
  readonly peer: string;
  readonly peers: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
}

async function showRace(
  contenders: readonly ResamplerContender[],
  rates: Rates,
  { case: name, title, peer, peers, ...options }: Race,
): Promise<Row[]> {
  if (contenders.length === 0) return [];
  const pair = rateNames(rates);
  const measured = { suite: SPEED, case: `${pair}/${name}`, peer };
  const able: ResamplerContender[] = [];
  const unable: Row[] = [];
  for (const contender of contenders) {
    const refusal = contender.cannot?.(rates);
    if (refusal === undefined) able.push(contender);
    else unable.push(unmeasured(measured, contender.name, SPEED_UNIT, refusal));
  }
  const rows = await measureSpeed(measured, able, rates, options);
  const table = speedTable(`${pair}, ${title}`, rows, peers);
  console.log(`${[table, ...refusals(unable)].join("\n")}\n`);
  return [...rows, ...unable];
}

async function showSpeed(
  contenders: readonly ResamplerContender[],
  rates: Rates,
  quick: boolean,
): Promise<Row[]> {
  const rounds = quick ? 3 : 15;
  const live = contenders.filter(({ whole }) => !whole);
  const whole = contenders.filter(({ whole }) => whole);
  return [
    ...(await showRace(live, rates, {
      case: "blocks",
      title: "blocks of 128",
      peer: LIVE_PEER,
      peers: LIVE_PEERS,
      rounds,
      seconds: 1,
    })),
    ...(await showRace(whole, rates, {
      case: "clips",
      title: "whole clips",
      peer: WHOLE_PEER,
      peers: [WHOLE_PEER],
      rounds,
      seconds: quick ? 2 : 20,
    })),
  ];
}

async function main(): Promise<void> {
  const { contenders: names, pairs, only, quick, json, help } = options();
  if (help) {
    console.log(USAGE);
    return;
  }
  const chosen = chooseContenders(names);
  console.log(`Node ${process.version}\n${describeMachine()}\n`);
  const rows: Row[] = [];
  for (const rates of PAIRS) {
    if (pairs.length > 0 && !pairs.includes(rateNames(rates))) continue;
    if (only !== "speed") rows.push(...(await showQuality(chosen, rates)));
    if (only !== "quality") rows.push(...(await showSpeed(chosen, rates, quick)));
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows, null, 2)}\n`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
