/** The backend's event loop stalls, as in a collection of its own, a lock or a long calculation. */
import type { Injection } from "../injection.js";

export const backend: Injection = {
  cause: "backend",
  async begin({ backend, random }) {
    const forMs = random.integer(800, 3000);
    const everyMs = forMs + random.integer(100, 400);
    backend.order({ type: "stall", everyMs, forMs, busy: random.pick(true, false) });
    return undefined;
  },
};
