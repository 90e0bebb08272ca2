/** Unicode's own break tests: third_party/ucd/auxiliary/*BreakTest.txt. */
import { readFileSync } from "node:fs";
import type { BreakKind } from "./segment-probe.js";

export interface BreakCase {
  readonly text: string;
  /** Offsets in UTF-16 units of the boundaries within the text: not at its start or end. */
  readonly boundaries: ReadonlySet<number>;
}

const FILES: Record<BreakKind, string> = {
  grapheme: "GraphemeBreakTest",
  word: "WordBreakTest",
  sentence: "SentenceBreakTest",
  line: "LineBreakTest",
};

/** How many cases Unicode 17 has of each. */
export const CASES: Record<BreakKind, number> = {
  grapheme: 766,
  word: 1944,
  sentence: 512,
  line: 19338,
};

export function breakCases(kind: BreakKind): BreakCase[] {
  const file = readFileSync(`third_party/ucd/auxiliary/${FILES[kind]}.txt`, "utf8");
  const cases: BreakCase[] = [];
  for (const line of file.split("\n")) {
    const content = line.replace(/#.*/, "").trim();
    if (content === "") continue;
    let text = "";
    const boundaries = new Set<number>();
    for (const token of content.split(/\s+/)) {
      if (token === "÷") boundaries.add(text.length);
      else if (token !== "×") text += String.fromCodePoint(Number.parseInt(token, 16));
    }
    boundaries.delete(0);
    boundaries.delete(text.length);
    cases.push({ text, boundaries });
  }
  return cases;
}
