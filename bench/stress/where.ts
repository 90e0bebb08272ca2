/**
 * Where what grew was opened. The guard in the page knows it for all that it counts. For the rest,
 * nodes, worklet processors and whatever else lies in the heap, V8 samples a few more cycles: what
 * was allocated in them and is still in use is blamed on the function that allocated it.
 */
import type { Place } from "./probe.js";
import { PROBE_NAME } from "./probe-script.js";
import type { Growth } from "./report.js";
import type { Tab } from "./tab.js";

const SAMPLING_BYTES = 16;
const PLACES = 5;
/** Less than this a cycle is noise. */
const BYTES_A_CYCLE = 8;
const CYCLES_BEFORE = 3;
const CYCLES = 10;

/** In use, by the function that allocated them. */
type Allocations = Map<string, { readonly bytes: number; readonly stack: string }>;

interface AllocationNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly selfSize: number;
  readonly children: readonly AllocationNode[];
}

/** Of documents that do not live to see the end: more is open at a place than the first time. */
export function grownPlaces(before: readonly Place[], after: readonly Place[]): Place[] {
  const key = ({ kind, site }: Place): string => `${kind} ${site}`;
  const known = new Map(before.map((place) => [key(place), place.growth]));
  return after
    .map((place) => ({ ...place, growth: place.growth - (known.get(key(place)) ?? 0) }))
    .filter(({ growth }) => growth > 0)
    .sort((a, b) => b.growth - a.growth);
}

/**
 * The functions whose allocations pile up, those with most bytes first. What the last cycle left is
 * also in the first of the two profiles, and falls out.
 */
export async function sampleAllocations(
  tab: Tab,
  cycle: () => Promise<unknown>,
): Promise<Growth[]> {
  const profileAfter = async (cycles: number): Promise<Allocations> => {
    for (let i = 0; i < cycles; i++) await cycle();
    await tab.collectGarbage();
    const { profile } = await tab.cdp.send("HeapProfiler.getSamplingProfile");
    return gather(profile.head, [], new Map());
  };
  await tab.collectGarbage();
  await tab.cdp.send("HeapProfiler.startSampling", { samplingInterval: SAMPLING_BYTES });
  const before = await profileAfter(CYCLES_BEFORE);
  const after = await profileAfter(CYCLES);
  await tab.cdp.send("HeapProfiler.stopSampling");
  return [...after]
    .map(([site, { bytes, stack }]) => {
      const growth = bytes - (before.get(site)?.bytes ?? 0);
      return { kind: "heap", growth, cycles: CYCLES, site, stack, names: [] };
    })
    .filter(({ growth }) => growth >= BYTES_A_CYCLE * CYCLES)
    .sort((a, b) => b.growth - a.growth)
    .slice(0, PLACES);
}

function gather(
  { callFrame, selfSize, children }: AllocationNode,
  above: readonly string[],
  found: Allocations,
): Allocations {
  const { functionName, url, lineNumber, columnNumber } = callFrame;
  const frame = `${functionName || "(anonymous)"} (${url}:${lineNumber + 1}:${columnNumber + 1})`;
  const isPages = url !== "" && !url.endsWith(PROBE_NAME);
  const stack = isPages ? [frame, ...above] : above;
  const [site] = stack;
  // What the engine or the probe allocates on behalf of the page is the page's.
  if (site !== undefined && selfSize > 0) {
    const { bytes = 0 } = found.get(site) ?? {};
    found.set(site, { bytes: bytes + selfSize, stack: stack.join("\n") });
  }
  for (const child of children) gather(child, stack, found);
  return found;
}
