/** Every switch of the model leaves a loop, which draws, and its buffers behind. */
import type { Injection } from "../injection.js";

export const rendering: Injection = {
  cause: "rendering",
  async begin({ random, breakPage }) {
    await breakPage("modelSwitches", {
      everyMs: random.integer(150, 400),
      vertices: random.integer(500, 40_000),
    });
    return undefined;
  },
};
