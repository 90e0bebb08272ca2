import { interleave } from "./rounds";
import { APPENDED, type OpenReveal, QUICK_STEPS, REVEAL_STEPS, REVEALS } from "./subtitle-stage";
import type { Suite } from "./suite";

/** A finer difference is none: glyphs are placed on fractions of a pixel. */
const MOVED_PX = 0.1;

/** Where the hidden end of a subtitle's text begins, if it is hidden by a highlight. */
function hiddenEnd(text: HTMLElement): Range | undefined {
  const ranges = [...(CSS.highlights?.get("voicepath-unspoken") ?? [])];
  return ranges.find(
    (range): range is Range => range instanceof Range && text.contains(range.startContainer),
  );
}

/** The left and upper edge of each character that is shown. */
function placesShown(text: HTMLElement): number[] {
  const places: number[] = [];
  const hidden = hiddenEnd(text);
  const range = document.createRange();
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node instanceof Text; node = nodes.nextNode()) {
    if (node.parentElement?.style.visibility === "hidden") continue;
    const last = !hidden?.collapsed && hidden?.startContainer === node;
    const end = last ? hidden.startOffset : node.length;
    for (let i = 0; i < end; i++) {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const { left, top } = range.getBoundingClientRect();
      places.push(left, top);
    }
    if (last) break;
  }
  return places;
}

async function countMoved({ text, begin, show }: OpenReveal, steps: number): Promise<number> {
  await begin();
  let moved = 0;
  let before = placesShown(text);
  for (let count = 2; count <= steps + 1; count++) {
    await show(count);
    const places = placesShown(text);
    if (places.length !== 2 * count) throw new Error(`${places.length / 2} shown, not ${count}`);
    if (before.some((place, i) => Math.abs(place - (places[i] ?? 0)) > MOVED_PX)) moved++;
    before = places;
  }
  return moved;
}

export const subtitleMoved: Suite = {
  suite: "subtitle",
  case: "moved",
  peer: APPENDED,
  title: "Steps in which text on show moves",
  about:
    "98 characters, centred, are revealed one by one; after each the place of every character " +
    "that was shown before is compared. <Subtitle> is the real component, with a clock of the test’s.",
  run(context) {
    const steps = context.quick ? QUICK_STEPS : REVEAL_STEPS;
    const contenders = REVEALS.map(({ name, open }) => ({
      name,
      async open() {
        const reveal = await open();
        return {
          round: async () => [await countMoved(reveal, steps)],
          close: () => reveal.close(),
        };
      },
    }));
    const once = { rounds: 1, warmups: 0 };
    return interleave(this, `of ${steps} steps`, contenders, once, context);
  },
};
