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
  expect(sizes.wasm).toBeLessThan(18_000);
  expect(sizes.worklet).toBeLessThan(6_000);
  expect(Object.values(sizes).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(450_000);
});

test("the registry's C stays below 8 kB", () => {
  const { length } = gzipSync(asset("session.wasm"), { level: 9 });
  console.log({ session: length });
  expect(length).toBeLessThanOrEqual(8000);
});
