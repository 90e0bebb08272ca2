import { build } from "hdr-histogram-js";
import { Monitor } from "voicepath/monitor";
import { JsSeries } from "../../peers/js-quantile";
import { openRegistry } from "../../peers/voicepath";
import { type Operations, timeOperations } from "./operations";
import { interleave } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";

const JS = "JavaScript P²";
const HDR = "hdr-histogram-js";
const BATCH = 1 << 12;

/** Times as frames have them, from a generator that always gives the same. */
const VALUES = ((): Float64Array => {
  let seed = 7;
  return Float64Array.from({ length: BATCH }, () => {
    seed = (seed * 48_271) % 0x7fffffff;
    return 16 + (seed % 1000) / 250;
  });
})();

const SUBJECTS: readonly Operations[] = [
  {
    name: `${VOICEPATH} series.record()`,
    batch: BATCH,
    async open() {
      const registry = await openRegistry();
      const monitor = Monitor.create(registry, { collectors: [] });
      const series = monitor.series("bench/frame", { unit: "ms", point: "max" });
      return {
        run(count) {
          for (let i = 0; i < count; i++) series.record(VALUES[i] ?? 0);
        },
        close() {
          const { p50 } = monitor.stats("bench/frame");
          registry[Symbol.dispose]();
          if (p50 === null || Math.abs(p50 - 18) > 0.2) throw new Error(`the median is ${p50}`);
        },
      };
    },
  },
  {
    name: JS,
    batch: BATCH,
    async open() {
      const series = new JsSeries();
      return {
        run(count) {
          for (let i = 0; i < count; i++) series.record(VALUES[i] ?? 0);
        },
        close() {
          const { p50 } = series.stats as { p50: number };
          if (Math.abs(p50 - 18) > 0.2) throw new Error(`the median is ${p50}`);
        },
      };
    },
  },
  {
    name: HDR,
    batch: BATCH,
    async open() {
      // It takes integers: µs up to a minute, in two digits.
      const histogram = build({
        bitBucketSize: 32,
        autoResize: false,
        lowestDiscernibleValue: 1,
        highestTrackableValue: 60_000_000,
        numberOfSignificantValueDigits: 2,
      });
      return {
        run(count) {
          for (let i = 0; i < count; i++)
            histogram.recordValue(Math.round((VALUES[i] ?? 0) * 1000));
        },
        close() {
          const p50 = histogram.getValueAtPercentile(50) / 1000;
          if (Math.abs(p50 - 18) > 0.2) throw new Error(`the median is ${p50}`);
        },
      };
    },
  },
];

export const monitorRecord: Suite = {
  suite: "monitor",
  case: "record",
  peer: JS,
  title: "One value into a series",
  about:
    "Count, last, least, most, mean, median and 95th percentile are up to date after each value; the " +
    "peer does the same in typed arrays, and keeps no points; the histogram sorts integers into " +
    "buckets, and quantiles are looked for when they are asked for.",
  run(context) {
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    return interleave(this, "ns", timeOperations(SUBJECTS, "ns", 20), rounds, context);
  },
};
