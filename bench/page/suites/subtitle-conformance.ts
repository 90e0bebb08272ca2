import type { BreakKind } from "../../../tests/js/segment-probe";
import { type BoundaryFinder, FINDERS, INTL_SEGMENTER, LINEBREAK } from "../../peers/segmenters";
import { summarize } from "./rounds";
import { type Row, type Suite, unmeasured } from "./suite";

/** build/page/subtitle/break-tests.json: the cases of Unicode 17's own test files. */
export type BreakTests = Readonly<Record<BreakKind, readonly BreakTest[]>>;

interface BreakTest {
  readonly text: string;
  /** Within the text, in UTF-16 units. */
  readonly boundaries: readonly number[];
}

let tests: Promise<BreakTests> | undefined;

function loadTests(): Promise<BreakTests> {
  tests ??= fetch("/subtitle/break-tests.json").then((response) => response.json());
  return tests;
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => value === b[i]);

function conformance(
  kind: BreakKind,
  cases: number,
  peer: string,
  finders: readonly BoundaryFinder[],
  title: string,
): Suite {
  return {
    suite: "subtitle",
    case: `conformance-${kind}`,
    peer,
    title,
    about:
      `The ${new Intl.NumberFormat("en").format(cases)} cases of Unicode 17’s own test: how many ` +
      "have a boundary too many or too few. Peers follow older versions of Unicode, or the changes " +
      "that CLDR makes.",
    async run({ progress }) {
      const rows: Row[] = [];
      const all = (await loadTests())[kind];
      if (all.length !== cases) throw new Error(`there are ${all.length} cases, not ${cases}`);
      const unit = `wrong of ${cases}`;
      for (const finder of finders) {
        const find = await finder.open(kind);
        if (find) {
          const wrong = all.filter(({ text, boundaries }) => !same(find(text), boundaries)).length;
          rows.push(summarize(this, finder.name, unit, [wrong], 1));
        } else rows.push(unmeasured(this, finder.name, unit, "not in this browser"));
        await progress(rows.length, finders.length);
      }
      return rows;
    },
  };
}

const { ours, javascript, intl, v8, unicodeSegmenter, linebreak, cssLineBreak } = FINDERS;

export const subtitleConformance: readonly Suite[] = [
  conformance(
    "grapheme",
    766,
    INTL_SEGMENTER,
    [ours, javascript, intl, unicodeSegmenter],
    "Grapheme clusters that are wrong",
  ),
  conformance("word", 1944, INTL_SEGMENTER, [ours, javascript, intl], "Words that are wrong"),
  conformance(
    "sentence",
    512,
    INTL_SEGMENTER,
    [ours, javascript, intl],
    "Sentences that are wrong",
  ),
  conformance(
    "line",
    19_338,
    LINEBREAK,
    [ours, javascript, v8, linebreak, cssLineBreak],
    "Line breaks that are wrong",
  ),
];
