/** What a page downloads, compressed. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const brotli = (bytes: Uint8Array): number => brotliCompressSync(bytes).length;
const asset = (name: string): Uint8Array => readFileSync(`dist/assets/${name}`);

/** What a bundler makes of an application: what it loads at once, and what only when asked for. */
async function chunks(contents: string): Promise<{ entry: number; later: number }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: "." },
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    write: false,
    outdir: "build/size",
    metafile: true,
    external: ["onnxruntime-web", "onnxruntime-web/*"],
  });
  const sizes = new Map(
    outputFiles.map(({ path, contents }) => [relative(".", path), brotli(contents)]),
  );
  const weight = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + (sizes.get(name) ?? Number.NaN), 0);
  // The entry, with what it imports itself.
  const atOnce = new Set(["build/size/stdin.js"]);
  for (const name of atOnce)
    for (const { path, kind } of metafile.outputs[name]?.imports ?? [])
      if (kind === "import-statement" && path in metafile.outputs) atOnce.add(path);
  const entry = weight(atOnce);
  return { entry, later: weight(sizes.keys()) - entry };
}

test("MicVAD with all its files stays below 450 kB", { timeout: 60_000 }, async () => {
  const { entry, later } = await chunks('export { MicVAD } from "./dist/vad-web/index.js"');
  const legacy = {
    code: later,
    wasm: brotli(asset("silero-onnx.wasm")),
    asyncify: brotli(asset("silero-onnx.asyncify.wasm")),
  };
  const sizes = {
    code: entry,
    wasm: brotli(asset("audio.wasm")),
    worklet: brotli(asset("mic-processor.js")),
    weights: brotli(asset("silero-v6-f16.vpw")),
  };
  console.log(sizes, { legacy });
  expect(sizes.code).toBeLessThan(12_000);
  // What the model "legacy" needs is not in there, and comes only with it.
  expect(legacy.code).toBeGreaterThan(5000);
  expect(legacy.code).toBeLessThan(20_000);
  expect(legacy.wasm).toBeLessThan(20_000);
  expect(sizes.wasm).toBeLessThan(31_000);
  expect(sizes.worklet).toBeLessThan(6_000);
  expect(Object.values(sizes).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(450_000);
});

const gzip = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length;

test("the resampler adds less than 16 kB to a detector, with whole clips less than 20 kB", () => {
  const part = (name: string): number => gzip(`build/wasm/tests/wasm/${name}.wasm`);
  const whole = gzip("dist/assets/audio.wasm") - part("listening_part");
  const live = whole - (part("resampler_part") - part("resampler_live"));
  console.log({ live, whole });
  expect(live).toBeLessThanOrEqual(16_000);
  expect(whole).toBeLessThanOrEqual(20_000);
});

test("wire stays below 3 kB, with what every part has", () => {
  const wire = gzip("build/wasm/tests/wasm/wire_part.wasm");
  console.log({ wire });
  expect(wire).toBeLessThanOrEqual(3000);
});

test("session.wasm: the registry stays below 8 kB, subtitles below 25 kB, the monitor below 8 kB", () => {
  const part = (name: string): number => gzip(`build/wasm/tests/wasm/${name}.wasm`);
  const parts = {
    registry: part("registry_part"),
    subtitle: part("subtitle_part"),
    monitor: part("monitor_part"),
  };
  const session = gzip("dist/assets/session.wasm");
  console.log({ session, ...parts });
  expect(parts.registry).toBeLessThanOrEqual(8000);
  expect(parts.subtitle).toBeLessThanOrEqual(25_000);
  expect(parts.monitor).toBeLessThanOrEqual(8000);
  // Each part has what all need.
  expect(session).toBeLessThanOrEqual(parts.registry + parts.subtitle + parts.monitor);
});

test("ONNX Runtime's C API adds less than 20 kB to a program, uncompressed", () => {
  const bytes = (name: string): number => readFileSync(`build/wasm/tests/wasm/${name}.wasm`).length;
  const shim = bytes("ort_table") - bytes("malloc_alone");
  console.log({ shim, asyncify: bytes("ort_table.asyncify") - bytes("malloc_alone") });
  expect(shim).toBeLessThanOrEqual(20_000);
});
