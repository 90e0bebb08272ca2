/**
 * Writes syllables.gen.h from Unihan: how many sounds the Mandarin syllables of frequent Han characters
 * have.
 *
 *   tsx wasm/unicode/syllables.ts --ucd third_party/ucd --out syllables.gen.h
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values: args } = parseArgs({
  options: { ucd: { type: "string" }, out: { type: "string" } },
});
const { ucd, out } = args;
if (!ucd || !out) throw new Error("--ucd and --out are needed");

/** By kHanyuPinlu, which has the frequencies of Xiandai Hanyu Pinlu Cidian (1986). */
const CHARACTERS = 1500;

/** What most have: they are not listed. */
const USUAL_SOUNDS = 3;

/**
 * Of a syllable of Hanyu Pinyin, as it is written: what is written short, as ui for uei, is said short,
 * too. The vowel of shi only prolongs its consonant, and a y or w begins what would begin with a vowel.
 */
function soundsOf(pinyin: string): number {
  const letters = pinyin.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  if (/^([zcs]h?|r)i$/.test(letters)) return 1;
  return letters
    .replace(/^[yw]/, "")
    .replace(/^[zcs]h/, "z")
    .replace(/ng$/, "n").length;
}

const pinyin = new Map<string, string>();
const frequency = new Map<string, number>();
const readings = execFileSync("bzcat", [join(ucd, "Unihan_Readings.txt.bz2")], {
  encoding: "utf8",
  maxBuffer: 2 ** 26,
});
for (const line of readings.split("\n")) {
  if (line.startsWith("#")) continue;
  const [codePoint = "", property, value = ""] = line.split("\t");
  const character = String.fromCodePoint(Number.parseInt(codePoint.slice(2), 16) || 0);
  if (property === "kMandarin") pinyin.set(character, value.split(" ")[0] ?? "");
  if (property === "kHanyuPinlu") {
    const counts = [...value.matchAll(/\((\d+)\)/g)].map(([, count]) => Number(count));
    frequency.set(
      character,
      counts.reduce((a, b) => a + b),
    );
  }
}
const frequent = [...frequency]
  .sort(([, a], [, b]) => b - a)
  .slice(0, CHARACTERS)
  .map(([character]) => character)
  .sort();

function list(sounds: number): string {
  const some = frequent.filter((character) => soundsOf(pinyin.get(character) ?? "") === sounds);
  const rows = some.join("").match(/.{1,44}/gu) ?? [];
  return `    u"${rows.join('"\n    u"')}"`;
}

writeFileSync(
  out,
  `/* How many sounds the Mandarin syllable of a Han character has, for the ${CHARACTERS} that are the most
 * frequent; the others have ${USUAL_SOUNDS}, as most do. */
#ifndef SYLLABLES_H
#define SYLLABLES_H

#include <stdint.h>

/* By the number of sounds, without those of ${USUAL_SOUNDS}. Each ascends. */
static const uint16_t SYLLABLES_1[] =
${list(1)};

static const uint16_t SYLLABLES_2[] =
${list(2)};

static const uint16_t SYLLABLES_4[] =
${list(4)};

#endif
`,
);
