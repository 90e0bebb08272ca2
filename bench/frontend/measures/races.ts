/** What stays recording when clicks come faster than a microphone opens. */
import type { Measure } from "../measure.js";
import { Visit } from "../visit.js";

/** Clicks, by the pauses before them in ms; the microphone is then switched off. */
const RACES: readonly (readonly number[])[] = [
  [0, 0],
  [0, 50, 50],
  [0, 300, 0],
  [0, 20, 20, 20, 20],
  [0, 1000, 10, 10],
];
const SETTLE_MS = 3000;

export const RACES_OF_THE_MICROPHONE: readonly Measure[] = [
  {
    name: "microphone tracks that stay live",
    about: `after ${RACES.length} volleys of clicks, each ended by switching it off; the most`,
    unit: "tracks",
    goal: { exactly: 0 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        let most = 0;
        for (const race of RACES) {
          await visit.page.evaluate(async (pauses) => {
            const button = document.querySelector<HTMLElement>("[data-testid=mic]");
            for (const pauseMs of pauses) {
              await new Promise((resolve) => setTimeout(resolve, pauseMs));
              button?.click();
            }
          }, race);
          await visit.wait(SETTLE_MS);
          await visit.mic(false);
          await visit.wait(SETTLE_MS);
          most = Math.max(most, await visit.page.evaluate(() => frontendProbe.liveTracks()));
        }
        return [most];
      }),
  },
];
