/** A page that does nothing when it is driven: what measuring alone costs. */
import type { ScenarioName } from "./options.js";

const HOOKS = `<script>
const nothing = async () => {};
globalThis.voicepathStress = {
  "open-close": { open: nothing, close: nothing },
  mic: { start: nothing, stop: nothing },
  reconnect: { reconnected: nothing },
  turns: { turn: nothing },
  "model-switch": { next: nothing },
};
</script>`;

const CONTROLS = `<button>Open</button><button>Close</button><button>Microphone</button>
<input type="text" aria-label="Text">
<select aria-label="Model"><option>one<option>two</select>`;

/** Selectors of the controls, in place of the page's. */
export const BLANK_SELECTORS = {
  open: "button >> nth=0",
  close: "button >> nth=1",
  mic: "button >> nth=2",
  input: "input",
  model: "select",
} as const;

/** @param hooked - whether the page that is measured is driven by its hooks */
export function blankPage(scenario: ScenarioName, hooked: boolean): string {
  const html = `<!doctype html><title>${scenario}</title>${hooked ? HOOKS : CONTROLS}`;
  return `data:text/html,${encodeURIComponent(html)}`;
}
