/** The built wasm against the headers, and two builds against each other. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ABI_HASH,
  AUDIO_EXPORT_ARITIES,
  SESSION_EXPORT_ARITIES,
} from "../../js-glue/src/abi.gen.js";

describe.each([
  ["audio", AUDIO_EXPORT_ARITIES],
  ["session", SESSION_EXPORT_ARITIES],
] as const)("%s.wasm", (file, arities) => {
  const module = new WebAssembly.Module(readFileSync(`dist/assets/${file}.wasm`));

  test("imports nothing", () => {
    expect(WebAssembly.Module.imports(module)).toEqual([]);
  });

  test("exports what its list says, with the headers' arities", () => {
    const instance = new WebAssembly.Instance(module, {});
    const listed = readFileSync(`wasm/abi/${file}.exports`, "utf8").trim().split("\n");
    expect(Object.keys(arities)).toEqual(listed);
    const exported = WebAssembly.Module.exports(module)
      .filter(({ name, kind }) => kind === "function" && name.startsWith("vp_"))
      .map(({ name }) => name);
    expect(exported.sort()).toEqual([...listed].sort());
    for (const [name, arity] of Object.entries(arities))
      expect((instance.exports[name] as { length: number }).length, name).toBe(arity);
  });

  test("carries the fingerprint of the TypeScript side", () => {
    const { vp_abi_hash } = new WebAssembly.Instance(module, {}).exports;
    expect((vp_abi_hash as () => number)() >>> 0).toBe(ABI_HASH);
  });
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
    for (const name of ["wasm", "tools", "js-glue", "third_party", "tests/wasm", "tests/ort"])
      cpSync(name, join(folder, name), { recursive: true });
    symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
    const run = (...args: string[]): void => {
      execFileSync("cmake", args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
    };
    run("--preset", "wasm");
    run("--build", "--preset", "wasm");
    for (const file of [
      "abi/audio.wasm",
      "abi/session.wasm",
      "ort/silero-onnx.wasm",
      "ort/silero-onnx.asyncify.wasm",
    ]) {
      const again = readFileSync(join(folder, "build/wasm/wasm", file));
      expect(again.equals(readFileSync(`dist/assets/${basename(file)}`)), file).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
