/** Opens and closes what `--open` and `--close` name; else the page itself is loaded and left. */
import { settle, timed } from "../pace.js";
import type { Scenario, Setting } from "../scenario.js";
import { element } from "./element.js";

export async function openClose(setting: Setting): Promise<Scenario> {
  const { tab, url, settleMs, selectors: { open, close } = {} } = setting;
  if (open === undefined || close === undefined)
    return {
      way: "by loading it and leaving",
      hooked: false,
      clicked: false,
      oneDocument: false,
      async cycle(whileOpen) {
        const tookMs = await timed(() => tab.goto(url));
        await settle(settleMs);
        await whileOpen();
        await tab.leave();
        await settle(settleMs);
        return tookMs;
      },
    };
  const opener = await element(setting, { selector: open, option: "open", what: "nothing" });
  return {
    way: `by clicks on ${open} and ${close}`,
    hooked: false,
    clicked: true,
    oneDocument: true,
    async cycle() {
      const tookMs = await timed(() => opener.click());
      await settle(settleMs);
      const closer = await element(setting, { selector: close, option: "close", what: "nothing" });
      await closer.click();
      await settle(settleMs);
      return tookMs;
    },
  };
}
