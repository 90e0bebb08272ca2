/** `model: "legacy"` on recordings, against vad-web 0.0.31's own NonRealTimeVAD, which has no other. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NonRealTimeVAD as TheirVAD } from "@ricky0123/vad-web";
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { loadAudio, Resampler } from "../../dist/index.js";
import {
  NonRealTimeVAD,
  type NonRealTimeVADOptions,
  type RealTimeVADOptions,
} from "../../dist/vad-web/index.js";
import { LegacyVad } from "../../dist/vad-web/legacy-vad.js";
import { corpus } from "./corpus.js";
import { DEFAULTS, QUICK, RATE_HZ, type Segment, spokenAudio } from "./vad-web-reference.js";

const FILE = "node_modules/@ricky0123/vad-web/dist/silero_vad_legacy.onnx";
const modelFetcher = async (): Promise<ArrayBuffer> => new Uint8Array(readFileSync(FILE)).buffer;
const FRAME_MS = 96;

async function all(found: AsyncIterable<Segment>): Promise<Segment[]> {
  const segments: Segment[] = [];
  for await (const segment of found) segments.push(segment);
  return segments;
}

async function theirs(audio: Float32Array, options: typeof DEFAULTS): Promise<Segment[]> {
  ort.env.wasm.numThreads = 1;
  const vad = await TheirVAD.new({ ...options, modelURL: FILE, modelFetcher });
  return all(vad.run(audio, RATE_HZ));
}

async function ours(
  audio: Float32Array,
  options: Partial<NonRealTimeVADOptions>,
  rateHz = RATE_HZ,
): Promise<Segment[]> {
  const vad = await NonRealTimeVAD.new({ ...options, model: "legacy" });
  expect(vad.frameSamples).toBe(1536);
  return all(vad.run(audio, rateHz));
}

/** Compares the audio as bytes: element by element takes seconds. */
function expectSame(found: readonly Segment[], expected: readonly Segment[]): void {
  const outline = ({ audio, start, end }: Segment): object => ({ start, end, n: audio.length });
  expect(found.map(outline)).toEqual(expected.map(outline));
  const bytes = ({ audio }: Segment): Uint8Array =>
    new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
  for (const [i, segment] of expected.entries())
    expect(Buffer.compare(bytes(found[i] as Segment), bytes(segment))).toBe(0);
}

describe.each([
  ["defaults", DEFAULTS, 3, 30],
  ["quick", QUICK, 8, 100],
] as const)("the same segments, sample by sample: %s", (_, options, few, many) => {
  test("half a minute", { timeout: 60_000 }, async () => {
    const speech = spokenAudio();
    const expected = await theirs(speech, options);
    expect(expected.length).toBeGreaterThanOrEqual(few);
    expectSame(await ours(speech, options), expected);
    // The end cuts a segment off, and a frame.
    const [first] = expected;
    const cut = speech.subarray(0, (((first?.start ?? 0) + (first?.end ?? 0)) / 2) * 16 + 100);
    const rest = await theirs(cut, options);
    expect(rest.length).toBeGreaterThan(0);
    expectSame(await ours(cut, options), rest);
  });

  test("eleven minutes, partly in noise", { timeout: 120_000 }, async () => {
    const speech = (await corpus(0)).subarray(0, 11 * 60 * RATE_HZ);
    const expected = await theirs(speech, options);
    expect(expected.length).toBeGreaterThan(many);
    expectSame(await ours(speech, options), expected);
  });
});

test("frame counts of 0.0.24 are frames of 96 ms", async () => {
  const speech = spokenAudio();
  const { redemptionMs: _r, preSpeechPadMs: _p, minSpeechMs: _m, ...rest } = QUICK;
  const counts = { redemptionFrames: 4, preSpeechPadFrames: 2, minSpeechFrames: 3 };
  const ms = { redemptionMs: 384, preSpeechPadMs: 192, minSpeechMs: 288 };
  const expected = await theirs(speech, { ...QUICK, ...ms });
  expect(expected.length).toBeGreaterThan(3);
  expectSame(await ours(speech, { ...rest, ...counts, frameSamples: 1536 }), expected);
});

test("another rate gives the same segments within a frame", async () => {
  const speech = spokenAudio();
  const up = Resampler.create(await loadAudio(), { inputRateHz: RATE_HZ, outputRateHz: 48000 });
  const [most, last] = [up.process(speech), up.flush()];
  const fast = new Float32Array(most.length + last.length);
  fast.set(most);
  fast.set(last, most.length);
  const expected = await theirs(speech, DEFAULTS);
  const found = await ours(fast, DEFAULTS, 48000);
  expect(found.length).toBe(expected.length);
  for (const [i, { start, end }] of found.entries()) {
    expect(Math.abs(start - (expected[i]?.start ?? Number.NaN))).toBeLessThanOrEqual(FRAME_MS);
    expect(Math.abs(end - (expected[i]?.end ?? Number.NaN))).toBeLessThanOrEqual(FRAME_MS);
  }
});

test("runs of one object are independent, also when one is given up", async () => {
  const speech = spokenAudio();
  const expected = await theirs(speech, DEFAULTS);
  const vad = await NonRealTimeVAD.new({ model: "legacy" });
  for await (const { start } of vad.run(speech, RATE_HZ)) {
    expect(start).toBe(expected[0]?.start);
    break;
  }
  const runs = [vad.run(speech, RATE_HZ), vad.run(speech, RATE_HZ)];
  for (const segment of expected)
    for (const run of runs) expectSame([(await run.next()).value], [segment]);
  for (const run of runs) expect((await run.next()).done).toBe(true);
});

describe("vad-web's options mean something", () => {
  test("ortConfig is called with onnxruntime-web, once; modelURL goes to modelFetcher", async () => {
    const asked: string[] = [];
    const given: unknown[] = [];
    const found = await ours(spokenAudio(), {
      ...DEFAULTS,
      modelURL: "https://example.test/mine.onnx",
      modelFetcher: async (path) => {
        asked.push(path);
        return modelFetcher();
      },
      ortConfig: (module) => {
        given.push(module.env.wasm, module["InferenceSession"]);
        module.env.wasm.numThreads = 1;
      },
    });
    expect(asked).toEqual(["https://example.test/mine.onnx"]);
    expect(given).toEqual([ort.env.wasm, ort.InferenceSession]);
    expectSame(found, await theirs(spokenAudio(), DEFAULTS));
  });

  test("a file of another model is refused, and what is none", async () => {
    const fetchOther = async (): Promise<ArrayBuffer> => new ArrayBuffer(1000);
    await expect(
      NonRealTimeVAD.new({ model: "legacy", modelFetcher: fetchOther }),
    ).rejects.toMatchObject({ code: "MODEL_MISMATCH" });
    const v5 = readFileSync("node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx");
    await expect(
      NonRealTimeVAD.new({ model: "legacy", modelFetcher: async () => new Uint8Array(v5).buffer }),
    ).rejects.toMatchObject({ code: "MODEL_MISMATCH" });
    await expect(
      NonRealTimeVAD.new({ model: "legacy", modelURL: "http://127.0.0.1:1/x.onnx" }),
    ).rejects.toMatchObject({ code: "ASSET_MISSING" });
  });
});

test("without onnxruntime-web it says what to install, and v6 does not need it", () => {
  const folder = mkdtempSync(join(tmpdir(), "voicepath-legacy-"));
  try {
    cpSync("dist", join(folder, "dist"), { recursive: true });
    const code = `
      import { MicVAD, NonRealTimeVAD } from "./dist/vad-web/index.js";
      const idle = { startOnLoad: false };
      await (await MicVAD.new(idle)).destroy();
      for (const made of [MicVAD.new({ ...idle, model: "legacy" }), NonRealTimeVAD.new({ model: "legacy" })])
        console.log(await made.then(() => "made", ({ code, message }) => code + " " + message));`;
    const told = execFileSync("node", ["--input-type=module", "-e", code], {
      cwd: folder,
      encoding: "utf8",
    });
    const [mic, recording] = told.trim().split("\n");
    expect(mic).toMatch(/^ORT_MISSING .*npm install onnxruntime-web/);
    expect(recording).toBe(mic);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// ---- The stream under it: events, resets, failures ----

type Options = Pick<RealTimeVADOptions, "redemptionMs" | "preSpeechPadMs" | "minSpeechMs">;

/** Three short frames make a long one, whose probability is its first sample. */
function stream(
  options: Partial<Options> & { maxSegmentMs?: number; partMs?: number } = {},
  parts = false,
) {
  let hear: (event: { samples: Float32Array }) => void = () => {};
  const source = {
    disposed: false,
    on: ((_: string, listener: typeof hear) => {
      hear = listener;
      return () => {};
    }) as never,
    push(samples: Float32Array) {
      for (let at = 0; at + 512 <= samples.length; at += 512)
        hear({ samples: samples.slice(at, at + 512) });
    },
    end() {},
    reset() {},
    dispose() {
      source.disposed = true;
    },
  };
  const model = {
    frameSamples: 1536,
    disposed: 0,
    gate: Promise.resolve() as Promise<unknown>,
    async process(frame: Float32Array) {
      const probability = frame[0] ?? 0;
      await model.gate;
      if (probability > 1) throw new Error("broken");
      return probability;
    },
    reset() {},
    dispose() {
      model.disposed++;
    },
  };
  const failures: unknown[] = [];
  const timings = { redemptionMs: 192, preSpeechPadMs: 96, partMs: 256 };
  const given = { ...DEFAULTS, voiceThreshold: 0.6, ...timings };
  const vad = new LegacyVad(source, model, { ...given, minSpeechMs: 192, ...options }, (error) =>
    failures.push(error),
  );
  const heard: [string, number, number?][] = [];
  for (const kind of ["speechstart", "speechrealstart", "misfire", "voice"] as const)
    vad.on(kind, ({ timeMs }) => heard.push([kind, timeMs / FRAME_MS]));
  vad.on("speechend", ({ startMs, endMs, audio, continues }) => {
    expect(audio.length).toBe((endMs - startMs) * 16);
    heard.push([continues ? "piece" : "speechend", startMs / FRAME_MS, endMs / FRAME_MS]);
  });
  if (parts)
    vad.on("speechpart", ({ startMs, endMs, audio }) => {
      expect(audio.length).toBe((endMs - startMs) * 16);
      heard.push(["part", startMs / FRAME_MS, endMs / FRAME_MS]);
    });
  const say = (...probabilities: number[]): Promise<void> => {
    const samples = new Float32Array(probabilities.length * 1536);
    for (const [i, p] of probabilities.entries()) samples[i * 1536] = p;
    return vad.push(samples);
  };
  return { vad, model, source, heard, say, failures };
}

describe("LegacyVad", () => {
  test("times are frames of 96 ms, with the pad and the redemption", async () => {
    const { heard, say, vad } = stream();
    await say(0, 0, 0.7, 0.7, 0, 0, 0, 0.5, 0, 0);
    expect(heard).toEqual([
      ["voice", 3],
      ["speechstart", 2],
      ["speechrealstart", 4],
      ["voice", 5],
      ["speechend", 1, 6],
      ["speechstart", 7],
      ["misfire", 10],
    ]);
    await say(0.5, 0.5);
    await vad.end();
    expect(heard.slice(7)).toEqual([
      ["speechstart", 10],
      ["speechrealstart", 12],
      // The misfire took its frames with it: there is no pad.
      ["speechend", 10, 12],
    ]);
  });

  test("long speech in pieces, which join to the whole", async () => {
    const { heard, say, vad } = stream({ maxSegmentMs: 300 });
    await say(0, 0, 0.5, 0.5, 0.5, 0.5, 0.5);
    await vad.end();
    expect(heard).toEqual([
      ["speechstart", 2],
      ["speechrealstart", 4],
      ["piece", 1, 4],
      ["piece", 4, 7],
      ["speechend", 7, 7],
    ]);
  });

  test("speech in parts while it is spoken, a misfire in none", async () => {
    const { heard, say, vad } = stream({ partMs: 192 }, true);
    await say(0, 0, 0.7, 0.7, 0.7, 0.7, 0.7, 0, 0, 0.5, 0, 0);
    expect(heard.filter(([kind]) => kind !== "voice")).toEqual([
      ["speechstart", 2],
      ["speechrealstart", 4],
      ["part", 1, 4],
      ["part", 4, 6],
      ["part", 6, 8],
      ["part", 8, 9],
      ["speechend", 1, 9],
      ["speechstart", 9],
      ["misfire", 12],
    ]);
    await say(0.5, 0.5);
    await vad.end();
    expect(heard.slice(-4)).toEqual([
      ["speechstart", 12],
      ["speechrealstart", 14],
      ["part", 12, 14],
      ["speechend", 12, 14],
    ]);
  });

  test("parts of pieces", async () => {
    const { heard, say, vad } = stream({ maxSegmentMs: 300, partMs: 192 }, true);
    await say(0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    await vad.end();
    expect(heard.slice(2)).toEqual([
      ["part", 1, 4],
      ["piece", 1, 4],
      ["part", 4, 6],
      ["part", 6, 7],
      ["piece", 4, 7],
      ["part", 7, 8],
      ["speechend", 7, 8],
    ]);
  });

  test("a reset under way lets nothing of before be heard", async () => {
    const { heard, say, vad, model } = stream();
    let open = (_: unknown): void => {};
    model.gate = new Promise((resolve) => {
      open = resolve;
    });
    const before = say(0.5, 0.5, 0.5);
    const reset = vad.reset();
    open(undefined);
    await Promise.all([before, reset]);
    expect(heard).toEqual([]);
    await say(0, 0, 0.5, 0.5);
    expect(heard).toEqual([
      ["speechstart", 2],
      ["speechrealstart", 4],
    ]);
  });

  test("a model that fails: told once, and everything is given back", async () => {
    const { say, vad, model, source, failures } = stream();
    await say(0, 0.5);
    const pushes = [say(2), say(0)];
    for (const push of pushes)
      await expect(push).rejects.toMatchObject({
        code: "MODEL_FAILED",
        cause: new Error("broken"),
      });
    expect(failures).toHaveLength(1);
    expect(source.disposed).toBe(true);
    expect(model.disposed).toBe(1);
    expect(vad.disposed).toBe(true);
    vad.dispose();
    expect(model.disposed).toBe(1);
  });

  test("options change while it runs", async () => {
    const { heard, say, vad } = stream();
    await say(0.29);
    vad.setOptions({
      positiveSpeechThreshold: 0.2,
      negativeSpeechThreshold: 0.1,
      voiceThreshold: 0.1,
    });
    await say(0.29);
    expect(heard).toEqual([
      ["voice", 2],
      ["speechstart", 1],
    ]);
    expect(() => vad.setOptions({ redemptionMs: -1 })).toThrow(
      expect.objectContaining({ code: "OPTION" }),
    );
  });
});
