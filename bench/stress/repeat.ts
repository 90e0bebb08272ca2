/** The cycles themselves, and the readings between them. */
import type { Look, Place } from "./probe.js";
import { lookTwice, type Reading, readCounters } from "./reading.js";
import type { Scenario } from "./scenario.js";
import type { ServerLog } from "./server-log.js";
import type { Tab } from "./tab.js";

export interface Plan {
  readonly cycles: number;
  readonly cyclesAReading: number;
  readonly log: ServerLog | undefined;
}

export interface Cycles {
  readonly readings: readonly Reading[];
  /** What was open at the first reading and the last, where a document lives for one cycle only. */
  readonly firstPlaces: readonly Place[];
  readonly lastPlaces: readonly Place[];
}

/** @throws StressError */
export async function repeat(
  tab: Tab,
  scenario: Scenario,
  { cycles, cyclesAReading, log }: Plan,
  tell: (cycle: number) => void = () => {},
): Promise<Cycles> {
  const readings: Reading[] = [];
  let firstPlaces: readonly Place[] | undefined;
  let lastPlaces: readonly Place[] = [];
  let responsesMs: number[] = [];
  for (let cycle = 1; cycle <= cycles; cycle++) {
    const isRead = cycle % cyclesAReading === 0;
    let looks: readonly Look[] | undefined;
    const look = async (): Promise<void> => {
      looks = await lookTwice(tab);
      if (scenario.oneDocument) return;
      lastPlaces = await tab.evaluate<Place[]>("voicepathProbe.places()");
      firstPlaces ??= lastPlaces;
    };
    responsesMs.push(await scenario.cycle(isRead ? look : async () => {}));
    if (isRead) {
      if (scenario.oneDocument) await look();
      else await tab.collectGarbage();
      const metrics = await tab.metrics();
      readings.push(readCounters(cycle, { looks: looks ?? [], metrics, log, responsesMs }));
      responsesMs = [];
    }
    tell(cycle);
  }
  return { readings, firstPlaces: firstPlaces ?? [], lastPlaces };
}
