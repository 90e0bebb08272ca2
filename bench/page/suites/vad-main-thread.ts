import { type Contender, interleave } from "./rounds";
import { type Row, type Suite, unmeasured, VAD_WEB, VOICEPATH } from "./suite";

declare global {
  /**
   * Given by the headless runner, which sees the browser from outside: opens a live page with a fake
   * microphone and returns its main thread's busy ms a second.
   */
  var measureMainThread: ((path: string, seconds: number) => Promise<number>) | undefined;
}

const NOOP = "no-op worklet";
const PAGES: readonly (readonly [string, string])[] = [
  [NOOP, "/live/noop.html"],
  [VOICEPATH, "/live/voicepath.html"],
  [VAD_WEB, "/live/vad-web.html"],
];

export const vadMainThread: Suite = {
  suite: "vad",
  case: "main-thread",
  peer: VAD_WEB,
  title: "Main thread of a live page",
  about:
    "MicVAD on a fake microphone that plays speech: the main thread's task time in a second of " +
    "listening, less that of a page whose worklet does nothing, in the same round.",
  async run(context) {
    const measure = globalThis.measureMainThread;
    if (!measure)
      return [VOICEPATH, VAD_WEB].map((name) =>
        unmeasured(this, name, "ms/s", "measured by the headless run only"),
      );
    const seconds = context.quick ? 2 : 8;
    let floor = 0;
    const contenders: Contender[] = PAGES.map(([name, path]) => ({
      name,
      open: async () => ({
        async round() {
          const busy = await measure(path, seconds);
          if (name !== NOOP) return [busy - floor];
          floor = busy;
          return [busy];
        },
      }),
    }));
    const options = { rounds: context.quick ? 1 : 4, warmups: 0, fixedOrder: true };
    const rows: Row[] = await interleave(this, "ms/s", contenders, options, context);
    return rows.filter(({ contender }) => contender !== NOOP);
  },
};
