/** Unicode 17's break tests, all of them, against the wasm build: whole, and cut at every place. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { breakCases, CASES } from "./break-tests.js";
import { BREAKS, type BreakKind, SegmentProbe } from "./segment-probe.js";

const probe = new SegmentProbe(readFileSync("build/wasm/tests/wasm/segment_probe.wasm"));

const readable = (text: string): string =>
  [...text].map((c) => c.codePointAt(0)?.toString(16)).join(" ");

for (const kind of Object.keys(BREAKS) as BreakKind[])
  test(`${CASES[kind]} ${kind} breaks, whole and at every split`, () => {
    const cases = breakCases(kind);
    expect(cases).toHaveLength(CASES[kind]);
    const wrong: string[] = [];
    for (const { text, boundaries } of cases)
      for (let split = 0; split <= text.length; split++) {
        const flags = probe.segment(text, split);
        for (let at = 1; at < text.length; at++)
          if ((((flags[at] ?? 0) & BREAKS[kind]) !== 0) !== boundaries.has(at))
            wrong.push(`${readable(text)}: split ${split}, unit ${at}`);
      }
    expect(wrong).toEqual([]);
  });
