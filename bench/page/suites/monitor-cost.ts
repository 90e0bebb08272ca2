import { type Contender, interleave } from "./rounds";
import { type Suite, unmeasured, VOICEPATH } from "./suite";
import "./vad-main-thread"; // declares measureMainThread

const WITHOUT = "the page alone";
const ABOVE = `${VOICEPATH} Monitor`;

export const monitorCost: Suite = {
  suite: "monitor",
  case: "cost",
  peer: WITHOUT,
  title: "Main thread of an animated page, and what a monitor adds",
  about:
    "A page that moves something 60 times a second: its main thread’s task time in a second, and how " +
    "much more that is with a Monitor and all its collectors, in the same round.",
  async run(context) {
    const measure = globalThis.measureMainThread;
    if (!measure)
      return [WITHOUT, ABOVE].map((name) =>
        unmeasured(this, name, "ms/s", "measured by the headless run only"),
      );
    const seconds = context.quick ? 2 : 10;
    let alone = 0;
    const contenders: Contender[] = [
      {
        name: WITHOUT,
        open: async () => ({
          async round() {
            alone = await measure("/live/unmonitored.html", seconds);
            return [alone];
          },
        }),
      },
      {
        name: ABOVE,
        open: async () => ({
          round: async () => [(await measure("/live/monitored.html", seconds)) - alone],
        }),
      },
    ];
    const options = { rounds: context.quick ? 1 : 5, warmups: 0, fixedOrder: true };
    return interleave(this, "ms/s", contenders, options, context);
  },
};
