/** A script of the page's own keeps it busy. */
import type { Injection } from "../injection.js";

export const script: Injection = {
  cause: "script",
  async begin({ random, breakPage }) {
    const forMs = random.integer(90, 250);
    await breakPage("heavyScript", {
      forMs,
      everyMs: forMs + random.integer(100, 500),
      by: random.pick("timer", "frame", "message"),
    });
    return undefined;
  },
};
