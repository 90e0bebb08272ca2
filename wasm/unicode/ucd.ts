/** Properties of all code points, from the files of the Unicode Character Database (UAX #44). */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const CODE_POINTS = 0x110000;

export interface CodePoint {
  readonly value: number;
  /** General_Category, as in "Lu". */
  readonly category: string;
  readonly graphemeBreak: string;
  readonly conjunctBreak: string;
  readonly wordBreak: string;
  readonly sentenceBreak: string;
  readonly lineBreak: string;
  readonly eastAsianWidth: string;
  readonly hangul: string;
  readonly pictographic: boolean;
  readonly whiteSpace: boolean;
}

/** The value of each code point. Later lines win, so that defaults can be given first. */
type Property = readonly string[];

interface Line {
  readonly first: number;
  readonly last: number;
  readonly fields: readonly string[];
}

function* lines(path: string): Generator<Line> {
  for (const text of readFileSync(path, "utf8").split("\n")) {
    const [range = "", ...fields] = text
      .replace(/#.*/, "")
      .split(";")
      .map((field) => field.trim());
    if (range === "") continue;
    const [first = "", last = first] = range.split("..");
    yield { first: Number.parseInt(first, 16), last: Number.parseInt(last, 16), fields };
  }
}

/** A file of `range ; value`, or the values of one property in a file of `range ; name ; value`. */
function property(path: string, otherwise: string, name?: string): Property {
  const values = new Array<string>(CODE_POINTS).fill(otherwise);
  for (const { first, last, fields } of lines(path)) {
    const value = name === undefined ? fields[0] : fields[0] === name ? fields[1] : undefined;
    if (value !== undefined) values.fill(value, first, last + 1);
  }
  return values;
}

function binary(path: string, name: string): readonly boolean[] {
  const values = new Array<boolean>(CODE_POINTS).fill(false);
  for (const { first, last, fields } of lines(path))
    if (fields[0] === name) values.fill(true, first, last + 1);
  return values;
}

export function readUcd(folder: string): readonly CodePoint[] {
  const file = (...path: string[]): string => join(folder, ...path);
  const category = property(file("extracted", "DerivedGeneralCategory.txt"), "Cn");
  const graphemeBreak = property(file("auxiliary", "GraphemeBreakProperty.txt"), "Other");
  const conjunctBreak = property(file("DerivedCoreProperties.txt"), "None", "InCB");
  const wordBreak = property(file("auxiliary", "WordBreakProperty.txt"), "Other");
  const sentenceBreak = property(file("auxiliary", "SentenceBreakProperty.txt"), "Other");
  const lineBreak = property(file("LineBreak.txt"), "XX");
  const eastAsianWidth = property(file("EastAsianWidth.txt"), "N");
  const hangul = property(file("HangulSyllableType.txt"), "NA");
  const pictographic = binary(file("emoji", "emoji-data.txt"), "Extended_Pictographic");
  const whiteSpace = binary(file("PropList.txt"), "White_Space");
  return category.map((_, value) => ({
    value,
    category: category[value] ?? "",
    graphemeBreak: graphemeBreak[value] ?? "",
    conjunctBreak: conjunctBreak[value] ?? "",
    wordBreak: wordBreak[value] ?? "",
    sentenceBreak: sentenceBreak[value] ?? "",
    lineBreak: lineBreak[value] ?? "",
    eastAsianWidth: eastAsianWidth[value] ?? "",
    hangul: hangul[value] ?? "",
    pictographic: pictographic[value] ?? false,
    whiteSpace: whiteSpace[value] ?? false,
  }));
}
