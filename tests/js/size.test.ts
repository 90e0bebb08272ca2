/** What a page downloads, compressed. */
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const brotli = (bytes: Uint8Array): number => brotliCompressSync(bytes).length;
const asset = (name: string): Uint8Array => readFileSync(`dist/assets/${name}`);

test("MicVAD with all its files stays below 450 kB", { timeout: 60_000 }, async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export { MicVAD } from "./dist/vad-web/index.js"', resolveDir: "." },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
  });
  const sizes = {
    code: brotli(outputFiles[0]?.contents ?? new Uint8Array()),
    wasm: brotli(asset("audio.wasm")),
    worklet: brotli(asset("mic-processor.js")),
    weights: brotli(asset("silero-v6-f16.vpw")),
  };
  console.log(sizes);
  expect(sizes.code).toBeLessThan(12_000);
  expect(sizes.wasm).toBeLessThan(29_000);
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

test("session.wasm: the registry's half stays below 8 kB, subtitles below 25 kB", () => {
  const registry = gzip("build/wasm/tests/wasm/registry_half.wasm");
  const subtitle = gzip("build/wasm/tests/wasm/subtitle_half.wasm");
  const session = gzip("dist/assets/session.wasm");
  console.log({ session, registry, subtitle });
  expect(registry).toBeLessThanOrEqual(8000);
  expect(subtitle).toBeLessThanOrEqual(25_000);
  // Each half has what both need.
  expect(session).toBeLessThanOrEqual(registry + subtitle);
});
