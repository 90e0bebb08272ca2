/** tests/c/espeak_words.c: sentences spoken by espeak-ng, and when each word begins. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** Compiles it, and returns where it is. */
export function compileEspeakWords(root: string): string {
  const program = join(root, "build/bench/espeak_words");
  const source = join(root, "tests/c/espeak_words.c");
  mkdirSync(dirname(program), { recursive: true });
  execFileSync("clang-19", ["-std=c11", "-O2", "-o", program, source, "-lespeak-ng", "-lm"]);
  return program;
}
