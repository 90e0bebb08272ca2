/** A CMake project of somebody else's builds a C program against voicepath::ort, and it runs. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { OrtProgram } from "../../dist/ort/index.js";
import { modelOf } from "./ort-files.js";

const folder = mkdtempSync(join(tmpdir(), "voicepath-consumer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function cmake(...args: string[]): void {
  const { env } = process;
  // As in CMakePresets.json: Debian's Emscripten with LLVM 19.
  const llvm = {
    EM_LLVM_ROOT: "/usr/lib/llvm-19/bin",
    EM_LLVM_ADD_VERSION: "",
    EM_CLANG_ADD_VERSION: "",
  };
  execFileSync("cmake", args, { env: { ...env, ...llvm }, stdio: ["ignore", "pipe", "pipe"] });
}

test("it builds with Emscripten's toolchain file, waits in every mode, and leaves nothing", async () => {
  cmake(
    ...["-S", "tests/consumer/ort", "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release"],
    `-DCMAKE_TOOLCHAIN_FILE=${resolve("tools/emscripten.cmake")}`,
  );
  cmake("--build", folder);
  const file = (name: string): Uint8Array<ArrayBuffer> =>
    new Uint8Array(readFileSync(join(folder, name)));
  for (const mode of ["sync", "asyncify"] as const) {
    using program = await OrtProgram.load(file("consumer.wasm"), {
      mode,
      asyncify: file("consumer.asyncify.wasm"),
      models: { "scalar.onnx": modelOf("scalar.onnx") },
    });
    expect(await program.call("add_one", 41.5)).toBe(42.5);
    expect(Object.values(program.live).every((count) => count === 0)).toBe(true);
  }
}, 60_000);
