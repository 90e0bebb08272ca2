/** The laws of the source tree that a reader relies on. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const read = (path: string): string => readFileSync(path, "utf8");
const files = (folder: string, extension: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => extension.test(name))
    .map((name) => join(folder, name));

const includes = (path: string): string[] =>
  [...read(path).matchAll(/#\s*include [<"]([^>"]+)[>"]/g)].map((match) => match[1] ?? "");

/** The files of subtitle.h's module. */
const SUBTITLE = [
  "subtitle.c",
  "subtitle_cues.c",
  "subtitle_text.c",
  "subtitle_time.c",
  "subtitle_state.h",
];

/** Which module's files may include a private header; the others are for everyone. */
const OWNERS: Record<string, readonly string[]> = {
  "silero.h": ["silero.c", "vad.c"],
  "endpointer.h": ["endpointer.c", "vad.c"],
  "fir.h": ["fir.c", "resampler.c"],
  "polyphase.h": ["polyphase.c", "resampler.c"],
  "line.h": ["fir.h", "polyphase.h", "resampler.c"],
  "filters.gen.h": ["fir.c", "polyphase.c"],
  "overlap_save.h": ["overlap_save.c", "resampler.c"],
  "dft.h": ["dft.c", "overlap_save.c"],
  "cx4.h": ["dft.h"],
  "float_text.h": ["float_text.c", "wire.c"],
  "base64.h": ["base64.c", "wire.c"],
  "wav.h": ["wav.c", "wire.c"],
  "timer.h": ["timer.c", "registry.c"],
  "quantile.h": ["quantile.c", "monitor.c"],
  "cause.h": ["cause.c", "monitor.c"],
  "order.h": ["order.c", "kendall.c", "theil_sen.c", "trend.c"],
  "kendall.h": ["kendall.c", "trend.c"],
  "theil_sen.h": ["theil_sen.c", "trend.c"],
  "subtitle_state.h": SUBTITLE,
  "segment.h": ["segment.c", "lines.h", "reveal.h", "track.h", ...SUBTITLE],
  "reveal.h": ["reveal.c", ...SUBTITLE],
  "lines.h": ["lines.c", "track.h", ...SUBTITLE],
  "widths.h": ["widths.c", "track.h", ...SUBTITLE],
  "tags.h": ["tags.c", ...SUBTITLE],
  "utf8.h": SUBTITLE,
  "track.h": ["track.c", "reading.h", "sentence.h", ...SUBTITLE],
  "reading.h": ["reading.c", ...SUBTITLE],
  "sentence.h": ["sentence.c", ...SUBTITLE],
};
/** Public headers that a module may include beside its own and base.h. */
const ALLOWED: Record<string, readonly string[]> = {
  "mic.c": ["voicepath/mic.h"],
  "mic.h": ["voicepath/resampler.h", "voicepath/vad.h"],
  "silero.h": ["voicepath/vad.h"],
  "endpointer.h": ["voicepath/vad.h"],
  "sample.h": ["voicepath/resampler.h"],
  "wav.h": ["voicepath/wire.h"],
  "subtitle_state.h": ["voicepath/subtitle.h"],
  "cause.h": ["voicepath/monitor.h"],
  "trend.c": ["voicepath/monitor.h"],
};

test("C modules do not include their siblings", () => {
  for (const path of files("wasm/src", /\.[ch]$/).concat(files("wasm/include", /\.h$/))) {
    const name = path.split("/").at(-1) ?? "";
    const own = `voicepath/${name.replace(/\.c$/, ".h")}`;
    for (const header of includes(path)) {
      const owners = OWNERS[header];
      if (owners) expect(owners, `${path} includes ${header}`).toContain(name);
      if (header.startsWith("voicepath/") && header.endsWith(".h"))
        expect([own, "voicepath/base.h", ...(ALLOWED[name] ?? [])], path).toContain(header);
    }
  }
});

test("C is pure: no clock, no I/O, no allocation", () => {
  for (const path of files("wasm/src", /\.[ch]$/)) {
    expect(includes(path), path).not.toContain("stdio.h");
    expect(includes(path), path).not.toContain("stdlib.h");
    expect(includes(path), path).not.toContain("time.h");
  }
});

test("only handle.ts, wasm.ts and the classes' own buffers touch the heap's views", () => {
  const allowed = [
    "handle.ts",
    "wasm.ts",
    "detector.ts",
    "resampler.ts",
    "model.ts",
    "wire.ts",
    "slot-table.ts",
    "connection.ts",
    "subtitle-buffer.ts",
    "subtitle-options.ts",
    "subtitle-view.ts",
    "series-table.ts",
    "verdict.ts",
    "diagnosis.ts",
  ];
  for (const path of files("js-glue/src", /\.tsx?$/)) {
    const name = path.split("/").at(-1) ?? "";
    if (
      /\bheap\b/.test(read(path).replace(/"[^"]*"|\/\*[\s\S]*?\*\/|\/\/.*/g, "")) &&
      name !== "speech-options.ts"
    )
      expect(allowed, path).toContain(name);
  }
});

test("importing touches no browser global and has no side effect", async () => {
  const before = Object.keys(globalThis);
  for (const entry of [
    "index",
    "vad-web/index",
    "react/index",
    "instrument/index",
    "monitor/index",
    "ort/index",
    "inline",
  ])
    await import(join(process.cwd(), "dist", `${entry}.js`));
  expect(Object.keys(globalThis)).toEqual(before);
});

test("no file is a drawer for everything", () => {
  const drawers = /(^|\/)(utils?|helpers?|common|misc|engine)\.[a-z]+$/;
  const own = ["wasm", "js-glue/src", "js-glue/scripts", "tests", "bench", "tools"];
  // vad-web's `utils` is part of the surface that voicepath/vad-web reproduces.
  for (const folder of own)
    for (const path of files(folder, /\.(ts|tsx|c|h)$/).filter((p) => !p.includes("node_modules")))
      if (!path.includes("vad-web/")) expect(path).not.toMatch(drawers);
});
