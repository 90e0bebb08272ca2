/** The same small page twice, opened and closed over and over, and what is left of it each time. */
import type { Registry } from "voicepath";
import { Census, type Counts, THINGS } from "./census";

/** What it returns closes the page. */
export type OpenPage = () => () => unknown;

/** As reported: a status that is polled, an advertisement to come, and so on. */
const POLL_MS = 50;
const ADVERTISEMENT_MS = 30_000;
const VISIT_MS = 80;

const nothing = (): void => {};
const recording = (): Blob => new Blob([new Uint8Array(44)], { type: "audio/wav" });

/** The way that leaks: nobody keeps what is needed to end it. Closing removes it from sight only. */
export const openCarelessly: OpenPage = () => {
  setInterval(nothing, POLL_MS);
  setTimeout(nothing, ADVERTISEMENT_MS);
  const draw = (): void => void requestAnimationFrame(draw);
  draw();
  window.addEventListener("resize", () => {});
  document.addEventListener("visibilitychange", () => {});
  new AudioContext();
  URL.createObjectURL(recording());
  return nothing;
};

/** The same through a scope, which is all that has to be ended. */
export const openInScope =
  (registry: Registry): OpenPage =>
  () => {
    const page = registry.scope("page");
    page.interval(nothing, POLL_MS, { name: "poll" });
    page.timeout(nothing, ADVERTISEMENT_MS, { name: "advertisement" });
    page.raf(nothing, { name: "draw" });
    page.listen(window, "resize", nothing);
    page.listen(document, "visibilitychange", nothing);
    page.audioContext();
    page.objectURL(recording(), { name: "recording" });
    return () => page.dispose();
  };

/** How many things one visit opens. */
export const THINGS_OPENED = 7;

// Not the wrapped one.
const { setTimeout: nativeSetTimeout } = window;
const sleep = (ms: number): Promise<void> => new Promise((done) => nativeSetTimeout(done, ms));

/**
 * Opens and closes the page so many times. Afterwards everything is ended.
 *
 * @param tell - given what is left after each visit
 */
export async function visit(
  open: OpenPage,
  times: number,
  tell: (left: Counts) => void,
  signal: AbortSignal,
): Promise<void> {
  const census = new Census();
  try {
    await sleep(VISIT_MS);
    // What else goes on here, as the microphone's picture.
    const before = census.counts;
    for (let i = 0; i < times && !signal.aborted; i++) {
      const close = open();
      await sleep(VISIT_MS);
      await close();
      await sleep(VISIT_MS);
      const now = census.counts;
      const left = THINGS.map((thing) => [thing, Math.max(0, now[thing] - before[thing])]);
      tell(Object.fromEntries(left) as Counts);
    }
  } finally {
    census.end();
  }
}
