import { trendOf } from "voicepath/monitor";
import { jsTrend } from "../../peers/js-trend";
import { openSession } from "../../peers/voicepath";
import { type Operations, timeOperations } from "./operations";
import { interleave } from "./rounds";
import { type Suite, VOICEPATH } from "./suite";

const JS = "JavaScript";
const POINTS = 64;
const BATCH = 16;

/** A rise of one unit in 64 points, in noise of the same size. */
const SERIES = ((): Float64Array => {
  let seed = 11;
  return Float64Array.from({ length: POINTS }, (_, i) => {
    seed = (seed * 48_271) % 0x7fffffff;
    return i / POINTS + (seed % 1000) / 1000;
  });
})();

const SUBJECTS: readonly Operations[] = [
  {
    name: `${VOICEPATH} trendOf()`,
    batch: BATCH,
    async open() {
      const session = await openSession();
      return {
        run(count) {
          for (let i = 0; i < count; i++)
            if (trendOf(session, SERIES).p > 0.01) throw new Error("it was not seen");
        },
      };
    },
  },
  {
    name: JS,
    batch: BATCH,
    open: async () => ({
      run(count) {
        for (let i = 0; i < count; i++)
          if (jsTrend(SERIES).p > 0.01) throw new Error("it was not seen");
      },
    }),
  },
];

export const monitorTrend: Suite = {
  suite: "monitor",
  case: "trend",
  peer: JS,
  title: "One verdict on 64 points",
  about:
    "Mann and Kendall’s p, Theil and Sen’s slope, autocorrelation. voicepath’s p is exact where the " +
    "peer’s is approximate, and it tells steps from rises.",
  run(context) {
    const rounds = context.quick ? { rounds: 3 } : { rounds: 15, warmups: 3 };
    return interleave(this, "µs", timeOperations(SUBJECTS, "µs", 20), rounds, context);
  },
};
