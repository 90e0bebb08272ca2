/** The traits of segment.h, by the names they have there. */
import type { CodePoint } from "./ucd.js";

const SOFT_HYPHEN = 0xad;

const TRAITS: Readonly<Record<string, (c: CodePoint) => boolean>> = {
  TRAIT_WIDE: (c) => ["W", "F"].includes(c.eastAsianWidth),
  TRAIT_ZERO: (c) =>
    ["Mn", "Me"].includes(c.category) ||
    (c.category === "Cf" && c.value !== SOFT_HYPHEN) ||
    ["V", "T"].includes(c.hangul),
  TRAIT_WORD: (c) => /^[LMN]/.test(c.category),
  TRAIT_SPACE: (c) => c.whiteSpace,
  TRAIT_OPEN: (c) => ["Ps", "Pi"].includes(c.category),
  TRAIT_CLOSE: (c) => ["Pe", "Pf"].includes(c.category),
};

export function traitsOf(c: CodePoint): string {
  const names = Object.entries(TRAITS).filter(([, has]) => has(c));
  return names.map(([name]) => name).join(" | ") || "0";
}
