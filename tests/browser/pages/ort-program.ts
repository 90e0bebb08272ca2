/** A program's results beside onnxruntime-web's own, for tests/browser/ort-program.test.ts. */
import {
  type OrtMode,
  OrtProgram,
  type OrtProgramOptions,
  type OrtWeb,
} from "../../../dist/ort/index.js";
import { Probe, type ProbeTensor } from "../../js/ort-probe.js";

export interface Outcome {
  readonly mode: OrtMode;
  readonly version: string;
  /** Of a run in the program, and of the same in JavaScript. */
  readonly program: readonly number[][];
  readonly direct: readonly number[][];
  /** What RunAsync's callback noted. */
  readonly events: readonly number[];
  readonly names: readonly string[];
  readonly warnings: readonly string[];
}

/** The model of /model.onnx: see the test. */
const x = Float32Array.from({ length: 12 }, (_, i) => Math.sin(7 * i) * 3);
const OUTPUTS = ["curved", "greatest"];

const plain = ({ data }: { readonly data: unknown }): number[] =>
  Array.from(data as Float32Array | BigInt64Array, Number);

function values({ type, bytes }: ProbeTensor): number[] {
  const { buffer } = bytes.slice();
  return type === 7 ? Array.from(new BigInt64Array(buffer), Number) : [...new Float32Array(buffer)];
}

/** A version by its folder on the server: a classic script before 1.19, and never loaded twice. */
const scripts = new Map<string, Promise<OrtWeb>>();
function classic(folder: string): Promise<OrtWeb> {
  let loading = scripts.get(folder);
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `/${folder}/ort.min.js`;
      script.onload = () => resolve((window as unknown as { ort: OrtWeb }).ort);
      script.onerror = reject;
      document.head.append(script);
    });
    scripts.set(folder, loading);
  }
  return loading;
}

function optionsOf(folder: string): OrtProgramOptions {
  const base: OrtProgramOptions = {
    asyncify: "/ort/loader_probe.asyncify.wasm",
    wasmPaths: `/${folder}/`,
    models: { model: "/model.onnx", one: "/one.onnx" },
  };
  return folder === "onnxruntime-web" ? base : { ...base, ort: () => classic(folder) };
}

async function outcome(mode: OrtMode | "auto", folder = "onnxruntime-web"): Promise<Outcome> {
  const warnings: string[] = [];
  const onWarning = (warning: string): void => {
    warnings.push(warning);
  };
  const options = optionsOf(folder);
  const program = await OrtProgram.load("/ort/loader_probe.wasm", { ...options, mode, onWarning });
  const probe = new Probe(program);
  const session = await probe.open("model");
  const inputs = [{ type: 1, shape: [4, 3], bytes: new Uint8Array(x.buffer) }];
  const results = program.mode === "callback" ? [] : await probe.run(session, inputs, [0, 1]);

  await program.call("probe_open", program.writeText("one"));
  await program.call("probe_start", 2);
  for (let i = 0; i < 100 && probe.events().length < 3; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const done: Outcome = {
    mode: program.mode,
    version: program.ortVersion,
    program: results.map(values),
    direct: program.mode === "callback" ? [] : await directly(folder),
    events: probe.events(),
    names: probe.infos(session, 0).map(({ name, shape }) => `${name} ${shape}`),
    warnings,
  };
  program.dispose();
  return done;
}

async function directly(folder: string): Promise<number[][]> {
  const ort: OrtWeb =
    folder === "onnxruntime-web" ? await import("onnxruntime-web") : await classic(folder);
  Object.assign(ort.env.wasm, { wasmPaths: `/${folder}/`, numThreads: 1 });
  const model = new Uint8Array(await (await fetch("/model.onnx")).arrayBuffer());
  const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const results = await session.run({ x: new ort.Tensor("float32", x, [4, 3]) }, OUTPUTS);
  return OUTPUTS.map((name) => plain(results[name] ?? { data: [] }));
}

/** What callNow says of an export that waits, and what a trap and a disposal leave. */
async function ends(mode: OrtMode): Promise<string[]> {
  const options = { ...optionsOf("onnxruntime-web"), mode };
  const code = (error: unknown): string => (error as { code?: string }).code ?? String(error);
  const load = (): Promise<OrtProgram> => OrtProgram.load("/ort/loader_probe.wasm", options);
  const inputs = [{ type: 1, shape: [4, 3], bytes: new Uint8Array(x.buffer) }];
  const put = async (program: OrtProgram): Promise<Probe> => {
    const probe = new Probe(program);
    probe.put(await probe.open("model"), inputs, [0, 1]);
    return probe;
  };
  const codes: string[] = [];
  const zeroth = await load();
  await put(zeroth);
  try {
    codes.push(String(zeroth.callNow("probe_run") > 0));
  } catch (error) {
    codes.push(code(error));
  }
  zeroth.dispose();
  const first = await load();
  const probe = await put(first);
  const grown = first.call("probe_run");
  first.callNow("probe_grow", 48 << 20);
  const results = await grown;
  codes.push(String(probe.take(results, 2).length));
  codes.push(await first.call("probe_trap").then(String, code));
  codes.push(await first.call("probe_run").then(String, code));
  first.dispose();
  const second = await load();
  await put(second);
  const running = second.call("probe_run").then(() => "done", code);
  second.dispose();
  codes.push(await running);
  return codes;
}

const probe = { outcome, ends, OrtProgram };

declare global {
  interface Window {
    ortProgram: typeof probe;
  }
}

window.ortProgram = probe;
