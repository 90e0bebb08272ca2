import { Monitor } from "voicepath/monitor";
import { openRegistry } from "../../peers/voicepath";
import { type Load, measureGarbage } from "./garbage";
import { type Suite, VOICEPATH } from "./suite";

const WITHOUT = "the page alone";
const FRAMES = 30;
const SETTLE_FRAMES = 60;

/** So many frames of a loop that does nothing but go on. */
function animate(frames: number): Promise<void> {
  return new Promise((resolve) => {
    let left = frames;
    const loop = (): void => {
      if (--left > 0) requestAnimationFrame(loop);
      else resolve();
    };
    requestAnimationFrame(loop);
  });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** As long as the frames take: what a monitor does without frames is not theirs. */
const wait = (): Promise<void> => sleep((FRAMES * 1000) / 60);

const LOADS: readonly Load[] = [
  {
    name: `${VOICEPATH} Monitor`,
    async open() {
      const registry = await openRegistry();
      let monitor: Monitor | undefined;
      return {
        async idle() {
          if (monitor) return wait();
          monitor = Monitor.create(registry);
          await animate(SETTLE_FRAMES);
        },
        work: () => animate(FRAMES),
        operations() {
          monitor?.dispose();
          monitor = undefined;
          return FRAMES;
        },
        close: () => registry[Symbol.dispose](),
      };
    },
  },
  {
    name: WITHOUT,
    async open() {
      let settled = false;
      return {
        async idle() {
          if (settled) return wait();
          settled = true;
          await animate(SETTLE_FRAMES);
        },
        work: () => animate(FRAMES),
        operations() {
          settled = false;
          return FRAMES;
        },
      };
    },
  },
];

export const monitorGarbageFrame: Suite = {
  suite: "monitor",
  case: "garbage-frame",
  peer: WITHOUT,
  title: "JavaScript garbage of a frame under a monitor",
  about:
    "Thirty frames of a loop that does nothing, under a Monitor with all its collectors and without: " +
    "growth of the JavaScript heap, less that of the same time without frames.",
  run(context) {
    const options = context.quick ? { rounds: 3, warmups: 5 } : { rounds: 15, warmups: 25 };
    return measureGarbage(this, LOADS, options, context);
  },
};
