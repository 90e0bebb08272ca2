/** What a monitor measures by default: everything that the browser has. */
import type { Collector } from "./collector.js";
import { Frames } from "./collectors/frames.js";
import { GLUse } from "./collectors/gl.js";
import { Heap } from "./collectors/heap.js";
import { LongFrames } from "./collectors/long-frames.js";
import { LoopLag } from "./collectors/loop-lag.js";
import { Pauses } from "./collectors/pauses.js";
import { MachinePressure } from "./collectors/pressure.js";
import { RegistryCounts } from "./collectors/registry-counts.js";
import { Sockets } from "./collectors/sockets.js";
import { StorageUse } from "./collectors/storage.js";
import { Tabs } from "./collectors/tabs.js";

/**
 * @param own - further collectors; one that is called like one of these stands in its place:
 *   `pageCollectors([sockets, audio])`
 */
export function pageCollectors(own: readonly Collector[] = []): Collector[] {
  const pauses = new Pauses();
  const frames = new Frames(pauses);
  const all: readonly Collector[] = [
    pauses,
    frames,
    new LongFrames(frames),
    new LoopLag({ pauses }),
    new Heap({ pauses }),
    new GLUse(frames),
    new RegistryCounts(),
    new Sockets(),
    new Tabs(),
    new StorageUse(),
    new MachinePressure(),
    ...own,
  ];
  return [...new Map(all.map((collector) => [collector.name, collector])).values()];
}
