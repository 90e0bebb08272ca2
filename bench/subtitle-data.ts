/** What the subtitle suites work on: Unicode's tests, the C segmenter and its tables, spoken words. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { breakCases } from "../tests/js/break-tests.js";
import { isHeldOut, speak } from "../tests/js/reveal-timing.js";
import { BREAKS, type BreakKind } from "../tests/js/segment-probe.js";
import { compileEspeakWords } from "../tools/espeak.js";
import type { BreakTests } from "./page/suites/subtitle-conformance.js";
import type { AutomatonTables, SegmentTables } from "./peers/js-segmenter.js";

const TABLES = "build/wasm/unicode/segment_tables.gen.h";
/** Built beside what is shipped, and not shipped. */
const MODULES = ["segment_probe.wasm", "subtitle_part.wasm"];

function breakTests(): BreakTests {
  const kinds = Object.keys(BREAKS) as BreakKind[];
  const tests = kinds.map((kind) => [
    kind,
    breakCases(kind).map(({ text, boundaries }) => ({ text, boundaries: [...boundaries] })),
  ]);
  return Object.fromEntries(tests);
}

/** The tables that the C segmenter is compiled with, as they were generated. */
function segmentTables(): SegmentTables {
  const source = readFileSync(TABLES, "utf8");
  const array = (name: string): number[] => {
    const [, values] = new RegExp(`uint8_t ${name}\\[\\] = \\{([\\d,\\s]*)\\};`).exec(source) ?? [];
    if (values === undefined) throw new Error(`${TABLES} has no ${name}`);
    return (values.match(/\d+/g) ?? []).map(Number);
  };
  const automata = [...source.matchAll(/\{(\w+)_class_of, \w+, \w+, (\d+), (\d+)\}/g)].map(
    ([, name = "", states, end]): AutomatonTables => ({
      classOf: array(`${name}_class_of`),
      next: array(`${name}_next`),
      action: array(`${name}_action`),
      states: Number(states),
      end: Number(end),
    }),
  );
  return { blockOf: array("block_of"), groupOf: array("group_of"), automata };
}

/** Writes them into a folder of the site; needs build/wasm. */
export function writeSubtitleData(root: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  write("break-tests.json", breakTests());
  write("segment-tables.json", segmentTables());
  // Without those that the weights were fitted to.
  write("spoken.json", speak(compileEspeakWords(root)).filter(isHeldOut));
  for (const name of MODULES)
    copyFileSync(join(root, "build/wasm/tests/wasm", name), join(folder, name));
}
