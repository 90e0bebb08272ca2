/** From the first click on the microphone to the first frame that was judged. */
import type { Measure } from "../measure.js";
import { Visit } from "../visit.js";

const REST_MS = 1000;

/** The page tells the probability of the newest frame that counts; any is more than none. */
const JUDGED = "[data-testid=level]:not([data-probability='0'])";

export const MICROPHONE_START: readonly Measure[] = [
  {
    name: "first microphone start, download",
    about: "bytes that come after the click, as the backend serves them: not compressed",
    unit: "kB",
    goal: { times: 10 },
    sound: "speech",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        const session = await visit.devtools();
        await session.send("Network.enable");
        let bytes = 0;
        session.on("Network.loadingFinished", ({ encodedDataLength }) => {
          bytes += encodedDataLength;
        });
        await visit.toggleMic();
        await visit.page.locator(JUDGED).waitFor({ state: "attached" });
        await visit.wait(REST_MS);
        return [bytes / 1000];
      }),
  },
  {
    name: "microphone click to first frame",
    about: "in a page that never had it on",
    unit: "ms",
    goal: { times: 5 },
    sound: "speech",
    rounds: 5,
    take: (stage) =>
      Visit.during(stage, async ({ page }) => {
        const tookMs = await page.evaluate(
          (judged) =>
            new Promise<number>((resolve) => {
              const clickedMs = performance.now();
              const look = (): void => {
                if (document.querySelector(judged)) resolve(performance.now() - clickedMs);
                else setTimeout(look, 1);
              };
              document.querySelector<HTMLElement>("[data-testid=mic]")?.click();
              look();
            }),
          JUDGED,
        );
        return [tookMs];
      }),
  },
];
