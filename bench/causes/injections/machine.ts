/** Other programs take all cores. */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Injection } from "../injection.js";

/** Chromium is many threads, and what runs in its favour; so many more are needed to slow it down. */
const PROGRAMS_PER_CORE = 16;
/** In case nobody stops them. */
const LONGEST_SECONDS = "30";

export const machine: Injection = {
  cause: "machine",
  async begin({ random }) {
    const count = Math.round(PROGRAMS_PER_CORE * availableParallelism() * random.between(1, 1.5));
    // Each in a session of its own: the kernel shares the cores out among sessions.
    const programs = Array.from({ length: count }, () =>
      spawn("timeout", [LONGEST_SECONDS, "sh", "-c", "while :; do :; done"], {
        detached: true,
        stdio: "ignore",
      }),
    );
    return () => {
      for (const program of programs) program.kill();
    };
  },
};
