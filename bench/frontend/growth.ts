/** What grows in a twin, by the project's own stress run, as a person drives it. */
import { ProtocolServer } from "../../tests/server/protocol/server.js";
import type { Row } from "../page/suites/suite.js";
import { HEAP } from "../stress/counters.js";
import type { ScenarioName } from "../stress/options.js";
import type { CounterReport } from "../stress/report.js";
import type { Rig } from "../stress/rig.js";
import { stress } from "../stress/stress.js";
import { StressError } from "../stress/stress-error.js";
import { slopeText } from "../stress/wording.js";
import { FRONTEND } from "./measure.js";
import { BACKEND_PORT, BEFORE, type Twin } from "./twins.js";

const WARM_UP_CYCLES = 20;
const SELECTORS = {
  mic: "[data-testid=mic]",
  input: "[data-testid=say]",
} as const;

export const SCENARIOS: readonly ScenarioName[] = ["open-close", "mic", "reconnect", "turns"];

/** "gl objects 12 a cycle" */
function growthText({ name, unit, slope }: CounterReport): string {
  return `${name} ${slopeText(slope)}${unit === "count" ? "" : ` ${unit}`} a cycle`;
}

/** How many counters rise over the cycles, and which. */
export async function growthOf(
  rig: Rig,
  twin: Twin,
  scenario: ScenarioName,
  cycles: number,
): Promise<Row> {
  const row = {
    suite: FRONTEND,
    case: `growth, ${scenario}, ${cycles} cycles`,
    peer: BEFORE,
    contender: twin.name,
    unit: "counters",
    rounds: 1,
  };
  const server = await ProtocolServer.start({
    app: twin.app,
    port: BACKEND_PORT,
    autoStartMic: false,
  });
  try {
    const { counters } = await stress(rig, {
      url: server.url,
      scenario,
      cycles,
      selectors: SELECTORS,
      // A worklet's code is compiled anew each time, until the engine keeps it.
      warmUpCycles: scenario === "mic" ? WARM_UP_CYCLES : undefined,
    });
    const rising = counters.filter(({ verdict }) => verdict === "rising");
    // The heap last: what it holds is mostly what the others count.
    rising.sort((a, b) => Number(a.name === HEAP.name) - Number(b.name === HEAP.name));
    const figures = { median: rising.length, p5: rising.length, p95: rising.length };
    return rising.length === 0
      ? { ...row, ...figures }
      : { ...row, ...figures, note: rising.map(growthText).join(", ") };
  } catch (error) {
    if (!(error instanceof StressError)) throw error;
    // A page that does not come back cannot be cut a second time.
    return { ...row, median: null, p5: null, p95: null, note: error.message };
  } finally {
    await server.close();
  }
}
