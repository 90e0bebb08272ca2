/** Steps through the characters of a `<select>`, or clicks what brings the next one. */
import { settle, timed } from "../pace.js";
import type { Scenario, Setting } from "../scenario.js";
import { StressError } from "../stress-error.js";
import { element } from "./element.js";

const NAME = /model|character|avatar|模型|角色/i;

export async function modelSwitch(setting: Setting): Promise<Scenario> {
  const { tab, settleMs, selectors } = setting;
  const { locator, name, click } = await element(setting, {
    selector: selectors?.model,
    option: "model",
    what: "no choice called model or character",
    guesses: [
      ({ page }) => page.getByRole("combobox", { name: NAME }),
      ({ page }) => page.getByRole("button", { name: NAME }),
    ],
  });
  const options = await tab.within(
    locator.evaluate((chosen) => (chosen instanceof HTMLSelectElement ? chosen.length : null)),
    "counting its options",
  );
  if (options !== null && options < 2)
    throw new StressError(`${name} has ${options} options; two are needed to switch`);
  let at = 0;
  const next = async (): Promise<void> => {
    if (options === null) return click();
    at = (at + 1) % options;
    await tab.within(locator.selectOption({ index: at }), `choosing option ${at}`);
  };
  return {
    way: options === null ? `by clicks on ${name}` : `by choosing in ${name}`,
    hooked: false,
    clicked: true,
    oneDocument: true,
    async cycle() {
      const tookMs = await timed(next);
      await settle(settleMs);
      return tookMs;
    },
  };
}
