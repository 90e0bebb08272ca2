import { DISPOSABLE_STORE, type Owner } from "../../peers/owners";
import { type Operations, timeOperations } from "./operations";
import { checkTally, missingOwners, OWNERS } from "./owners";
import { interleave } from "./rounds";
import type { Suite } from "./suite";

const IN_A_SCOPE = 100;

function openAndClose({ name, open }: Owner): Operations {
  return {
    name,
    batch: 100 * IN_A_SCOPE,
    async open() {
      const { fill, close } = await open();
      const tally = { ended: 0 };
      let opened = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i += IN_A_SCOPE) fill(IN_A_SCOPE, tally)();
          opened += count;
        },
        end: () => checkTally(tally, opened, name),
        ...(close ? { close } : {}),
      };
    },
  };
}

export const registryOpenClose: Suite = {
  suite: "registry",
  case: "open-close",
  peer: DISPOSABLE_STORE.name,
  title: "Open and close a resource",
  about:
    "A hundred closers are put into an owner and ended with it, a hundred times over; the time is " +
    "for one of them. resource.dispose() ends them one by one, in a scope that stays. Only " +
    "voicepath's have names, counts and an owner tree.",
  async run(context) {
    const contenders = timeOperations(OWNERS.map(openAndClose), "ns", 20);
    const rounds = context.quick ? { rounds: 3 } : { rounds: 30, warmups: 5 };
    const rows = await interleave(this, "ns", contenders, rounds, context);
    return [...rows, ...missingOwners(this, "ns")];
  },
};
