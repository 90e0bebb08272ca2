/** What the monitor said, period by period. */
import type { CauseName, Diagnosis, Monitor, Symptom } from "voicepath/monitor";

/** The series that the rules read. */
const SIGNALS = [
  "frames/gap",
  "frames/callbacks",
  "frames/script",
  "long-frames/script",
  "long-frames/other",
  "long-frames/render",
  "loop/lag",
  "loop/throttled",
  "page/hidden",
  "heap/collections",
  "heap/collection-time",
  "pauses/time",
  "heap/used",
  "gl/objects",
  "gl/draws",
  "socket/waiting",
  "socket/opens",
  "socket/uptime",
  "turn/waiting",
  "tabs/open",
  "machine/pressure",
];

export interface Said {
  readonly timeMs: number;
  readonly symptoms: readonly Symptom[];
  /** The surest first. */
  readonly causes: readonly { readonly cause: CauseName; readonly score: number }[];
}

export class Log {
  readonly #monitor: Monitor;
  readonly said: Said[] = [];
  /** Since when the surest cause has been the same. */
  #sameSinceMs = 0;

  constructor(monitor: Monitor) {
    this.#monitor = monitor;
    monitor.on("period", () => {
      const timeMs = performance.now();
      const { symptoms, causes } = monitor.diagnose();
      const last = this.said.at(-1)?.causes[0]?.cause;
      if (causes[0]?.cause !== last) this.#sameSinceMs = timeMs;
      const told = causes.map(({ cause, score }) => ({ cause, score }));
      this.said.push({ timeMs, symptoms, causes: told });
    });
  }

  /** Until the surest cause, if there is one, has been the same for `holdMs`, or `limitMs` are over. */
  settle(holdMs: number, limitMs: number): Promise<void> {
    const beganMs = performance.now();
    return new Promise((resolve) => {
      const stop = this.#monitor.on("period", () => {
        const nowMs = performance.now();
        const settled = this.said.at(-1)?.causes[0] && nowMs - this.#sameSinceMs >= holdMs;
        if (!settled && nowMs - beganMs < limitMs) return;
        stop();
        resolve();
      });
    });
  }

  diagnosis(): Diagnosis {
    return this.#monitor.diagnose();
  }

  /** The last points of what the rules read; NaN for none. */
  points(count: number): Record<string, number[]> {
    const made = SIGNALS.filter((name) => this.#monitor.names.includes(name));
    const of = (name: string): number[] => [...this.#monitor.recent(name)].slice(-count);
    return Object.fromEntries(made.map((name) => [name, of(name)]));
  }
}
