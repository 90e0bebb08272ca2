/** The built wasm against the headers, and two builds against each other. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ABI_HASH, AUDIO_EXPORT_ARITIES } from "../../js-glue/src/abi.gen.js";

const bytes = readFileSync("dist/assets/audio.wasm");
const module = new WebAssembly.Module(bytes);

test("audio.wasm imports nothing", () => {
  expect(WebAssembly.Module.imports(module)).toEqual([]);
});

test("audio.wasm exports what audio.exports lists, with the headers' arities", () => {
  const instance = new WebAssembly.Instance(module, {});
  const listed = readFileSync("wasm/abi/audio.exports", "utf8").trim().split("\n");
  expect(Object.keys(AUDIO_EXPORT_ARITIES)).toEqual(listed);
  const exported = WebAssembly.Module.exports(module)
    .filter(({ name, kind }) => kind === "function" && name.startsWith("vp_"))
    .map(({ name }) => name);
  expect(exported.sort()).toEqual([...listed].sort());
  for (const [name, arity] of Object.entries(AUDIO_EXPORT_ARITIES))
    expect((instance.exports[name] as { length: number }).length, name).toBe(arity);
});

test("both sides carry the same fingerprint", () => {
  const { vp_abi_hash } = new WebAssembly.Instance(module, {}).exports;
  expect((vp_abi_hash as () => number)() >>> 0).toBe(ABI_HASH);
});

test("a build in another folder gives the same bytes", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "voicepath build "));
  try {
    for (const name of [
      "CMakeLists.txt",
      "CMakePresets.json",
      "package.json",
      "tsconfig.base.json",
    ])
      cpSync(name, join(folder, name));
    for (const name of ["wasm", "tools", "js-glue", "third_party"])
      cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
    const run = (...args: string[]): void => {
      execFileSync("cmake", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    };
    run("--preset", "wasm");
    run("--build", "--preset", "wasm");
    const again = readFileSync(join(folder, "build/wasm/wasm/abi/audio.wasm"));
    expect(again.equals(bytes)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
