/**
 * Writes the tables of wasm/src/segment.c from the Unicode Character Database.
 *
 *   tsx wasm/unicode/generate.ts --ucd <folder> --out <segment_tables.gen.h>
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Automaton, buildAutomaton, type Transition } from "./automaton.js";
import { KINDS } from "./rules.js";
import { traitsOf } from "./traits.js";
import { BLOCK_BITS, buildTrie } from "./trie.js";
import { type CodePoint, readUcd } from "./ucd.js";

/**
 * Binaryen leaves zeros out of a module's data where they run, and the pieces between compress badly:
 * 1.5 kB for these tables. So 0 is given to what does not run, and no action is 0.
 */
const DECIDED = 0x20;
const OLDER = 0x40;
const OLDER_YES = 0x80;

function action({ now, older }: Transition, kind: number): number {
  const position = {
    no: DECIDED,
    yes: DECIDED | (1 << kind),
    must: DECIDED | (3 << kind),
    undecided: 0,
  };
  return position[now] | { none: 0, no: OLDER, yes: OLDER | OLDER_YES }[older];
}

/** Code points that nothing in segment.c tells apart. */
interface Group {
  readonly classes: readonly number[];
  readonly traits: string;
  /** Of adjacent code points: how many there are, and the longest. */
  runs: number;
  longestRun: number;
}

/** The groups, and the group of each code point. */
function group(
  codePoints: readonly CodePoint[],
  automata: readonly Automaton[],
): { groups: readonly Group[]; values: Uint8Array } {
  const byKey = new Map<string, Group>();
  let previous: Group | undefined;
  let run = 0;
  const groupOf = codePoints.map((c) => {
    const classes = automata.map((automaton) => automaton.classOf(c));
    const traits = traitsOf(c);
    const key = [...classes, traits].join();
    const own = byKey.get(key) ?? { classes, traits, runs: 0, longestRun: 0 };
    byKey.set(key, own);
    run = own === previous ? run + 1 : 1;
    if (run === 1) own.runs++;
    own.longestRun = Math.max(own.longestRun, run);
    previous = own;
    return own;
  });
  // With the most scattered first, the trie compresses best.
  const groups = [...byKey.values()].sort(
    (a, b) => Number(a.longestRun > 1) - Number(b.longestRun > 1) || b.runs - a.runs,
  );
  if (groups.length > 256) throw new Error("more groups than a byte counts");
  const numbers = new Map(groups.map((own, number) => [own, number]));
  return { groups, values: Uint8Array.from(groupOf, (own) => numbers.get(own) ?? 0) };
}

function array(name: string, values: Iterable<number | string>): string {
  const rows = [""];
  for (const value of values) {
    const row = rows.at(-1) ?? "";
    if (row.length + `${value}`.length > 96) rows.push("");
    rows.push(`${rows.pop() ?? ""}${value},`);
  }
  return `static const uint8_t ${name}[] = {\n    ${rows.join("\n    ")}\n};\n`;
}

/** The tables of an automaton, by class and in that by state. */
function tables(automaton: Automaton, kind: number, groups: readonly Group[]): string {
  const { name, transitions } = automaton;
  if (transitions.length > 256) throw new Error(`${name}: more states than a byte counts`);
  const cells = Array.from({ length: automaton.classes }, (_, c) =>
    transitions.flatMap((row) => row[c] ?? []),
  ).flat();
  return [
    array(
      `${name}_class_of`,
      groups.map(({ classes }) => classes[kind] ?? 0),
    ),
    array(
      `${name}_next`,
      cells.map(({ to }) => to),
    ),
    array(
      `${name}_action`,
      cells.map((transition) => action(transition, kind)),
    ),
  ].join("");
}

function initializer({ name, transitions, end }: Automaton): string {
  return `    {${name}_class_of, ${name}_next, ${name}_action, ${transitions.length}, ${end}},\n`;
}

/** The class that these code points have, and no others. */
function onlyClass(
  automaton: Automaton,
  codePoints: readonly CodePoint[],
  graphemeBreak: string,
): number {
  const has = (c: CodePoint): boolean => c.graphemeBreak === graphemeBreak;
  const classes = new Set(codePoints.filter(has).map((c) => automaton.classOf(c)));
  const [only = 0] = classes;
  if (classes.size !== 1 || codePoints.some((c) => automaton.classOf(c) === only && !has(c)))
    throw new Error(`${graphemeBreak} is not one class of its own`);
  return only;
}

function header(codePoints: readonly CodePoint[]): string {
  const automata = KINDS.map((kind) => buildAutomaton(kind, codePoints));
  const { groups, values } = group(codePoints, automata);
  const { index, blocks } = buildTrie(values);
  const [grapheme] = automata;
  if (grapheme === undefined) throw new Error("no kinds");
  const only = (name: string): number => onlyClass(grapheme, codePoints, name);
  return [
    "/* Written by wasm/unicode/generate.ts from the Unicode Character Database. */\n",
    `enum { DECIDED = ${DECIDED}, OLDER = ${OLDER}, OLDER_YES = ${OLDER_YES} };\n`,
    `enum { CLASS_ZWJ = ${only("ZWJ")}, CLASS_PREPEND = ${only("Prepend")}, `,
    `CLASS_REGIONAL = ${only("Regional_Indicator")} };\n`,
    `enum { BLOCK_BITS = ${BLOCK_BITS} };\n\n`,
    array("block_of", index),
    array("group_of", blocks),
    array(
      "traits_of",
      groups.map(({ traits }) => traits),
    ),
    ...automata.map((automaton, kind) => `\n${tables(automaton, kind, groups)}`),
    `\nstatic const automaton automata[] = {\n${automata.map(initializer).join("")}};\n`,
  ].join("");
}

const { values: options } = parseArgs({
  options: { ucd: { type: "string" }, out: { type: "string" } },
});
if (options.ucd === undefined || options.out === undefined)
  throw new Error("usage: generate.ts --ucd <folder> --out <segment_tables.gen.h>");
writeFileSync(options.out, header(readUcd(options.ucd)));
