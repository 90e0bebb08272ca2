/**
 * WebVTT and SubRip, by their grammar. tests/browser/subtitle-captions.test.ts lets Chromium parse what
 * is written here.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { toSRT, toWebVTT } from "../../js-glue/src/subtitle/captions.js";
import type { SubtitleCue } from "../../js-glue/src/subtitle/subtitle-cue.js";

const cue = (changes: Partial<SubtitleCue>): SubtitleCue => ({
  cue: 1,
  id: null,
  turn: 1,
  state: "ended",
  text: "Hello.",
  translation: "",
  heardUnits: changes.text?.length ?? 6,
  spaceBefore: false,
  clip: true,
  startMs: 0,
  endMs: 1000,
  durationMs: 1000,
  ...changes,
});

/** https://www.w3.org/TR/webvtt1/#file-structure, for files as simple as these. */
const WEBVTT_BLOCK =
  /^((?!.*-->)[^\r\n]+\n)?(\d{2,}):[0-5]\d:[0-5]\d\.\d{3} --> (\d{2,}):[0-5]\d:[0-5]\d\.\d{3}\n([^\r\n]+\n)+$/;

test("a file as it is written by hand", () => {
  const cues = [
    cue({ id: "greeting", startMs: 5000, endMs: 6500, text: "Hello.", translation: "Hallo." }),
    cue({ startMs: 6500.4, endMs: 3_606_500.6, text: "a < b && b > c --> d" }),
  ];
  expect(toWebVTT(cues)).toBe(`WEBVTT

greeting
00:00:00.000 --> 00:00:01.500
Hello.
Hallo.

00:00:01.500 --> 01:00:01.501
a &lt; b &amp;&amp; b &gt; c --&gt; d
`);
  expect(toSRT(cues)).toBe(`1
00:00:00,000 --> 00:00:01,500
Hello.
Hallo.

2
00:00:01,500 --> 01:00:01,501
a < b && b > c --> d
`);
});

test("cues without a start or an end, without text, or not heard at all are left out", () => {
  const cues = [
    cue({ startMs: null }),
    cue({ endMs: null }),
    cue({ text: " \n " }),
    cue({ state: "dropped", heardUnits: 0 }),
  ];
  expect(toWebVTT(cues)).toBe("WEBVTT\n");
  expect(toSRT(cues)).toBe("");
});

test("of an interrupted cue there is what was heard, and no translation", () => {
  const cut = cue({ state: "dropped", text: "Hello there.", heardUnits: 5, translation: "Da." });
  expect(toWebVTT([cut])).toContain("\nHello\n");
  expect(toWebVTT([cut])).not.toContain("Da.");
});

const anyCue = fc
  .record({
    id: fc.option(fc.stringMatching(/^[a-z0-9 <&]{1,8}$/)),
    state: fc.constantFrom("ended" as const, "dropped" as const, "playing" as const),
    text: fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r", "<", ">", "-", "&", "字") }),
    translation: fc.string({ unit: fc.constantFrom("b", " ", "\n", "<", "1", ":", "\u2028") }),
    heardUnits: fc.nat(20),
    startMs: fc.option(fc.double({ min: -1e7, max: 1e9, noNaN: true })),
    endMs: fc.option(fc.double({ min: -1e7, max: 1e9, noNaN: true })),
  })
  .map(cue);

test("whatever the cues are, the files are well-formed", () => {
  fc.assert(
    fc.property(fc.array(anyCue, { maxLength: 8 }), (cues) => {
      const [head, ...blocks] = toWebVTT(cues).split("\n\n");
      expect(head?.trimEnd()).toBe("WEBVTT");
      let lastMs = 0;
      for (const block of blocks) {
        expect(`${block.trimEnd()}\n`).toMatch(WEBVTT_BLOCK);
        const [from = 0, to = 0] = [...block.matchAll(/(\d+):(\d\d):(\d\d)\.(\d{3})/g)].map(
          ([, h, m, s, ms]) => ((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1000 + Number(ms),
        );
        expect(to).toBeGreaterThan(from);
        expect(from).toBeGreaterThanOrEqual(lastMs);
        lastMs = from;
      }
      const srt = toSRT(cues);
      const numbers = srt === "" ? [] : srt.split("\n\n").map((block) => block.split("\n")[0]);
      expect(numbers).toEqual(blocks.map((_, i) => `${i + 1}`));
    }),
    { numRuns: 500 },
  );
});
