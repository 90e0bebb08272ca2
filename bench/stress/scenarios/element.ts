/** Something on the page that a person would click or type into. */
import type { Locator } from "playwright-core";
import type { Setting } from "../scenario.js";
import { StressError } from "../stress-error.js";
import type { Tab } from "../tab.js";

export interface Wanted {
  /** Takes the place of all guesses. */
  readonly selector: string | undefined;
  /** Which gives the selector. */
  readonly option: string;
  /** "no button called microphone": what is said when all guesses fail. */
  readonly what: string;
  /** The first that is there is taken. */
  readonly guesses?: readonly ((tab: Tab) => Locator)[];
}

export interface Element {
  readonly locator: Locator;
  /** What it calls itself, or what it was found by. */
  readonly name: string;
  click(): Promise<void>;
}

const NAME_MAX = 40;

/** @throws StressError when it is not there */
export async function element(
  { tab }: Setting,
  { selector, option, what, guesses = [] }: Wanted,
): Promise<Element> {
  const { page } = tab;
  const candidates =
    selector === undefined ? guesses.map((guess) => guess(tab)) : [page.locator(selector)];
  for (const candidate of candidates) {
    const locator = candidate.filter({ visible: true }).first();
    if ((await tab.within(count(locator, selector), "looking for it")) > 0)
      return found(tab, locator, selector);
  }
  throw new StressError(
    selector === undefined
      ? `the page has ${what}; pass --${option} SELECTOR`
      : `nothing on the page is ${selector}; pass another --${option}`,
  );
}

async function found(tab: Tab, locator: Locator, selector?: string): Promise<Element> {
  const label = await tab.within(
    locator.evaluate((it) => it.ariaLabel ?? it.getAttribute("placeholder") ?? it.textContent),
    "reading its name",
  );
  const name = selector ?? JSON.stringify((label ?? "").trim().slice(0, NAME_MAX));
  return { locator, name, click: () => tab.within(locator.click(), `a click on ${name}`) };
}

async function count(locator: Locator, selector: string | undefined): Promise<number> {
  try {
    // A page that has just been loaded may still be drawing it.
    await locator.waitFor({ timeout: selector === undefined ? 1000 : 5000 });
    return 1;
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") return 0;
    const [reason] = String(error).split("\n");
    throw new StressError(`${selector ?? locator} cannot be looked for: ${reason}`);
  }
}
