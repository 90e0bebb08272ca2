/**
 * The rules of UAX #29, revision 47, and UAX #14, revision 55 (Unicode 17.0), in their own notation:
 * a rule is `left × right` (no break), `left ÷ right` (break) or `left ! right` (mandatory break);
 * the first rule whose sides match around a position decides. Sides are regular expressions over
 * names; `A&B` is what has both names, `A-B` what has A and not B, `[^ A B]` what has neither, `sot`
 * and `eot` are the ends of the text.
 *
 * Most rules of words, sentences and lines ignore marks after what they belong to ("X (Extend |
 * Format)* → X"): they are listed under `rules`, those that see the marks under `exact`.
 */
import type { CodePoint } from "./ucd.js";

export interface Kind {
  readonly name: string;
  /** What the rules may call a code point. */
  names(c: CodePoint): readonly string[];
  /** These come first. Their right side is one code point at most. */
  readonly exact: string;
  /** Any number of `marks` after something of `to` belong to it, and no break comes before them.
   * Elsewhere a mark is what it is, or is taken for `alone`. */
  readonly attach?: { readonly to: string; readonly marks: string; readonly alone?: string };
  readonly rules: string;
}

const grapheme: Kind = {
  name: "grapheme",
  names: (c) => [
    c.graphemeBreak,
    ...(c.pictographic ? ["ExtPict"] : []),
    ...(c.conjunctBreak === "None" ? [] : [`InCB_${c.conjunctBreak}`]),
  ],
  exact: `
    GB1    sot ÷ Any
    GB3    CR × LF
    GB4    (Control | CR | LF) ÷
    GB5    ÷ (Control | CR | LF)
    GB6    L × (L | V | LV | LVT)
    GB7    (LV | V) × (V | T)
    GB8    (LVT | T) × T
    GB9    × (Extend | ZWJ)
    GB9a   × SpacingMark
    GB9b   Prepend ×
    GB9c   InCB_Consonant (InCB_Extend | InCB_Linker)* InCB_Linker (InCB_Extend | InCB_Linker)*
             × InCB_Consonant
    GB11   ExtPict Extend* ZWJ × ExtPict
    GB12   sot (Regional_Indicator Regional_Indicator)* Regional_Indicator × Regional_Indicator
    GB13   [^ Regional_Indicator] (Regional_Indicator Regional_Indicator)* Regional_Indicator
             × Regional_Indicator
    GB999  ÷ Any
  `,
  rules: "",
};

const word: Kind = {
  name: "word",
  names: (c) => [
    c.wordBreak,
    ...(c.pictographic ? ["ExtPict"] : []),
    ...(["ALetter", "Hebrew_Letter"].includes(c.wordBreak) ? ["AHLetter"] : []),
    ...(["MidNumLet", "Single_Quote"].includes(c.wordBreak) ? ["MidNumLetQ"] : []),
  ],
  exact: `
    WB1    sot ÷ Any
    WB3    CR × LF
    WB3a   (Newline | CR | LF) ÷
    WB3b   ÷ (Newline | CR | LF)
    WB3c   ZWJ × ExtPict
    WB3d   WSegSpace × WSegSpace
  `,
  attach: { to: "[^ Newline CR LF]", marks: "(Extend | Format | ZWJ)" }, // WB4
  rules: `
    WB5    AHLetter × AHLetter
    WB6    AHLetter × (MidLetter | MidNumLetQ) AHLetter
    WB7    AHLetter (MidLetter | MidNumLetQ) × AHLetter
    WB7a   Hebrew_Letter × Single_Quote
    WB7b   Hebrew_Letter × Double_Quote Hebrew_Letter
    WB7c   Hebrew_Letter Double_Quote × Hebrew_Letter
    WB8    Numeric × Numeric
    WB9    AHLetter × Numeric
    WB10   Numeric × AHLetter
    WB11   Numeric (MidNum | MidNumLetQ) × Numeric
    WB12   Numeric × (MidNum | MidNumLetQ) Numeric
    WB13   Katakana × Katakana
    WB13a  (AHLetter | Numeric | Katakana | ExtendNumLet) × ExtendNumLet
    WB13b  ExtendNumLet × (AHLetter | Numeric | Katakana)
    WB15   sot (Regional_Indicator Regional_Indicator)* Regional_Indicator × Regional_Indicator
    WB16   [^ Regional_Indicator] (Regional_Indicator Regional_Indicator)* Regional_Indicator
             × Regional_Indicator
    WB999  ÷ Any
  `,
};

const sentence: Kind = {
  name: "sentence",
  names: (c) => [
    c.sentenceBreak,
    ...(["Sep", "CR", "LF"].includes(c.sentenceBreak) ? ["ParaSep"] : []),
    ...(["STerm", "ATerm"].includes(c.sentenceBreak) ? ["SATerm"] : []),
  ],
  exact: `
    SB1    sot ÷ Any
    SB3    CR × LF
    SB4    ParaSep ÷
  `,
  attach: { to: "[^ ParaSep]", marks: "(Extend | Format)" }, // SB5
  rules: `
    SB6    ATerm × Numeric
    SB7    (Upper | Lower) ATerm × Upper
    SB8    ATerm Close* Sp* × [^ OLetter Upper Lower ParaSep SATerm]* Lower
    SB8a   SATerm Close* Sp* × (SContinue | SATerm)
    SB9    SATerm Close* × (Close | Sp | ParaSep)
    SB10   SATerm Close* Sp* × (Sp | ParaSep)
    SB11   SATerm Close* Sp* ParaSep? ÷
    SB998  × Any
  `,
};

/** LB1: the classes that need more than the property to be told from a code point. */
function lineClass({ lineBreak, category }: CodePoint): string {
  if (["AI", "SG", "XX"].includes(lineBreak)) return "AL";
  if (lineBreak === "SA") return ["Mn", "Mc"].includes(category) ? "CM" : "AL";
  return lineBreak === "CJ" ? "NS" : lineBreak;
}

const line: Kind = {
  name: "line",
  names: (c) => [
    lineClass(c),
    ...(["F", "W", "H"].includes(c.eastAsianWidth) ? ["EastAsian"] : []),
    ...(["Pi", "Pf"].includes(c.category) ? [c.category] : []),
    ...(c.value === 0x25cc ? ["DottedCircle"] : []),
    ...(c.pictographic && c.category === "Cn" ? ["ExtPictUnassigned"] : []),
  ],
  exact: `
    LB2    sot × Any
    LB4    BK !
    LB5    CR × LF
    LB5    (CR | LF | NL) !
    LB6    × (BK | CR | LF | NL)
    LB7    × (SP | ZW)
    LB8    ZW SP* ÷
    LB8a   ZWJ ×
  `,
  attach: { to: "[^ BK CR LF NL SP ZW]", marks: "(CM | ZWJ)", alone: "AL" }, // LB9, LB10
  rules: `
    LB11   × WJ
    LB11   WJ ×
    LB12   GL ×
    LB12a  [^ SP BA HY HH] × GL
    LB13   × (CL | CP | EX | SY)
    LB14   OP SP* ×
    LB15a  (sot | BK | CR | LF | NL | OP | QU | GL | SP | ZW) QU&Pi SP* ×
    LB15b  × QU&Pf (SP | GL | WJ | CL | QU | CP | EX | IS | SY | BK | CR | LF | NL | ZW | eot)
    LB15c  SP ÷ IS NU
    LB15d  × IS
    LB16   (CL | CP) SP* × NS
    LB17   B2 SP* × B2
    LB18   SP ÷
    LB19   × QU-Pi
    LB19   QU-Pf ×
    LB19a  [^ EastAsian] × QU
    LB19a  × QU ([^ EastAsian] | eot)
    LB19a  QU × [^ EastAsian]
    LB19a  (sot | [^ EastAsian]) QU ×
    LB20   ÷ CB
    LB20   CB ÷
    LB20a  (sot | BK | CR | LF | NL | SP | ZW | CB | GL) (HY | HH) × (AL | HL)
    LB21   × (BA | HH | HY | NS)
    LB21   BB ×
    LB21a  HL (HY | HH) × [^ HL]
    LB21b  SY × HL
    LB22   × IN
    LB23   (AL | HL) × NU
    LB23   NU × (AL | HL)
    LB23a  PR × (ID | EB | EM)
    LB23a  (ID | EB | EM) × PO
    LB24   (PR | PO) × (AL | HL)
    LB24   (AL | HL) × (PR | PO)
    LB25   NU (SY | IS)* (CL | CP)? × (PO | PR)
    LB25   (PO | PR) × OP IS? NU
    LB25   (PO | PR | HY | IS) × NU
    LB25   NU (SY | IS)* × NU
    LB26   JL × (JL | JV | H2 | H3)
    LB26   (JV | H2) × (JV | JT)
    LB26   (JT | H3) × JT
    LB27   (JL | JV | JT | H2 | H3) × PO
    LB27   PR × (JL | JV | JT | H2 | H3)
    LB28   (AL | HL) × (AL | HL)
    LB28a  AP × (AK | DottedCircle | AS)
    LB28a  (AK | DottedCircle | AS) × (VF | VI)
    LB28a  (AK | DottedCircle | AS) VI × (AK | DottedCircle)
    LB28a  (AK | DottedCircle | AS) × (AK | DottedCircle | AS) VF
    LB29   IS × (AL | HL)
    LB30   (AL | HL | NU) × OP-EastAsian
    LB30   CP-EastAsian × (AL | HL | NU)
    LB30a  sot (RI RI)* RI × RI
    LB30a  [^ RI] (RI RI)* RI × RI
    LB30b  EB × EM
    LB30b  ExtPictUnassigned × EM
    LB31   ÷ Any
  `,
};

export const KINDS: readonly Kind[] = [grapheme, word, sentence, line];
