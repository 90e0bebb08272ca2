/** OrtProgram: how it loads, in which order it works, and how it ends. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  type OrtMode,
  OrtProgram,
  type OrtProgramOptions,
  type OrtWeb,
  VoicepathError,
} from "../../dist/ort/index.js";
import { OnnxFormatError, readOnnxSignature } from "../../dist/ort/onnx-reader.js";
import { Graph } from "../../wasm/ort/examples/graph.js";
import { asFloats, floats, Probe } from "./ort-probe.js";

const program = new Uint8Array(readFileSync("build/wasm/wasm/ort/loader_probe.wasm"));
const asyncify = new Uint8Array(readFileSync("build/wasm/wasm/ort/loader_probe.asyncify.wasm"));

/** y = x + 40, floats of [1]. */
function plusForty(): Uint8Array<ArrayBuffer> {
  const graph = new Graph("plus");
  graph.input("x", "float32", [1]);
  graph.node("Add", ["x", graph.number(40)], {}, "y");
  graph.output("y", "float32", [1]);
  return new Uint8Array(graph.bytes());
}
/** y = x, and x itself is an output too. */
function alias(): Uint8Array<ArrayBuffer> {
  const graph = new Graph("alias");
  graph.input("x", "float32", ["n"]);
  graph.node("Identity", ["x"], {}, "y");
  graph.output("y", "float32", ["n"]);
  graph.output("x", "float32", ["n"]);
  return new Uint8Array(graph.bytes());
}
/** y = x, of texts. */
function texts(): Uint8Array<ArrayBuffer> {
  const graph = new Graph("texts");
  graph.input("x", "string", ["n"]);
  graph.node("Identity", ["x"], {}, "y");
  graph.output("y", "string", ["n"]);
  return new Uint8Array(graph.bytes());
}

const open: OrtProgram[] = [];
afterEach(() => {
  for (const loaded of open.splice(0)) loaded.dispose();
});
async function load(mode: OrtMode, options: OrtProgramOptions = {}): Promise<Probe> {
  const models = { plus: plusForty(), ...options.models };
  const loaded = await OrtProgram.load(program, { mode, asyncify, ...options, models });
  open.push(loaded);
  return new Probe(loaded);
}

/** The file with one text of its own replaced by another of the same length. */
function patched(text: string, by: string): Uint8Array {
  const bytes = Buffer.from(program);
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  bytes.write(by, at);
  return new Uint8Array(bytes);
}

const named = (code: string, ...words: string[]): object => ({
  name: "VoicepathError",
  code,
  message: expect.stringMatching(new RegExp(words.join("[\\s\\S]*"))),
});

const missing = (): Promise<never> => Promise.reject(new Error("no such package"));

describe("loading", () => {
  test("refuses what is no program of voicepath::ort, by name", async () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    const from = (source: Uint8Array, options: OrtProgramOptions = {}): Promise<OrtProgram> =>
      OrtProgram.load(source, { mode: "sync", ...options });
    await expect(from(Uint8Array.of(1, 2, 3))).rejects.toMatchObject(named("WASM_INVALID"));
    await expect(from(empty)).rejects.toMatchObject(named("ORT_PROGRAM", "memory"));
    const without = patched("vp_ort_misuses", "vp_ort_misuse_");
    await expect(from(without)).rejects.toMatchObject(named("ORT_PROGRAM", "vp_ort_misuses"));
    const unknown = patched("session_count", "session_kount");
    await expect(from(unknown)).rejects.toMatchObject(named("ORT_PROGRAM", "session_kount"));
  });

  test("asks for imports by name, and takes them", async () => {
    const wants = patched("emscripten_notify_memory_growth", "emscripten_notify_memory_grow_u");
    await expect(OrtProgram.load(wants, { mode: "sync" })).rejects.toMatchObject(
      named("ORT_PROGRAM", "env.emscripten_notify_memory_grow_u"),
    );
    let grown = 0;
    const imports = { env: { emscripten_notify_memory_grow_u: () => grown++ } };
    const loaded = await OrtProgram.load(wants, { mode: "sync", imports });
    open.push(loaded);
    loaded.allocate(64 << 20);
    expect(grown).toBe(1);
  });

  test("refuses wrong options", async () => {
    const wrong = (options: object): Promise<OrtProgram> => OrtProgram.load(program, options);
    await expect(wrong({ mode: "fast" })).rejects.toMatchObject(named("OPTION", "mode", "fast"));
    await expect(wrong({ numThreads: 0 })).rejects.toMatchObject(named("OPTION", "numThreads"));
    await expect(wrong({ asyncifyStackBytes: 1 })).rejects.toMatchObject(named("OPTION"));
    await expect(
      wrong({ mode: "sync", models: { m: "http://127.0.0.1:9/m" } }),
    ).rejects.toMatchObject(named("ASSET_MISSING", "m"));
  });

  test("says why a mode does not work", async () => {
    const asked = (mode: OrtMode, options: OrtProgramOptions = {}): Promise<OrtProgram> =>
      OrtProgram.load(program, { mode, ...options });
    await expect(asked("jspi")).rejects.toMatchObject(named("ORT_UNSUPPORTED", "Suspending"));
    await expect(asked("asyncify")).rejects.toMatchObject(named("ORT_UNSUPPORTED", "asyncify"));
    await expect(asked("asyncify", { asyncify: program })).rejects.toMatchObject(
      named("ORT_PROGRAM", "--asyncify"),
    );
    await expect(asked("callback", { ort: missing })).rejects.toMatchObject(named("ORT_MISSING"));
    await expect(asked("callback", { ort: {} as OrtWeb })).rejects.toMatchObject(
      named("ORT_MISSING", "not the module"),
    );
    const broken = { InferenceSession: { create: missing }, Tensor: class {}, env: { wasm: {} } };
    await expect(asked("callback", { ort: broken as unknown as OrtWeb })).rejects.toMatchObject(
      named("ORT_MISSING", "wasmPaths", "no such package"),
    );
    const warnings: string[] = [];
    await expect(
      OrtProgram.load(program, {
        ort: missing,
        innerModule: missing,
        onWarning: (warning) => warnings.push(warning),
      }),
    ).rejects.toMatchObject(named("ORT_MISSING", "jspi", "sync", "asyncify", "callback"));
    expect(warnings).toHaveLength(4);
  });

  test("auto takes what works", async () => {
    const auto = async (options: OrtProgramOptions): Promise<OrtMode> => {
      const loaded = await OrtProgram.load(program, options);
      open.push(loaded);
      return loaded.mode;
    };
    expect(await auto({})).toBe("sync");
    expect(await auto({ innerModule: missing, asyncify })).toBe("asyncify");
    expect(await auto({ innerModule: missing })).toBe("callback");
  });

  test("is aborted by its signal", async () => {
    const reason = new Error("enough");
    await expect(OrtProgram.load(program, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const loading = OrtProgram.load(program, { mode: "sync", signal: controller.signal });
    controller.abort(reason);
    await expect(loading).rejects.toBe(reason);
  });
});

describe.each<OrtMode>(["sync", "asyncify"])("%s", (mode) => {
  test("calls are in the order of their coming", async () => {
    const probe = await load(mode);
    const session = await probe.open("plus");
    probe.put(session, [floats([1], [2])], [0]);
    const { program } = probe;
    await Promise.all([10, 20, 30].map((event) => program.call("probe_noted_run", event)));
    expect(probe.events()).toEqual([10, 11, 20, 21, 30, 31]);
  });

  test("an output that is an input keeps its data", async () => {
    const probe = await load(mode);
    const session = await probe.create(alias());
    probe.put(session, [floats([2], [1, 2])], [0, 1]);
    const first = await probe.program.call("probe_run");
    probe.put(session, [floats([2], [3, 4])], [1, 0]);
    const second = await probe.program.call("probe_run");
    await probe.program.call("probe_close", session);
    expect(probe.take(first, 2).map(asFloats)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(probe.take(second, 2).map(asFloats)).toEqual([
      [3, 4],
      [3, 4],
    ]);
  });

  test("shapes may change from run to run, also to none", async () => {
    const probe = await load(mode);
    const session = await probe.create(alias());
    for (const values of [[1], [1, 2, 3], [], [5, 6]]) {
      const [y] = await probe.run(session, [floats([values.length], values)], [0]);
      expect(y && asFloats(y)).toEqual(values);
    }
  });

  test("texts go through, whatever they are made of", async () => {
    const probe = await load(mode);
    const session = await probe.create(texts());
    for (const list of [["", "grüße", "日本\u{1f600}", "x".repeat(3000)], [], ["a", ""]]) {
      const bytes = new TextEncoder().encode(list.map((text) => `${text}\0`).join(""));
      const input = { type: 8, shape: [list.length], bytes };
      const [y] = await probe.run(session, [input], [0]);
      expect(y).toEqual(input);
    }
  });

  test("session options arrive", async () => {
    const probe = await load(mode);
    const options = [
      "graphOptimizationLevel",
      "disabled",
      "enableMemPattern",
      "1",
      "logId",
      "probe",
    ];
    const session = await probe.create(alias(), [...options, "freeDimension.n", "2"]);
    expect(probe.infos(session, 0)).toEqual([{ name: "x", type: 1, shape: [2] }]);
    const refused = (...texts: string[]): Promise<number> => probe.create(alias(), texts);
    await expect(refused("graphOptimizationLevel", "much")).rejects.toMatchObject({ code: 2 });
    await expect(refused("colour", "red")).rejects.toMatchObject({ code: 2 });
    await expect(refused("freeDimension.n", "many")).rejects.toMatchObject({ code: 2 });
    await expect(refused("executionProvider", "Abacus")).rejects.toMatchObject({
      message: expect.stringMatching(/abacus/i),
    });
  });

  test("lost sessions say so, and give way to new ones", async () => {
    const probe = await load(mode);
    const session = await probe.open("plus");
    await probe.program.loseSessions("the page is hidden");
    await expect(probe.run(session, [floats([1], [2])], [0])).rejects.toMatchObject({
      code: 5,
      message: "session lost: the page is hidden",
    });
    await probe.program.call("probe_close", session);
    const [y] = await probe.run(await probe.open("plus"), [floats([1], [2])], [0]);
    expect(y && asFloats(y)).toEqual([42]);
  });

  test("a trap ends the program, with what waits behind it", async () => {
    const { program } = await load(mode);
    const calls = ["probe_trap", "probe_version"].map((name) => program.call(name));
    const [trap, behind] = await Promise.allSettled(calls);
    expect(trap).toMatchObject({ reason: named("ORT_TRAP", "trapped") });
    expect(behind).toMatchObject({ reason: named("ORT_TRAP", "earlier") });
    expect(() => program.callNow("probe_version")).toThrow(VoicepathError);
    expect(() => program.allocate(1)).toThrow(/earlier/);
    expect(program.u8.length).toBeGreaterThan(0);
  });

  test("RunAsync copies its inputs and calls back in turn", async () => {
    const probe = await load(mode);
    await probe.program.call("probe_open", probe.program.writeText("plus"));
    for (const x of [2, 3]) probe.program.callNow("probe_start", x);
    expect(probe.events()).toEqual([1, 1]);
    await expect.poll(() => probe.events()).toEqual([1, 1, 101, 42, 101, 43]);
  });
});

describe("while a call waits", () => {
  test("memory may grow, and views are current", async () => {
    const probe = await load("asyncify");
    const session = await probe.open("plus");
    probe.put(session, [floats([1], [2])], [0]);
    const before = probe.program.u8;
    const running = probe.program.call("probe_run");
    expect(probe.program.callNow("probe_grow", 48 << 20)).toBe(1);
    expect(before.length).toBe(0);
    for (const view of ["u8", "i32", "u32", "i64", "f32", "f64"] as const)
      expect(probe.program[view].byteLength).toBeGreaterThan(48 << 20);
    const [y] = probe.take(await running, 1);
    expect(y && asFloats(y)).toEqual([42]);
  });

  test("callNow works, but must not wait", async () => {
    const probe = await load("asyncify");
    const session = await probe.open("plus");
    probe.put(session, [floats([1], [2])], [0]);
    const running = probe.program.call("probe_run");
    expect(() => probe.program.callNow("probe_run")).toThrow(
      expect.objectContaining(named("ORT_WAITS", "probe_run", "Run")),
    );
    expect(probe.text("probe_error")).toMatch(/OrtProgram\.call/);
    const [y] = probe.take(await running, 1);
    expect(y && asFloats(y)).toEqual([42]);
    const sync = await load("sync");
    sync.put(await sync.open("plus"), [floats([1], [2])], [0]);
    const [now] = sync.take(sync.program.callNow("probe_run"), 1);
    expect(now && asFloats(now)).toEqual([42]);
  });

  test("disposal rejects it, and those behind it", async () => {
    const probe = await load("asyncify");
    const session = await probe.open("plus");
    probe.put(session, [floats([1], [2])], [0]);
    const { program } = probe;
    const calls = ["probe_run", "probe_run"].map((name) => program.call(name));
    program.dispose();
    program.dispose();
    for (const call of await Promise.allSettled(calls))
      expect(call).toMatchObject({ reason: named("DISPOSED") });
    for (const use of [
      () => program.u8,
      () => program.live,
      () => program.misuses,
      () => program.allocate(1),
      () => program.callNow("probe_version"),
      () => program.text(1024),
    ])
      expect(use).toThrow(expect.objectContaining(named("DISPOSED")));
    await expect(program.call("probe_run")).rejects.toMatchObject(named("DISPOSED"));
    await expect(program.loseSessions("late")).rejects.toMatchObject(named("DISPOSED"));
  });

  test("its stack must fit", async () => {
    const small = await load("asyncify", { asyncifyStackBytes: 4096 });
    const session = await small.open("plus");
    small.put(session, [floats([1], [2])], [0]);
    await expect(small.program.call("probe_deep_run", 1000)).rejects.toMatchObject(
      named("ORT_TRAP", "asyncifyStackBytes, 4096"),
    );
    const large = await load("asyncify");
    large.put(await large.open("plus"), [floats([1], [2])], [0]);
    const [y] = large.take(await large.program.call("probe_deep_run", 1000), 1);
    expect(y && asFloats(y)).toEqual([42]);
  });
});

test("callback: the loader's models, and RunAsync only", async () => {
  const probe = await load("callback");
  expect(probe.program.callNow("probe_can_wait")).toBe(0);
  await expect(probe.open("other")).rejects.toMatchObject({ code: 3 });
  await expect(probe.create(plusForty())).rejects.toMatchObject({ code: 9 });
  const session = await probe.open("plus");
  await expect(probe.run(session, [floats([1], [2])], [0])).rejects.toMatchObject({
    code: 9,
    message: expect.stringContaining("RunAsync"),
  });
  await probe.program.call("probe_open", probe.program.writeText("plus"));
  probe.program.callNow("probe_start", 2);
  expect(probe.events()).toEqual([1]);
  await expect.poll(() => probe.events()).toEqual([1, 101, 42]);
  await probe.program.loseSessions("of memory");
  probe.program.callNow("probe_start", 2);
  await expect.poll(() => probe.events().slice(3)).toEqual([1, 905]);
});

test("a GPU device that is lost takes its sessions with it", async () => {
  const real: OrtWeb = await import("onnxruntime-web");
  let lose = (_: object): void => {};
  const lost = new Promise<object>((resolve) => {
    lose = resolve;
  });
  const providers: unknown[] = [];
  const ort: OrtWeb = {
    InferenceSession: {
      create: (model, options) => {
        providers.push((options as { executionProviders: unknown }).executionProviders);
        return real.InferenceSession.create(model, { executionProviders: ["wasm"] });
      },
    },
    Tensor: real.Tensor,
    env: { ...real.env, webgpu: { device: Promise.resolve({ lost }) } },
  };
  const probe = await load("asyncify", { ort });
  const names = ["executionProvider", "WebGPU", "executionProvider.preferredLayout", "NHWC"];
  const session = await probe.create(plusForty(), names);
  expect(providers.at(-1)).toEqual([{ name: "webgpu", preferredLayout: "NHWC" }]);
  const [y] = await probe.run(session, [floats([1], [2])], [0]);
  expect(y && asFloats(y)).toEqual([42]);
  lose({ message: "unplugged", reason: "unknown" });
  await new Promise((resolve) => setTimeout(resolve));
  await expect(probe.run(session, [floats([1], [2])], [0])).rejects.toMatchObject({
    code: 11,
    message: expect.stringContaining("unplugged"),
  });
});

describe("whatever it is given", () => {
  /** Runs it; only named errors may come. */
  const namedOnly = (use: () => unknown): void => {
    try {
      use();
    } catch (error) {
      expect(error).toBeInstanceOf(VoicepathError);
      expect((error as VoicepathError).code).not.toBe("ORT_TRAP");
    }
  };

  test("texts come back as they were", async () => {
    const { program } = await load("sync");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        const at = program.writeText(text);
        // A lone surrogate has no UTF-8, and a NUL ends a text.
        const [start = ""] = new TextDecoder("utf-8", { ignoreBOM: true })
          .decode(new TextEncoder().encode(text))
          .split("\0");
        expect(program.text(at)).toBe(start);
        program.free(at);
      }),
      { numRuns: 300 },
    );
  });

  test("errors are named", async () => {
    const { program } = await load("sync");
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything(), { maxLength: 3 }), (value, list) => {
        const any = value as never;
        namedOnly(() => program.text(any));
        namedOnly(() => program.writeText(any));
        namedOnly(() => program.callNow(any));
        namedOnly(() => program.callNow("probe_count", ...(list as number[])));
        namedOnly(() => program.callNow("probe_result_bytes", ...(list as number[])));
        if (typeof value !== "number" || value < 0) namedOnly(() => program.free(any));
        if (typeof value !== "number" || !(value > 1 << 20)) namedOnly(() => program.allocate(any));
      }),
      { numRuns: 300 },
    );
    expect(() => program.allocate(0xffffff00)).toThrow(
      expect.objectContaining(named("VP_E_MEMORY")),
    );
    expect(() => program.text(program.u8.length)).toThrow(expect.objectContaining(named("OPTION")));
    expect(program.callNow("probe_can_wait")).toBe(1);
  });

  test("the reader of ONNX files reads what is written, and refuses the rest", () => {
    const graph = new Graph("all");
    graph.input("numbers", "float32", ["batch", 3]);
    graph.input("names", "string", []);
    graph.node("Identity", ["numbers"], {}, "same");
    graph.output("same", "float32", ["batch", 3]);
    const bytes = graph.bytes();
    expect(readOnnxSignature(bytes)).toEqual({
      inputs: [
        {
          name: "numbers",
          type: 1,
          shape: [
            { size: -1, symbol: "batch" },
            { size: 3, symbol: "" },
          ],
        },
        { name: "names", type: 8, shape: [] },
      ],
      outputs: [
        {
          name: "same",
          type: 1,
          shape: [
            { size: -1, symbol: "batch" },
            { size: 3, symbol: "" },
          ],
        },
      ],
    });
    const read = (mutant: Uint8Array): void => {
      try {
        readOnnxSignature(mutant);
      } catch (error) {
        expect(error).toBeInstanceOf(OnnxFormatError);
      }
    };
    for (let length = 0; length < bytes.length; length++) read(bytes.subarray(0, length));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const mutant = bytes.slice();
        for (const [at, byte] of changes) mutant[at] = byte;
        read(mutant);
      }),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read), { numRuns: 1000 });
  });
});
