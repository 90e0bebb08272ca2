/** Rounds of a measure, one twin after the other, as rows of the benchmark. */
import { launchChromium, SOFTWARE_GL } from "../../tools/chromium.js";
import { summarize } from "../page/suites/rounds.js";
import type { Row } from "../page/suites/suite.js";
import { FRONTEND, type Measure, type Sound } from "./measure.js";
import { BEFORE, type Twin } from "./twins.js";

/** Files for the fake microphone. */
export type Microphones = Readonly<Record<Sound, string>>;

/** @param rounds - at most */
export async function rowsOf(
  { name, unit, sound, rounds, take }: Measure,
  twins: readonly Twin[],
  microphones: Microphones,
  most = Number.POSITIVE_INFINITY,
): Promise<Row[]> {
  const samples = new Map<Twin, number[]>(twins.map((twin) => [twin, []]));
  const count = Math.min(rounds, most);
  for (let round = 0; round < count; round++)
    for (const twin of round % 2 === 0 ? twins : twins.toReversed()) {
      // A browser of its own: the fake microphone begins its file anew, and nothing is cached.
      const browser = await launchChromium({ microphone: microphones[sound], args: SOFTWARE_GL });
      try {
        samples.get(twin)?.push(...(await take({ browser, twin })));
      } finally {
        await browser.close();
      }
    }
  const about = { suite: FRONTEND, case: name, peer: BEFORE };
  return twins.map((twin) => summarize(about, twin.name, unit, samples.get(twin) ?? [], count));
}
