/** Another tab is in front: the browser lets the timers of this one ring once a second. */
import type { Injection } from "../injection.js";

export const background: Injection = {
  cause: "background",
  async begin({ page }) {
    const other = await page.browserContext().newPage();
    await other.bringToFront();
    return undefined;
  },
};
