import { interleave } from "./rounds";
import {
  APPENDED,
  frame,
  type OpenReveal,
  QUICK_STEPS,
  REVEAL_STEPS,
  REVEALS,
} from "./subtitle-stage";
import { type Suite, unmeasured } from "./suite";

declare global {
  /** Given by the headless runner: how many layouts this page has had, by the DevTools protocol. */
  var countLayouts: (() => Promise<number>) | undefined;
}

const UNIT = "layouts a step";

async function layoutsOfStep(
  { begin, show }: OpenReveal,
  count: () => Promise<number>,
  steps: number,
): Promise<number> {
  await begin();
  await frame();
  const before = await count();
  for (let shown = 2; shown <= steps + 1; shown++) await show(shown);
  return ((await count()) - before) / steps;
}

export const subtitleLayouts: Suite = {
  suite: "subtitle",
  case: "layouts",
  peer: APPENDED,
  title: "Layouts of a step",
  about:
    "The same 98 characters revealed, one in a frame: how often the whole page laid something out, " +
    "as Chromium counts it.",
  async run(context) {
    const count = globalThis.countLayouts;
    if (!count)
      return REVEALS.map(({ name }) =>
        unmeasured(this, name, UNIT, "measured by the headless run only"),
      );
    const steps = context.quick ? QUICK_STEPS : REVEAL_STEPS;
    const contenders = REVEALS.map(({ name, open }) => ({
      name,
      async open() {
        const reveal = await open();
        return {
          round: async () => [await layoutsOfStep(reveal, count, steps)],
          close: () => reveal.close(),
        };
      },
    }));
    const options = { rounds: context.quick ? 1 : 3, warmups: 0 };
    return interleave(this, UNIT, contenders, options, context);
  },
};
