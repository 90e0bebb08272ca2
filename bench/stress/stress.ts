/**
 * A scenario over and over in one tab:
 *
 *     what measuring a blank page costs → warm-up → cycles, readings in between → verdicts → where
 */

import { trendOf } from "../../dist/monitor/index.js";
import { BLANK_SELECTORS, blankPage } from "./blank-page.js";
import { COUNTERS, HEAP } from "./counters.js";
import type { RunOptions } from "./options.js";
import { lookTwice } from "./reading.js";
import { type Cycles, repeat } from "./repeat.js";
import type { CounterReport, Growth, StressReport } from "./report.js";
import type { Rig } from "./rig.js";
import { type Scenario, stageScenario } from "./scenario.js";
import { ServerLog } from "./server-log.js";
import { Tab } from "./tab.js";
import { judge } from "./verdicts.js";
import { grownPlaces, sampleAllocations } from "./where.js";

export interface Progress {
  readonly cycle: number;
  readonly cycles: number;
  readonly elapsedMs: number;
}

const READINGS_MAX = 200;
/** What a page opens once and keeps is no leak; of long runs, a quarter but no more than 50 cycles. */
const WARM_UP_CYCLES_MIN = 2;
const WARM_UP_CYCLES_MAX = 50;
const WARM_UP_PART = 1 / 4;
/** The first readings themselves leave something in the heap. */
const WARM_UP_READINGS = 8;
const BLANK_READINGS = 12;
const BLANK_CYCLES_A_READING_MAX = 10;
const DEADLINE_MS = 30_000;
const TURN_DEADLINE_MS = 180_000;

/** @throws StressError when the page does not work */
export async function stress(
  rig: Rig,
  options: RunOptions,
  tell: (progress: Progress) => void = () => {},
): Promise<StressReport> {
  const start = performance.now();
  const time = new Date();
  const { url, scenario: name, cycles, serverLog } = options;
  const { warmUpCycles = clamp(WARM_UP_PART * cycles, WARM_UP_CYCLES_MIN, WARM_UP_CYCLES_MAX) } =
    options;
  const log = serverLog === undefined ? undefined : new ServerLog(serverLog);
  const tab = await openTab(rig, options);
  try {
    await tab.goto(url);
    const scenario = await stageScenario(name, { ...options, tab, blank: false });
    const cyclesAReading = Math.ceil(cycles / READINGS_MAX);
    const blankSlope = await blankSlopeOf(rig, options, scenario, cyclesAReading);
    await warmUp(tab, scenario, warmUpCycles);
    if (scenario.oneDocument) await tab.evaluate("voicepathProbe.mark()");
    const run = await repeat(tab, scenario, { cycles, cyclesAReading, log }, (cycle) =>
      tell({ cycle, cycles, elapsedMs: performance.now() - start }),
    );

    const counters = judge(rig.session, run.readings, blankSlope);
    const rising = counters.filter(({ verdict }) => verdict === "rising");
    return {
      version: 1,
      timeISO: time.toISOString(),
      url,
      scenario: name,
      way: scenario.way,
      engine: `Chromium ${rig.browser.version()}`,
      cycles,
      warmUpCycles,
      durationMs: performance.now() - start,
      readings: run.readings.map(({ cycle }) => cycle),
      blankSlope,
      counters,
      rising: rising.map(({ name }) => name),
      growth: await findGrowth(tab, scenario, run, rising),
      notes: notes(tab, log),
    };
  } finally {
    // One that hangs may not close; the browser will.
    await Promise.race([tab.close(), new Promise((resolve) => setTimeout(resolve, 2000))]);
  }
}

function openTab({ browser, script }: Rig, { scenario, deadlineMs }: RunOptions): Promise<Tab> {
  const ownMs = scenario === "turns" ? TURN_DEADLINE_MS : DEADLINE_MS;
  return Tab.open(browser, { script, deadlineMs: deadlineMs ?? ownMs });
}

const clamp = (value: number, min: number, max: number): number =>
  Math.round(Math.min(max, Math.max(min, value)));

async function warmUp(tab: Tab, scenario: Scenario, cycles: number): Promise<void> {
  for (let i = 0; i < cycles; i++) await scenario.cycle(async () => {});
  for (let i = 0; i < WARM_UP_READINGS; i++) await lookTwice(tab);
}

/** By how much a blank page's heap grows with the same calls, in kB a cycle; measured once. */
function blankSlopeOf(
  rig: Rig,
  options: RunOptions,
  like: Scenario,
  cyclesAReading: number,
): Promise<number> {
  const each = Math.min(cyclesAReading, BLANK_CYCLES_A_READING_MAX);
  // All hooks of a blank page cost the same.
  const key = like.hooked ? `hooks ${each}` : `${options.scenario} ${like.clicked} ${each}`;
  const known = rig.blankSlopes.get(key) ?? measureBlank(rig, options, like, each);
  rig.blankSlopes.set(key, known);
  return known;
}

async function measureBlank(
  rig: Rig,
  options: RunOptions,
  { hooked, clicked }: Scenario,
  cyclesAReading: number,
): Promise<number> {
  const tab = await openTab(rig, options);
  try {
    const url = blankPage(options.scenario, hooked);
    const selectors = clicked ? BLANK_SELECTORS : {};
    await tab.goto(url);
    const setting = { tab, url, selectors, settleMs: 0, blank: true };
    const scenario = await stageScenario(options.scenario, setting);
    await warmUp(tab, scenario, WARM_UP_CYCLES_MIN);
    const cycles = BLANK_READINGS * cyclesAReading;
    const { readings } = await repeat(tab, scenario, { cycles, cyclesAReading, log: undefined });
    const heap = readings.map(({ values }) => values.get(HEAP.name) ?? 0);
    return trendOf(rig.session, heap).slope / cyclesAReading;
  } finally {
    await tab.close();
  }
}

/** Where that which rises was opened. */
async function findGrowth(
  tab: Tab,
  scenario: Scenario,
  { readings, firstPlaces, lastPlaces }: Cycles,
  rising: readonly CounterReport[],
): Promise<Growth[]> {
  if (rising.length === 0) return [];
  const sources = COUNTERS.filter(({ name }) => rising.some((counter) => counter.name === name));
  const kinds = sources.flatMap(({ source }) => ("places" in source ? [source.places] : []));
  const cycles = readings.at(-1)?.cycle ?? 0;
  const places = scenario.oneDocument
    ? await tab.evaluate<typeof lastPlaces>("voicepathProbe.leaks()")
    : grownPlaces(firstPlaces, lastPlaces);
  const placed = places
    .filter(({ kind }) => kinds.some((known) => known === kind))
    .map((place) => ({ ...place, cycles }));
  if (!sources.some(({ source }) => source.from === "metrics")) return placed;
  const sampled = await sampleAllocations(tab, () => scenario.cycle(async () => {}));
  return [...placed, ...sampled];
}

function notes(tab: Tab, log: ServerLog | undefined): string[] {
  const found: string[] = [];
  const [dialog] = tab.dialogs;
  if (dialog !== undefined)
    found.push(`the page opened ${tab.dialogs.length} dialogs, the first ${dialog}`);
  const [error] = tab.errors;
  if (error !== undefined) found.push(`the page threw: ${error}`);
  if (log && log.found === 0)
    found.push(`the server's log has ${log.lines} new lines, and none with task statistics`);
  return found;
}
