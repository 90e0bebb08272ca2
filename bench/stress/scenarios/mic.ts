/** A click on the microphone's button turns it on, another one off. */
import { settle, timed } from "../pace.js";
import type { Scenario, Setting } from "../scenario.js";
import { element } from "./element.js";

const NAME = /\bmic(rophone)?\b|麦克风|\blisten/i;

export async function mic(setting: Setting): Promise<Scenario> {
  const { tab, blank, settleMs, selectors } = setting;
  const button = await element(setting, {
    selector: selectors?.mic,
    option: "mic",
    what: "no button called microphone",
    guesses: [
      ({ page }) => page.getByRole("button", { name: NAME }),
      ({ page }) => page.getByRole("switch", { name: NAME }),
    ],
  });
  const streams = (): Promise<number> => tab.evaluate('voicepathProbe.live("mediaStream")');
  const click = async (what: string, change: string): Promise<void> => {
    const before = await streams();
    await button.click();
    if (!blank) await tab.until(`voicepathProbe.live("mediaStream") ${change} ${before}`, what);
  };
  return {
    way: `by clicks on ${button.name}`,
    hooked: false,
    clicked: true,
    oneDocument: true,
    async cycle() {
      const tookMs = await timed(() => click("opening a microphone after the click", ">"));
      await settle(settleMs);
      await click("giving the microphone back after the second click", "<");
      await settle(settleMs);
      return tookMs;
    },
  };
}
