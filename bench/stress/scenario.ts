/** What is done over and over. */
import type { RunOptions, ScenarioName } from "./options.js";
import { settle } from "./pace.js";
import { byHooks } from "./scenarios/by-hooks.js";
import { mic } from "./scenarios/mic.js";
import { modelSwitch } from "./scenarios/model-switch.js";
import { openClose } from "./scenarios/open-close.js";
import { reconnect } from "./scenarios/reconnect.js";
import { turns } from "./scenarios/turns.js";
import type { Tab } from "./tab.js";

/** Where a scenario plays. */
export interface Setting extends Pick<RunOptions, "url" | "selectors" | "settleMs"> {
  readonly tab: Tab;
  /** The page has what is driven, but it does nothing: nothing is to be waited for. */
  readonly blank: boolean;
}

export interface Scenario {
  /** "by its hooks", 'by clicks on "Microphone"'. */
  readonly way: string;
  readonly hooked: boolean;
  /** By selectors or names of elements. */
  readonly clicked: boolean;
  /** All cycles happen in one document. */
  readonly oneDocument: boolean;
  /**
   * @param whileOpen - called when the page is at its fullest, where counting can only be done then
   * @returns how long the page took, in ms
   * @throws StressError
   */
  cycle(whileOpen: () => Promise<void>): Promise<number>;
}

/** Finds what is to be driven on a page that is loaded. @throws StressError naming what it tried */
export type Stage = (setting: Setting) => Promise<Scenario>;

const FROM_OUTSIDE: Readonly<Record<ScenarioName, Stage>> = {
  "open-close": openClose,
  mic,
  reconnect,
  turns,
  "model-switch": modelSwitch,
};

/** How long after it was loaded a page may take to offer hooks. */
const HOOKS_MS = 1000;

/** By the page's hooks if it has them for this scenario. @throws StressError */
export async function stageScenario(name: ScenarioName, setting: Setting): Promise<Scenario> {
  return (await hasHooks(name, setting)) ? byHooks(name, setting) : FROM_OUTSIDE[name](setting);
}

async function hasHooks(name: ScenarioName, { tab, blank }: Setting): Promise<boolean> {
  const hook = `Boolean(globalThis.voicepathStress?.[${JSON.stringify(name)}])`;
  const end = performance.now() + (blank ? 0 : HOOKS_MS);
  while (!(await tab.evaluate<boolean>(hook))) {
    if (performance.now() > end) return false;
    await settle(20);
  }
  return true;
}
