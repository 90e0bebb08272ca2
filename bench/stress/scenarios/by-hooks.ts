/** The page is asked to do it itself. */
import type { StressHooks } from "../hooks.js";
import type { ScenarioName } from "../options.js";
import { settle, timed } from "../pace.js";
import type { Scenario, Setting } from "../scenario.js";
import { StressError } from "../stress-error.js";
import { connected, cutSockets } from "./reconnect.js";

type Hook<Name extends ScenarioName> = keyof NonNullable<StressHooks[Name]> & string;

/** What is timed, and what undoes it. */
const STEPS: { readonly [Name in ScenarioName]: readonly [Hook<Name>, Hook<Name>?] } = {
  "open-close": ["open", "close"],
  mic: ["start", "stop"],
  reconnect: ["reconnected"],
  turns: ["turn"],
  "model-switch": ["next"],
};

export async function byHooks(name: ScenarioName, setting: Setting): Promise<Scenario> {
  const { tab, settleMs = 0 } = setting;
  const hooks = `voicepathStress[${JSON.stringify(name)}]`;
  for (const step of STEPS[name])
    if (step && !(await tab.evaluate<boolean>(`typeof ${hooks}.${step} === "function"`)))
      throw new StressError(`${hooks} of the page has no function ${step}()`);
  if (name === "reconnect") await connected(setting);
  // Undefined, whatever the page returns: it might be no JSON.
  const call = (step: string): Promise<void> =>
    tab.evaluate(`Promise.resolve(${hooks}.${step}()).then(() => {})`);
  const [step, back] = STEPS[name];
  return {
    way: "by its hooks",
    hooked: true,
    clicked: false,
    oneDocument: true,
    async cycle() {
      if (name === "reconnect") await cutSockets(setting);
      const tookMs = await timed(() => call(step));
      await settle(settleMs);
      if (back) {
        await call(back);
        await settle(settleMs);
      }
      return tookMs;
    },
  };
}
