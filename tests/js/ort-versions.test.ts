/**
 * Every version of onnxruntime-web that is installed, in every mode that it has in Node: what a program
 * gets is bit for bit what that version gives JavaScript.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type InnerModule,
  type InnerModuleFactory,
  type OrtMode,
  OrtProgram,
  type OrtWeb,
} from "../../dist/ort/index.js";
import { TESTED_MINORS } from "../../dist/ort/inner-module.js";
import { Graph } from "../../wasm/ort/examples/graph.js";
import { floats, Probe, type ProbeTensor } from "./ort-probe.js";

const program = new Uint8Array(readFileSync("build/wasm/wasm/ort/loader_probe.wasm"));
const asyncify = new Uint8Array(readFileSync("build/wasm/wasm/ort/loader_probe.asyncify.wasm"));

const packages = [
  "onnxruntime-web-1.14",
  "onnxruntime-web-1.18",
  "onnxruntime-web-1.20",
  "onnxruntime-web-1.22",
  "onnxruntime-web-1.24",
  "onnxruntime-web",
].map((name) => {
  const { version } = createRequire(import.meta.url)(
    `${process.cwd()}/node_modules/${name}/package.json`,
  );
  return { name, version: String(version), minor: String(version).replace(/\.\d+$/, "") };
});

const innerModule = (name: string) => (): Promise<{ default: InnerModuleFactory }> =>
  import(pathToFileURL(`node_modules/${name}/dist/ort-wasm-simd-threaded.mjs`).href);

/** x [batch, 3] and the indices i [2] to x * tanh(x), the greatest's index, and the picked rows. */
function model(): Uint8Array<ArrayBuffer> {
  const graph = new Graph("versions");
  graph.input("x", "float32", ["batch", 3]);
  graph.input("i", "int64", [2]);
  graph.node("Mul", ["x", graph.node("Tanh", ["x"])], {}, "curved");
  graph.node("ArgMax", ["x"], { axis: 1, keepdims: 1 }, "greatest");
  graph.node("Gather", ["x", "i"], { axis: 0 }, "rows");
  graph.output("curved", "float32", ["batch", 3]);
  graph.output("greatest", "int64", ["batch", 1]);
  graph.output("rows", "float32", [2, 3]);
  return new Uint8Array(graph.bytes());
}

const x = Float32Array.from({ length: 12 }, (_, i) => Math.sin(7 * i) * 3);
const rows = BigInt64Array.of(3n, 1n);
const inputs: ProbeTensor[] = [
  floats([4, 3], x),
  { type: 7, shape: [2], bytes: new Uint8Array(rows.buffer) },
];
const outputs = ["curved", "greatest", "rows"];

async function directly(ort: OrtWeb): Promise<Uint8Array[]> {
  const session = await ort.InferenceSession.create(model(), { executionProviders: ["wasm"] });
  const results = await session.run(
    { x: new ort.Tensor("float32", x, [4, 3]), i: new ort.Tensor("int64", rows, [2]) },
    outputs,
  );
  return outputs.map((name) => {
    const data = results[name]?.data as Float32Array;
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
}

test("the versions whose inner module is used are those that are installed", () => {
  const installed = packages
    .map(({ minor }) => minor)
    .filter((minor) => Number(minor.slice(2)) >= 22);
  expect(TESTED_MINORS).toEqual(installed);
});

describe.each(packages)("$name $version", ({ name, version, minor }) => {
  const hasInner = TESTED_MINORS.includes(minor);
  let ort: OrtWeb;
  let expected: Uint8Array[];
  beforeAll(async () => {
    const loaded = await import(name);
    ort = "InferenceSession" in loaded ? loaded : loaded.default;
    expected = await directly(ort);
  });

  describe.each<OrtMode>([...(hasInner ? (["sync"] as const) : []), "asyncify", "callback"])(
    "%s",
    (mode) => {
      let probe: Probe;
      beforeAll(async () => {
        const given = {
          mode,
          asyncify,
          ort,
          innerModule: innerModule(name),
          models: { m: model() },
        };
        probe = new Probe(await OrtProgram.load(program, given));
      });
      afterAll(() => probe.program.dispose());

      test("tells its version", () => {
        // 1.14 does not know its own.
        expect(probe.program.ortVersion).toBe(minor === "1.14" ? "1.14" : version);
        expect(probe.text("probe_version")).toBe(probe.program.ortVersion);
        expect(probe.text("probe_provider")).toBe("CPUExecutionProvider");
      });

      test("tells names, types and shapes", async () => {
        const session = await probe.open("m");
        expect(probe.infos(session, 0)).toEqual([
          { name: "x", type: 1, shape: ["batch", 3] },
          { name: "i", type: 7, shape: [2] },
        ]);
        expect(probe.infos(session, 1)).toEqual([
          { name: "curved", type: 1, shape: ["batch", 3] },
          { name: "greatest", type: 7, shape: ["batch", 1] },
          { name: "rows", type: 1, shape: [2, 3] },
        ]);
      });

      // In mode "callback" nothing waits.
      if (mode !== "callback") {
        test("gives the same bits, also out of order", async () => {
          const session = await probe.open("m");
          for (const order of [
            [0, 1, 2],
            [2, 0],
            [0, 1, 2],
          ]) {
            const results = await probe.run(session, inputs, order);
            expect(results.map(({ bytes }) => bytes)).toEqual(order.map((i) => expected[i]));
          }
          const [curved, greatest] = await probe.run(session, inputs, [0, 1]);
          expect(curved?.shape).toEqual([4, 3]);
          expect(greatest).toMatchObject({ type: 7, shape: [4, 1] });
        });

        test("refuses with ONNX Runtime's own code", async () => {
          await expect(probe.create(model().subarray(0, 60))).rejects.toMatchObject({ code: 7 });
          await expect(probe.open("no/such.onnx")).rejects.toMatchObject({
            code: 3,
            message: expect.stringContaining("no/such.onnx"),
          });
          const wrong = [floats([4, 2], x.subarray(0, 8)), ...inputs.slice(1)];
          await expect(probe.run(await probe.open("m"), wrong, [0])).rejects.toMatchObject({
            code: 2,
          });
        });
      }

      test("RunAsync calls back", async () => {
        const graph = new Graph("one");
        graph.input("x", "float32", [1]);
        graph.node("Add", ["x", graph.number(40)], {}, "y");
        graph.output("y", "float32", [1]);
        const other = new Probe(
          await OrtProgram.load(program, {
            mode,
            asyncify,
            ort,
            innerModule: innerModule(name),
            models: { one: new Uint8Array(graph.bytes()) },
          }),
        );
        expect(await other.program.call("probe_open", other.program.writeText("one"))).toBe(1);
        await other.program.call("probe_start", 2);
        await expect.poll(() => other.events()).toEqual([1, 101, 42]);
        await other.program.call("probe_shut");
        expect(Object.values(other.program.live).filter((count) => count !== 0)).toEqual([]);
        expect(other.program.misuses).toBe(0);
        other.program.dispose();
      });
    },
  );

  if (!hasInner)
    test("has no inner module for mode sync, by name", async () => {
      await expect(
        OrtProgram.load(program, { mode: "sync", innerModule: innerModule(name) }),
      ).rejects.toMatchObject({ code: minor === "1.20" ? "ORT_UNSUPPORTED" : "ORT_MISSING" });
    });
});

/** The inner module of the newest version, changed before ONNX Runtime starts in it. */
const changed =
  (change: (module: InnerModule) => void): InnerModuleFactory =>
  async (options) => {
    const { default: factory } = await innerModule("onnxruntime-web")();
    const module = (await factory(options)) as InnerModule;
    change(module);
    return module;
  };

describe("one instance of the inner module", () => {
  /** Compiled before, so that programs loaded together go step by step. */
  const module = new WebAssembly.Module(program);
  const load = (innerModule: InnerModuleFactory): Promise<OrtProgram> =>
    OrtProgram.load(module, { mode: "sync", innerModule });

  test("is for all programs, also for those loaded together", async () => {
    let made = 0;
    const counted = changed(() => {
      made++;
    });
    const [first, second] = await Promise.all([load(counted), load(counted)]);
    first.dispose();
    for (const one of [second, await load(counted)]) {
      const probe = new Probe(one);
      const [curved] = await probe.run(await probe.create(model()), inputs, [0]);
      expect(curved?.shape).toEqual([4, 3]);
      one.dispose();
    }
    expect(made).toBe(1);
  });

  test("is made anew after a trap", async () => {
    let made = 0;
    const trapping = changed((module) => {
      if (++made > 1) return;
      Object.assign(module, {
        _OrtRun: () => {
          throw new WebAssembly.RuntimeError("unreachable");
        },
      });
    });
    const broken = new Probe(await load(trapping));
    const session = await broken.create(model());
    await expect(broken.run(session, inputs, [0])).rejects.toMatchObject({ code: 6 });
    broken.program.dispose();
    const probe = new Probe(await load(trapping));
    expect(await probe.run(await probe.create(model()), inputs, [0])).toHaveLength(1);
    expect(made).toBe(2);
    probe.program.dispose();
  });
});

describe("an inner module that was not tested", () => {
  /** 1.x to 8.x, in the constants. */
  const newer = changed(({ HEAPU8 }) => {
    const text = `\0${packages.at(-1)?.version}\0`;
    HEAPU8[Buffer.from(HEAPU8.slice(0, 4 << 20)).indexOf(text, 0, "latin1") + 1] = 0x38;
  });

  test("is passed over, by its version", async () => {
    const warnings: string[] = [];
    const loaded = await OrtProgram.load(program, {
      asyncify,
      innerModule: newer,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(loaded.mode).toBe("asyncify");
    expect(warnings.join()).toMatch(/sync.*8\.\d+\.\d+ was not tested/);
    loaded.dispose();
  });

  test("is used when it is asked for, with a warning", async () => {
    const warnings: string[] = [];
    const loaded = await OrtProgram.load(program, {
      mode: "sync",
      innerModule: newer,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(warnings).toHaveLength(1);
    const probe = new Probe(loaded);
    const [curved] = await probe.run(await probe.create(model()), inputs, [0]);
    expect(curved?.shape).toEqual([4, 3]);
    loaded.dispose();
  });

  test("that does not answer at once is no such module", async () => {
    const innerModule = changed((module) => {
      const later = Promise.resolve(1) as unknown as number;
      Object.assign(module, { _OrtCreateSession: () => later });
    });
    const probe = new Probe(await OrtProgram.load(program, { mode: "sync", innerModule }));
    await expect(probe.create(model())).rejects.toMatchObject({
      code: 9,
      message: expect.stringContaining("at once"),
    });
    probe.program.dispose();
  });

  test("that lacks a function names it", async () => {
    const innerModule = changed((module) => Object.assign(module, { _OrtRun: undefined }));
    await expect(OrtProgram.load(program, { mode: "sync", innerModule })).rejects.toMatchObject({
      code: "ORT_UNSUPPORTED",
      message: expect.stringContaining("_OrtRun"),
    });
  });
});
