/** The language model takes seconds for its first word; the backend answers heartbeats meanwhile. */
import type { Injection } from "../injection.js";

export const model: Injection = {
  cause: "model",
  async begin({ backend, random }) {
    backend.order({ type: "think", forMs: random.integer(4000, 9000) });
    return undefined;
  },
};
