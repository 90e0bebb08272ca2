/** What a change of character leaves running. */
import type { Measure } from "../measure.js";
import { Visit } from "../visit.js";

const SWITCHES = 6;
const LOADED_MS = 2500;
const LOOK_MS = 3000;

/** A loop of frames asks for one callback each. */
async function callbacksAFrame({ page, wait }: Pick<Visit, "page" | "wait">): Promise<number> {
  const read = (): Promise<readonly [number, number]> =>
    page.evaluate(() => [frontendProbe.callbacks, frontendProbe.frames] as const);
  const before = await read();
  await wait(LOOK_MS);
  const after = await read();
  return (after[0] - before[0]) / (after[1] - before[1]);
}

export const CHARACTER: readonly Measure[] = [
  {
    name: "frame loops more after six changes of character",
    about: "callbacks of animation frames for each frame, less those before",
    unit: "a frame",
    goal: { exactly: 0 },
    sound: "silence",
    rounds: 1,
    take: (stage) =>
      Visit.during(stage, async (visit) => {
        const { page } = visit;
        const wait = (ms: number): Promise<void> => visit.wait(ms);
        await wait(LOADED_MS);
        const before = await callbacksAFrame({ page, wait });
        await page.getByTestId("settings").click();
        for (let i = 1; i <= SWITCHES; i++) {
          await page.locator("[name=character]").selectOption({ index: i % 2 });
          await wait(LOADED_MS);
        }
        await page.getByTestId("settings-close").click();
        return [Math.round(10 * ((await callbacksAFrame({ page, wait })) - before)) / 10];
      }),
  },
];
