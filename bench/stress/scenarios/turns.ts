/** A person types; the turn is over when the backend says so, or says nothing any more. */
import { settle, timed } from "../pace.js";
import type { Turn } from "../probe.js";
import type { Scenario, Setting } from "../scenario.js";
import { element } from "./element.js";

const TEXT = "Tell me something in one sentence.";
const QUIET_MS = 2000;

/**
 * In the page: as if it had been typed, but for the history of the editor, which keeps a node each time.
 * React looks at the value that the element itself has.
 */
function enter(field: Element, text: string): void {
  const value = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value");
  if (value?.set) value.set.call(field, text);
  else field.textContent = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text }));
}

export async function turns(setting: Setting): Promise<Scenario> {
  const { tab, blank, settleMs, selectors } = setting;
  const input = await element(setting, {
    selector: selectors?.input,
    option: "input",
    what: "no text field",
    guesses: [({ page }) => page.getByRole("textbox")],
  });
  const say = async (): Promise<void> => {
    const { messages, ends } = await tab.evaluate<Turn>("voicepathProbe.turn()");
    await tab.within(input.locator.evaluate(enter, TEXT), "typing");
    await tab.within(input.locator.press("Enter"), "pressing Enter");
    if (blank) return;
    await tab.until(`voicepathProbe.turn().messages > ${messages}`, "an answer to what was typed");
    await tab.until(
      `voicepathProbe.turn().ends > ${ends} || voicepathProbe.turn().quietMs > ${QUIET_MS}`,
      "the end of the turn",
    );
  };
  return {
    way: `by typing into ${input.name}`,
    hooked: false,
    clicked: true,
    oneDocument: true,
    async cycle() {
      const tookMs = await timed(say);
      await settle(settleMs);
      return tookMs;
    },
  };
}
