/**
 * The end of an AudioContext. Chromium keeps an AudioWorkletNode, and its context with it, for as long
 * as the page lives if the context closes before the processor has ended, which is when process() has
 * returned false; that takes a few quanta after the processor was told. So the context closes then.
 */
import { owned } from "./registry/ownership.js";

const ending = new WeakMap<BaseAudioContext, Set<Promise<void>>>();

/** An audio thread that has not answered by then does not run. */
const ENDING_MAX_MS = 100;

/** A processor of this context was told to stop. */
export function awaitProcessor(context: BaseAudioContext, ended: Promise<void>): void {
  const processors = ending.get(context) ?? new Set();
  ending.set(context, processors.add(ended));
  void ended.then(() => processors.delete(ended));
}

/**
 * Harmless when it is closed.
 *
 * @param wake - resumes one that sleeps, so that its processors end
 */
export async function closeContext(
  context: AudioContext,
  { wake = false }: { readonly wake?: boolean } = {},
): Promise<void> {
  const processors = ending.get(context);
  if (processors && processors.size > 0) {
    if (wake && context.state === "suspended") context.resume().catch(() => {});
    if (wake || context.state === "running") await within(Promise.all(processors), ENDING_MAX_MS);
  }
  if (context.state !== "closed") await context.close();
}

function within(work: Promise<unknown>, timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = owned(() => setTimeout(resolve, timeMs));
    void work.then(() => {
      owned(() => clearTimeout(timer));
      resolve();
    });
  });
}
