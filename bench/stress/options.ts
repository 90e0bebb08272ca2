/** What a run is told, on the command line or by a test. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { StressError } from "./stress-error.js";

export const SCENARIOS = ["open-close", "mic", "reconnect", "turns", "model-switch"] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

/** What to click or type into, where the page's own names do not tell. */
export interface Selectors {
  readonly open?: string | undefined;
  readonly close?: string | undefined;
  readonly mic?: string | undefined;
  readonly input?: string | undefined;
  readonly model?: string | undefined;
}

export interface RunOptions {
  readonly url: string;
  readonly scenario: ScenarioName;
  readonly cycles: number;
  readonly selectors?: Selectors;
  /** Before those, not counted. Default a quarter of them, 2 to 50. */
  readonly warmUpCycles?: number | undefined;
  /** What the page is left alone for after each step; default: nothing with hooks, else 200 ms. */
  readonly settleMs?: number | undefined;
  /** Where the backend writes its task statistics. */
  readonly serverLog?: string | undefined;
  /** Of a cycle. Default 30 s, for turns 3 min. */
  readonly deadlineMs?: number | undefined;
}

export interface CommandOptions extends Omit<RunOptions, "url" | "scenario"> {
  /** Undefined: the project's own stage. */
  readonly url: string | undefined;
  readonly scenarios: readonly ScenarioName[];
  /** For reports; each scenario has a folder in it. */
  readonly out: string | undefined;
  readonly headed: boolean;
  /** Puts a summary into README.md. */
  readonly readme: boolean;
}

export const CYCLES_MIN = 5;
export const CYCLES_MAX = 100_000;
const MS_MAX = 3_600_000;

export const USAGE = `usage: npm run stress -- --cycles N [options]
  --cycles N         how often, ${CYCLES_MIN} to ${CYCLES_MAX}; 20 or more to be sure of the verdict
  --url URL          the frontend to drive; default: the project's own stage
  --scenario a,b     ${SCENARIOS.join(", ")}; default open-close
  --server-log FILE  where the backend writes "总任务=12, 活跃=3" or "total=12, active=3"
  --warm-up n        cycles before those, not counted; default a quarter of N, 2 to 50
  --settle-ms n      leave the page alone so long after each step
  --deadline-ms n    how long a cycle may take
  --open SELECTOR, --close SELECTOR   what opens and closes; default: the page is loaded and left
  --mic SELECTOR     the microphone's button
  --input SELECTOR   where text is typed
  --model SELECTOR   the choice of a character: a <select>, or what to click
  --out FOLDER       for the reports; default bench/results/stress
  --headed           show the browser
  --readme           put a summary into README.md`;

function integer(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new StressError(`--${option} is ${text}; it must be an integer from ${min} to ${max}`);
}

function address(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  if (["http:", "https:", "file:"].includes(protocol)) return text;
  throw new StressError(`--url is ${text}; it must be an address like http://localhost:12393`);
}

function scenarioNames(text: string): ScenarioName[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names)
    if (!SCENARIOS.some((known) => known === name))
      throw new StressError(`--scenario has "${name}"; there are ${SCENARIOS.join(", ")}`);
  return [...new Set(names)] as ScenarioName[];
}

/**
 * Undefined when only the usage was asked for.
 *
 * @throws StressError naming the option, what it is and what it may be
 */
export function parseCommand(args: readonly string[]): CommandOptions | undefined {
  const { values } = parse(args);
  if (values.help) return undefined;
  if (values.cycles === undefined) throw new StressError("--cycles is missing");
  const optional = (
    option: "warm-up" | "settle-ms" | "deadline-ms",
    min: number,
    max = MS_MAX,
  ): number | undefined =>
    values[option] === undefined ? undefined : integer(option, values[option], min, max);
  const { open, close, mic, input, model } = values;
  if ((open === undefined) !== (close === undefined))
    throw new StressError("--open and --close come together: one needs the other");
  const serverLog = values["server-log"];
  if (serverLog !== undefined && !existsSync(serverLog))
    throw new StressError(`--server-log is ${serverLog}; there is no such file`);
  return {
    url: values.url === undefined ? undefined : address(values.url),
    scenarios: scenarioNames(values.scenario),
    cycles: integer("cycles", values.cycles, CYCLES_MIN, CYCLES_MAX),
    selectors: { open, close, mic, input, model },
    warmUpCycles: optional("warm-up", 0, CYCLES_MAX),
    settleMs: optional("settle-ms", 0),
    deadlineMs: optional("deadline-ms", 100),
    serverLog,
    out: values.out,
    headed: values.headed,
    readme: values.readme,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: "string" },
        cycles: { type: "string" },
        scenario: { type: "string", default: "open-close" },
        "server-log": { type: "string" },
        "warm-up": { type: "string" },
        "settle-ms": { type: "string" },
        "deadline-ms": { type: "string" },
        open: { type: "string" },
        close: { type: "string" },
        mic: { type: "string" },
        input: { type: "string" },
        model: { type: "string" },
        out: { type: "string" },
        headed: { type: "boolean", default: false },
        readme: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (cause) {
    throw new StressError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
