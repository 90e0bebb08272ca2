import type { ColdFailure, ColdReport } from "../suites/cold-page";

/** A quarter second to play into the worklet; what is in it does not matter. */
export function openOfflineContext(): OfflineAudioContext {
  return new OfflineAudioContext(1, 12000, 48000);
}

export function playNoise(context: OfflineAudioContext, into: AudioNode): Promise<unknown> {
  const buffer = context.createBuffer(1, context.length, context.sampleRate);
  buffer.copyToChannel(new Float32Array(context.length).fill(0.01), 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(into);
  source.start();
  return context.startRendering();
}

/** Tells the parent when `load` resolves with the first probability, and what was loaded for it. */
export function reportFirstProbability(
  load: () => Promise<number>,
  alsoLoaded: readonly string[],
): Promise<void> {
  return reportReady(async () => {
    const probability = await load();
    if (!(probability >= 0 && probability <= 1)) throw new Error(`probability is ${probability}`);
  }, alsoLoaded);
}

/** Tells the parent when `load` resolves, and what was loaded for it. */
export async function reportReady(
  load: () => Promise<void>,
  alsoLoaded: readonly string[] = [],
): Promise<void> {
  try {
    await load();
    const readyMs = performance.now();
    const files = await loadedFiles(alsoLoaded);
    post({
      type: "cold-report",
      readyMs,
      bytes: files.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      files: files.map(
        ({ name, encodedBodySize }) => `${new URL(name).pathname} ${encodedBodySize}`,
      ),
    });
  } catch (error) {
    post({ type: "cold-failure", message: String(error) });
  }
}

/** Worklet modules are missing from the timeline in Chromium: those are fetched again to be seen. */
async function loadedFiles(alsoLoaded: readonly string[]): Promise<PerformanceResourceTiming[]> {
  const seen = (): PerformanceResourceTiming[] =>
    performance
      .getEntriesByType("resource")
      .filter((entry): entry is PerformanceResourceTiming => "encodedBodySize" in entry);
  for (const file of alsoLoaded) {
    const url = new URL(file, location.href).href;
    if (!seen().some(({ name }) => name === url)) await (await fetch(url)).arrayBuffer();
  }
  return [...new Map(seen().map((entry) => [entry.name, entry])).values()];
}

function post(answer: ColdReport | ColdFailure): void {
  parent.postMessage(answer, "*");
}
