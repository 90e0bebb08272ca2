/** The server closes or refuses every connection, and the client tries again without patience. */
import type { Injection } from "../injection.js";

export const reconnect: Injection = {
  cause: "reconnect",
  async begin({ backend, random, breakPage }) {
    backend.order({ type: "reject", by: random.pick("slam", "refuse") });
    await breakPage("hastyClient", {
      delayMs: random.integer(0, 500),
      by: random.pick("page", "voicepath"),
    });
    return undefined;
  },
};
