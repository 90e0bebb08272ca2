/**
 * Every way to use the C API wrongly gives the right status, with a message that says what, the value and
 * the range; and nothing is left behind. The cases are in tests/ort/status_probe.c, which has 16 MB.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type InnerModule,
  type InnerModuleFactory,
  type OrtMode,
  OrtProgram,
  type OrtProgramOptions,
  type OrtSession,
  type OrtWeb,
} from "../../dist/ort/index.js";
import { asyncifyOf, modelOf, programOf } from "./ort-files.js";

/** OrtErrorCode, in the header's order. */
const CODES = [
  "OK",
  "FAIL",
  "INVALID_ARGUMENT",
  "NO_SUCHFILE",
  "NO_MODEL",
  "ENGINE_ERROR",
  "RUNTIME_EXCEPTION",
  "INVALID_PROTOBUF",
  "MODEL_LOADED",
  "NOT_IMPLEMENTED",
  "INVALID_GRAPH",
  "EP_FAIL",
] as const;

/** What each case should come to: a code, and what the message must name. */
const EXPECTED: Readonly<Record<string, readonly [(typeof CODES)[number], ...RegExp[]]>> = {
  nothing: ["OK"],
  bad_model: ["INVALID_PROTOBUF", /./],
  cut_model: ["INVALID_PROTOBUF", /./],
  empty_model: ["INVALID_ARGUMENT", /No graph/],
  null_model: ["INVALID_ARGUMENT", /NULL/],
  unknown_path: ["NO_SUCHFILE", /no\/such\/model\.onnx/],
  unknown_provider: ["INVALID_ARGUMENT", /Abacus/],
  unknown_input: ["INVALID_ARGUMENT", /apple/],
  unknown_output: ["INVALID_ARGUMENT", /difference/],
  missing_input: ["INVALID_ARGUMENT", /\bb\b/],
  null_input: ["INVALID_ARGUMENT", /NULL|\ba\b/],
  wrong_dimension: ["INVALID_ARGUMENT", /\ba\b/, /2/, /3/],
  wrong_rank: ["INVALID_ARGUMENT", /\ba\b/, /1/, /2/],
  wrong_type: ["INVALID_ARGUMENT", /int32/i, /float/i],
  unequal_rows: ["FAIL", /broadcast 0 by 0 or 1\. 2 is invalid/],
  preallocated_wrongly: ["INVALID_ARGUMENT", /result 0/, /shape/],
  short_data: ["INVALID_ARGUMENT", /\b23\b|\b20\b/, /\b24\b/],
  negative_dimension: ["INVALID_ARGUMENT", /-2/],
  too_many_elements: ["INVALID_ARGUMENT", /./],
  unknown_type: ["INVALID_ARGUMENT", /77/],
  null_result: ["INVALID_ARGUMENT", /NULL/],
  input_out_of_range: ["INVALID_ARGUMENT", /2/],
  string_of_number: ["INVALID_ARGUMENT", /string/i],
  string_out_of_range: ["INVALID_ARGUMENT", /6/],
  used_value_after_release: ["INVALID_ARGUMENT", /Value/],
  used_session_after_release: ["INVALID_ARGUMENT", /Session/],
  used_env_as_session: ["INVALID_ARGUMENT", /Session/],
  used_address_as_value: ["INVALID_ARGUMENT", /Value/],
  big_tensor: ["RUNTIME_EXCEPTION", /536870912|memory/],
  big_block: ["RUNTIME_EXCEPTION", /536870912|memory/],
};

const add = modelOf("add.onnx");

async function open(mode: OrtMode, options: OrtProgramOptions = {}): Promise<OrtProgram> {
  const program = await OrtProgram.load(programOf("status_probe"), {
    mode,
    asyncify: asyncifyOf("status_probe"),
    ...options,
  });
  // Stays for the program's life: cases make sessions of it.
  const at = program.allocate(add.length);
  program.u8.set(add, at);
  expect(await program.call("probe_open", at, add.length)).toBe(0);
  return program;
}

async function status(program: OrtProgram, name: string, ...args: number[]): Promise<string> {
  const code = await program.call(name, ...args);
  return `${CODES[code] ?? code}: ${program.text(program.callNow("probe_message"))}`;
}

const left = (program: OrtProgram): unknown[] =>
  Object.entries(program.live).filter(([, count]) => count !== 0);

function caseNames(program: OrtProgram): string[] {
  const names: string[] = [];
  for (;;) {
    const at = program.callNow("probe_case", names.length);
    if (at === 0) return names;
    names.push(program.text(at));
  }
}

describe.each(["sync", "asyncify"] as const)("mode %s", (mode) => {
  test("each case: its code, and a message that says what", async () => {
    const program = await open(mode);
    const before = program.live;
    const names = caseNames(program);
    expect(names).toEqual(Object.keys(EXPECTED));
    const wrong: string[] = [];
    for (const [i, name] of names.entries()) {
      const said = await status(program, "probe_run_case", i);
      const [code, ...patterns] = EXPECTED[name] ?? ["no such case"];
      if (!said.startsWith(`${code}: `)) wrong.push(`${name}: ${said}, expected ${code}`);
      for (const pattern of patterns)
        if (!pattern.test(said.slice(said.indexOf(": ") + 2)))
          wrong.push(`${name}: ${said}, expected ${pattern}`);
      if (JSON.stringify(program.live) !== JSON.stringify(before))
        wrong.push(`${name} leaves ${JSON.stringify(left(program))}`);
    }
    expect(wrong).toEqual([]);
    await program.call("probe_close");
    expect(left(program)).toEqual([]);
    program.dispose();
  });

  test("out of memory: a result that is bigger than the program", async () => {
    const program = await open(mode);
    const ones = modelOf("ones.onnx");
    const at = program.allocate(ones.length);
    program.u8.set(ones, at);
    const before = program.live;
    expect(await status(program, "probe_big_result", at, ones.length, 1000)).toMatch(/^OK/);
    expect(await status(program, "probe_big_result", at, ones.length, 2 ** 23)).toMatch(
      /^RUNTIME_EXCEPTION: .*(memory|33554432)/,
    );
    // And it goes on.
    expect(await status(program, "probe_run_case", 0)).toMatch(/^OK/);
    expect(program.live).toEqual(before);
    await program.call("probe_close");
    program.dispose();
  });

  test("released twice: counted, and nothing else happens", async () => {
    const program = await open(mode);
    const before = program.live;
    expect(program.misuses).toBe(0);
    expect(await status(program, "probe_release_twice")).toMatch(/^OK/);
    // Six objects a second time, and an address that never was one.
    expect(program.misuses).toBe(7);
    program.callNow("probe_release_null");
    expect(program.misuses).toBe(7);
    expect(program.live).toEqual(before);
    expect(await status(program, "probe_run_case", 0)).toMatch(/^OK/);
    await program.call("probe_close");
    program.dispose();
  });

  test("a lost session says so until it is released", async () => {
    const program = await open(mode);
    await program.loseSessions("the page went to sleep");
    for (let i = 0; i < 2; i++)
      expect(await status(program, "probe_run_case", 0)).toMatch(
        /^ENGINE_ERROR: .*session lost: the page went to sleep/,
      );
    await program.call("probe_close");
    expect(left(program)).toEqual([]);
    program.dispose();
  });
});

test("GetApi gives no table for a version that is too new", async () => {
  const program = await open("sync");
  const of = (version: number): number => program.callNow("probe_api", version);
  expect([0, 22, 99, 2 ** 32 - 1].map(of)).toEqual([0, 0, 0, 0]);
  expect(of(21)).not.toBe(0);
  expect(of(1)).not.toBe(0);
  expect(program.text(program.callNow("probe_version"))).toBe(program.ortVersion);
  program.dispose();
});

describe("all slots of the table, called with nothing", () => {
  /** In the table's order, which is the ABI. */
  const slots = ((): string[] => {
    const header = readFileSync("third_party/onnxruntime/onnxruntime_c_api.h", "utf8");
    const [, body = ""] = /struct OrtApi \{([\s\S]*?)\n\};/.exec(header) ?? [];
    const declared =
      /ORT_API2_STATUS\(\s*(\w+)|ORT_CLASS_RELEASE\(\s*(\w+)|\(ORT_API_CALL\s*\*\s*(\w+)\)/g;
    return [...body.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").matchAll(declared)].map(
      ([, status, released, other]) => status ?? (released ? `Release${released}` : (other ?? "")),
    );
  })();

  /** These give no status, or have nothing to refuse. */
  const OTHERS: Readonly<Record<string, (answer: number) => boolean>> = {
    GetErrorCode: (code) => code === 0,
    GetErrorMessage: (text) => text > 0,
    GetTrainingApi: (table) => table === 0,
    GetBuildInfoString: (text) => text > 0,
    CreateStatus: (status) => status > 0,
    ReleaseAvailableProviders: (status) => status === 0,
  };

  interface Probe extends WebAssembly.Exports {
    readonly memory: WebAssembly.Memory;
    readonly __indirect_function_table: WebAssembly.Table;
    probe_slots(): number;
    probe_slot(index: number): number;
    probe_api(version: number): number;
    probe_status(status: number): number;
    probe_message(): number;
    _initialize(): void;
  }
  let probe: Probe;

  const slotName = (index: number, into: number, capacity: number): number => {
    const bytes = new Uint8Array(probe.memory.buffer, into, capacity);
    return new TextEncoder().encodeInto(slots[index] ?? "", bytes).written;
  };

  /** Without a loader: a slot that reached for its host would find one that knows only names. */
  beforeAll(() => {
    const module = new WebAssembly.Module(programOf("status_probe"));
    const get = (_: object, name: string | symbol): unknown =>
      name === "slot_name" ? slotName : () => 0;
    const host = new Proxy({}, { get });
    const { exports } = new WebAssembly.Instance(module, { ort: host, env: host });
    probe = exports as Probe;
    probe._initialize();
  });

  test("each is there and gives a status that names it, or refuses NULL", () => {
    expect(slots).toHaveLength(285);
    expect(probe.probe_slots()).toBe(285);
    const text = (at: number): string => {
      const bytes = new Uint8Array(probe.memory.buffer, at);
      return new TextDecoder().decode(bytes.slice(0, bytes.indexOf(0)));
    };
    const wrong: string[] = [];
    const count = { notImplemented: 0, refused: 0, released: 0, other: 0 };
    for (const [i, name] of slots.entries()) {
      const slot = probe.__indirect_function_table.get(probe.probe_slot(i));
      if (typeof slot !== "function") {
        wrong.push(`${name} is not there`);
        continue;
      }
      // false is 0 for every number type, also for 64-bit integers.
      const answer = slot(...Array(slot.length).fill(false));
      if (answer === undefined) {
        count.released++;
        continue;
      }
      const other = OTHERS[name];
      if (other) {
        count.other++;
        if (!other(answer)) wrong.push(`${name} gives ${answer}`);
        continue;
      }
      const code = CODES[probe.probe_status(answer)];
      const message = text(probe.probe_message());
      if (code === "NOT_IMPLEMENTED") {
        count.notImplemented++;
        if (!message.includes(name)) wrong.push(`${name}: ${message}`);
      } else {
        count.refused++;
        if (code !== "INVALID_ARGUMENT" || !/NULL|not a living Ort/.test(message))
          wrong.push(`${name}: ${code} ${message}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(count.other).toBe(Object.keys(OTHERS).length);
    expect(count.notImplemented).toBeGreaterThan(100);
  });
});

describe("lives from environment to result, each with another fault, leave nothing", () => {
  const LIVES = 10_000;
  const WARM_UP = 1000;

  /** Of ONNX Runtime: what was made and not given back, and its memory. */
  const engine = { sessions: 0, options: 0, created: 0, bytes: (): number => 0 };

  async function countedModule(): Promise<{ default: (options: object) => Promise<unknown> }> {
    const inner = "onnxruntime-web/ort-wasm-simd-threaded.mjs";
    const { default: make } = (await import(inner)) as { default: InnerModuleFactory };
    return {
      async default(options) {
        const module = (await make(options)) as InnerModule & Record<string, unknown>;
        const count = (name: string, of: "sessions" | "options", by: 1 | -1): void => {
          const counted = module[name] as (...args: number[]) => number;
          module[name] = (...args: number[]) => {
            const result = counted(...args);
            // 0 is a failure of what makes, and a success of what releases.
            if ((by === 1) === (result !== 0)) engine[of] += by;
            if (name === "_OrtCreateSession" && result !== 0) engine.created++;
            return result;
          };
        };
        count("_OrtCreateSession", "sessions", 1);
        count("_OrtReleaseSession", "sessions", -1);
        count("_OrtCreateSessionOptions", "options", 1);
        count("_OrtReleaseSessionOptions", "options", -1);
        engine.bytes = () => module.HEAPU8.length;
        return module;
      },
    };
  }

  test("mode sync, 10,000 of them", async () => {
    const program = await open("sync", { innerModule: countedModule });
    const before = program.live;
    expect(await program.call("probe_lives", WARM_UP)).toBe(WARM_UP);
    const bytes = [engine.bytes(), program.u8.length];
    expect(await program.call("probe_lives", LIVES)).toBe(LIVES);
    expect([engine.bytes(), program.u8.length]).toEqual(bytes);
    expect(program.live).toEqual(before);
    expect(program.misuses).toBe(0);
    // Of eight faults two come before there is a session.
    expect(engine.created).toBe(1 + (LIVES + WARM_UP) * (6 / 8));
    expect(engine).toMatchObject({ sessions: 1, options: 0 });
    await program.call("probe_close");
    expect(engine.sessions).toBe(0);
    expect(left(program)).toEqual([]);
    program.dispose();
  }, 20_000);

  test("mode asyncify, 1,000 of them", async () => {
    const web = await import("onnxruntime-web");
    let sessions = 0;
    const ort: OrtWeb = {
      env: web.env,
      Tensor: web.Tensor as unknown as OrtWeb["Tensor"],
      InferenceSession: {
        async create(model, options) {
          const session = await web.InferenceSession.create(model, options);
          sessions++;
          const release = session.release.bind(session);
          session.release = () => {
            sessions--;
            return release();
          };
          return session as unknown as OrtSession;
        },
      },
    };
    const program = await open("asyncify", { ort });
    const before = program.live;
    expect(await program.call("probe_lives", WARM_UP)).toBe(WARM_UP);
    expect(program.live).toEqual(before);
    expect(program.misuses).toBe(0);
    await program.call("probe_close");
    await new Promise((resolve) => setTimeout(resolve));
    expect(sessions).toBe(0);
    expect(left(program)).toEqual([]);
    program.dispose();
  }, 20_000);
});
