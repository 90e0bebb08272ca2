/** How far a run is, on one line of the terminal; elsewhere nothing. */
import type { Progress } from "./stress.js";

const EVERY_MS = 200;

export interface ProgressLine {
  tell(progress: Progress): void;
  end(): void;
}

export function showProgress(name: string, stream = process.stderr): ProgressLine {
  let shownMs = Number.NEGATIVE_INFINITY;
  const show = (text: string): void => {
    if (stream.isTTY) stream.write(`\r\x1b[K${text}`);
  };
  show(`${name}: a blank page first …`);
  return {
    tell({ cycle, cycles, elapsedMs }) {
      if (elapsedMs - shownMs < EVERY_MS) return;
      shownMs = elapsedMs;
      const eachMs = elapsedMs / cycle;
      const left = ((cycles - cycle) * eachMs) / 1000;
      show(
        `${name}: ${cycle} of ${cycles}, ${eachMs.toFixed(0)} ms each, ${left.toFixed(0)} s left`,
      );
    },
    end: () => show(""),
  };
}
