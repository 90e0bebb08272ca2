import { COLD_PAGES, loadColdPage } from "./cold-page";
import { interleave } from "./rounds";
import { type Suite, VAD_WEB } from "./suite";

export const vadColdStart: Suite = {
  suite: "vad",
  case: "cold-start",
  peer: VAD_WEB,
  title: "From navigation to the first probability",
  about:
    "A page with nothing but the contender, in an iframe on a new site (new process, empty caches): " +
    "files, compilation, worklet, first frame.",
  run(context) {
    const contenders = COLD_PAGES.map(([name, path]) => ({
      name,
      open: async () => ({
        round: async () => [(await loadColdPage(path, context.signal)).readyMs],
      }),
    }));
    const options = context.quick ? { rounds: 2, warmups: 0 } : { rounds: 9, warmups: 1 };
    return interleave(this, "ms", contenders, options, context);
  },
};
