/** The browser collects garbage: the heap is near its limit, and everything in it dies soon. */
import type { Injection } from "../injection.js";

export const collector: Injection = {
  cause: "collector",
  async begin({ random, breakPage }) {
    await breakPage("churn", {
      lists: random.integer(32, 40),
      objectsPerList: random.integer(36_000, 44_000),
    });
    return undefined;
  },
};
