/** The application is open in many tabs, of which one is seen. */
import type { Injection } from "../injection.js";

export const tabs: Injection = {
  cause: "tabs",
  async begin({ page, random, openTab }) {
    const count = random.integer(3, 6);
    for (let i = 0; i < count; i++) await openTab();
    await page.bringToFront();
    return undefined;
  },
};
