import { timeOperations } from "./operations";
import { interleave } from "./rounds";
import type { Suite } from "./suite";
import { NATIVE_TIMER, timers } from "./timers";

export const registryTimer: Suite = {
  suite: "registry",
  case: "timer",
  peer: NATIVE_TIMER,
  title: "Create and clear a timer, 1,000 alive",
  about:
    "The oldest is cleared and a new one created in its place. scope.timeout() creates and disposes " +
    "of a timer, timer.start() stops and starts one that exists; timer-wheel (npm) is a wheel of " +
    "objects, the other wheel careful JavaScript that owns and counts nothing.",
  run(context) {
    const contenders = timeOperations(timers(1000), "ns", 20);
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    return interleave(this, "ns", contenders, rounds, context);
  },
};

export const registryTimer100k: Suite = {
  suite: "registry",
  case: "timer-100k",
  peer: NATIVE_TIMER,
  title: "Create and clear a timer, 100,000 alive",
  about:
    "The same. Every contender brings its 100,000 to life before its turn and ends them after.",
  run(context) {
    const contenders = timeOperations(timers(100_000), "ns", 20);
    const rounds = context.quick ? { rounds: 2 } : { rounds: 9, warmups: 2 };
    return interleave(this, "ns", contenders, rounds, context);
  },
};
