/**
 * `Vad` with `engine: "ort"`, and SileroOnnx under it: the events are those of vad-web's FrameProcessor
 * fed by onnxruntime-web, and calls queue, fail and end in a defined way.
 */
import { readFileSync } from "node:fs";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { FRAME_MS, type JudgedVad, loadAudio, type SpeechModel, Vad } from "../../dist/index.js";
import { SileroOnnx, type SileroOnnxOptions } from "../../dist/ort/index.js";
import { pocketsphinxFiles, readWav } from "../../tools/speech.js";
import { type HeardEvent, referenceEvents } from "./parity.js";
import {
  DEFAULTS,
  FRAME_SAMPLES,
  probabilities,
  QUICK,
  segmentsBy0031,
  spokenAudio,
} from "./vad-web-reference.js";

const audio = await loadAudio();
const speech = spokenAudio();
const file = (version: "v5" | "v6" | "legacy"): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(`node_modules/@ricky0123/vad-web/dist/silero_vad_${version}.onnx`));
const code = (code: string): object => expect.objectContaining({ name: "VoicepathError", code });
const load = (
  version: "v5" | "v6" | "legacy",
  options: Partial<SileroOnnxOptions> = {},
): Promise<SileroOnnx> => SileroOnnx.load({ model: file(version), ...options });

const EVENTS = ["speechstart", "speechrealstart", "speechend", "misfire"] as const;

/** Everything a VAD says, in order. */
function listen(vad: JudgedVad): (HeardEvent & { readonly audio?: Float32Array })[] {
  const heard: (HeardEvent & { readonly audio?: Float32Array })[] = [];
  let frame = -1;
  vad.on("frame", () => frame++);
  for (const kind of EVENTS)
    vad.on(kind, (event) =>
      heard.push(
        "audio" in event
          ? { frame, kind, samples: event.audio.length, audio: event.audio }
          : { frame, kind, samples: 0 },
      ),
    );
  return heard;
}

const outline = ({ frame, kind, samples }: HeardEvent): HeardEvent => ({ frame, kind, samples });

describe.each([
  ["v5", "sync"],
  ["v6", "sync"],
  ["v6", "asyncify"],
] as const)("%s, mode %s", (version, mode) => {
  test("the events and the audio are vad-web's", { timeout: 60_000 }, async () => {
    using model = await load(version, { mode });
    expect(model.mode).toBe(mode);
    const judged = await probabilities(version, speech);
    for (const options of [DEFAULTS, QUICK]) {
      using vad = Vad.create(audio, { engine: "ort", model, ...options });
      const heard = listen(vad);
      const ours: number[] = [];
      vad.on("frame", ({ probability }) => ours.push(probability));
      for (let at = 0; at < speech.length; at += 5000)
        await vad.push(speech.subarray(at, at + 5000));
      expect(ours).toEqual(judged);
      const expected = await referenceEvents(judged, options);
      expect(heard.map(outline)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(5);
      await vad.end();
      const segments = await segmentsBy0031(judged, speech, options);
      const found = heard.flatMap(({ audio }) => (audio ? [audio] : []));
      expect(found.map(({ length }) => length)).toEqual(
        segments.map(({ audio: { length } }) => length),
      );
      for (const [i, one] of found.entries())
        expect(Buffer.compare(bytes(one), bytes(segments[i]?.audio))).toBe(0);
    }
  });
});

function bytes(samples: Float32Array = new Float32Array()): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

// ---- A model whose probability is a sample of the frame, at once or after a while ----

interface Told extends SpeechModel {
  readonly judged: Float32Array[];
  resets: number;
  /** Called instead of judging, when set. */
  instead: (() => number | Promise<number>) | undefined;
}

function told(delayMs?: () => number): Told {
  return {
    frameSamples: FRAME_SAMPLES,
    judged: [],
    resets: 0,
    instead: undefined,
    process(frame) {
      if (this.instead) return this.instead();
      this.judged.push(frame.slice());
      const probability = frame[0] ?? 0;
      if (!delayMs) return probability;
      return new Promise((resolve) => setTimeout(() => resolve(probability), delayMs()));
    },
    reset() {
      this.resets++;
    },
  };
}

/** A frame for each probability; what follows the first sample tells the frames apart. */
function frames(probabilities: readonly number[]): Float32Array {
  const samples = new Float32Array(probabilities.length * FRAME_SAMPLES);
  for (const [i, p] of probabilities.entries()) {
    samples.fill(i / 1000, i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES);
    samples[i * FRAME_SAMPLES] = p;
  }
  return samples;
}

const SHORT = { ...DEFAULTS, redemptionMs: 64, minSpeechMs: 64, preSpeechPadMs: 64 };
/** Exact in single precision. */
const STORY = [0, 0, 0.5, 0.75, 0, 0, 0, 0.5, 0, 0, 0.75, 0.75, 0.75, 0, 0, 0.25, 0.5, 0.5];

describe("one call after the other", () => {
  test("pushes that nobody waits for, of any length, with a slow model", async () => {
    const seed = 20260722;
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state / 2 ** 32) * below;
    };
    for (let story = 0; story < 8; story++) {
      const model = told(() => random(2));
      using vad = Vad.create(audio, { engine: "ort", model, ...SHORT });
      const heard = listen(vad);
      const samples = frames(STORY);
      const resolved: number[] = [];
      const pushes: Promise<unknown>[] = [];
      for (let at = 0, i = 0; at < samples.length; i++) {
        const piece = samples.slice(at, at + 1 + Math.floor(random(3 * FRAME_SAMPLES)));
        at += piece.length;
        pushes.push(vad.push(piece).then(() => resolved.push(i)));
        // It was copied.
        piece.fill(Number.NaN);
      }
      await Promise.all(pushes);
      expect(resolved, `seed ${seed}`).toEqual(resolved.map((_, i) => i));
      expect(heard.map(outline), `seed ${seed}`).toEqual(await referenceEvents(STORY, SHORT));
      expect(model.judged.map((frame) => frame[0])).toEqual(STORY);
      expect(vad.probability).toBe(STORY.at(-1));
    }
  });

  test("a push, an end and a reset resolve after what they did", async () => {
    const model = told(() => 1);
    using vad = Vad.create(audio, { engine: "ort", model, ...SHORT });
    const names: string[] = [];
    for (const kind of EVENTS) vad.on(kind, () => names.push(kind));
    const note = (name: string): number => names.push(name);
    await Promise.all([
      vad.push(frames([0.5, 0.5])).then(() => note("pushed")),
      vad.end().then(() => note("ended")),
      vad.push(frames([0.5])).then(() => note("pushed")),
      vad.reset().then(() => note("reset")),
      vad.push(frames([0, 0, 0])).then(() => note("pushed")),
      vad.end().then(() => note("ended")),
    ]);
    expect(names).toEqual([
      ...["speechstart", "speechrealstart", "pushed", "speechend", "ended"],
      ...["speechstart", "pushed", "reset", "pushed", "ended"],
    ]);
    expect(model.resets).toBe(3);
  });

  test("the end drops an incomplete frame, and times go on; a reset starts them over", async () => {
    const model = told();
    using vad = Vad.create(audio, { engine: "ort", model, ...SHORT });
    const times: number[] = [];
    vad.on("frame", ({ timeMs }) => times.push(timeMs));
    await vad.push(frames([0, 0]).subarray(0, FRAME_SAMPLES + 100));
    await vad.end();
    await vad.push(frames([0.5]));
    await vad.reset();
    await vad.push(frames([0.25]));
    expect(times).toEqual([FRAME_MS, 2 * FRAME_MS, FRAME_MS]);
    expect(model.judged.map((frame) => frame[0])).toEqual([0, 0.5, 0.25]);
  });
});

test("what the model hears is finite", async () => {
  const model = told();
  using vad = Vad.create(audio, { engine: "ort", model });
  const samples = new Float32Array(FRAME_SAMPLES).fill(0.5);
  samples.set([0.25, Number.NaN, Number.POSITIVE_INFINITY, -1e30]);
  let heard = new Float32Array();
  vad.on("frame", (event) => {
    heard = event.samples as Float32Array<ArrayBuffer>;
  });
  await vad.push(samples);
  expect(model.judged[0]?.every(Number.isFinite)).toBe(true);
  // The C side cleans in its own way, and finds nothing left to do.
  expect(heard).toEqual(model.judged[0]);
});

test("options change between frames, or not at all", async () => {
  using vad = Vad.create(audio, { engine: "ort", model: told(), ...SHORT });
  const starts: number[] = [];
  vad.on("speechstart", ({ timeMs }) => starts.push(timeMs));
  expect(() => vad.setOptions({ positiveSpeechThreshold: 2 })).toThrow(code("OPTION"));
  await vad.push(frames([0.25]));
  vad.setOptions({ positiveSpeechThreshold: 0.2, negativeSpeechThreshold: 0.1 });
  await vad.push(frames([0.25]));
  expect(starts).toEqual([FRAME_MS]);
});

describe("failures", () => {
  test.each<[string, () => number | Promise<number>, object]>([
    [
      "throws",
      () => {
        throw new Error("no memory");
      },
      { message: "no memory" },
    ],
    [
      "rejects",
      async () => {
        throw new Error("lost");
      },
      { message: "lost" },
    ],
    ["answers nonsense", () => 1.5, { code: "VP_E_PROBABILITY" }],
    ["answers nothing", async () => Number.NaN, { code: "VP_E_PROBABILITY" }],
  ])(
    "a model that %s rejects that push; then all is as after a reset",
    async (_, instead, error) => {
      const model = told();
      using vad = Vad.create(audio, { engine: "ort", model, ...SHORT });
      const heard: [string, number][] = [];
      vad.on("speechstart", ({ timeMs }) => heard.push(["start", timeMs]));
      vad.on("speechend", ({ startMs }) => heard.push(["end", startMs]));
      vad.on("misfire", ({ timeMs }) => heard.push(["misfire", timeMs]));
      await vad.push(frames([0, 0, 0.5, 0.5]));
      model.instead = instead;
      const failing = vad.push(frames([0.5, 0.5, 0.5]));
      const behind = vad.push(frames([0]).subarray(0, 100));
      await expect(failing).rejects.toMatchObject(error);
      await behind;
      expect(model.resets).toBe(1);
      expect(vad.probability).toBe(0);
      model.instead = undefined;
      await vad.reset();
      await vad.push(frames([0, 0, 0.5, 0.5, 0, 0]));
      expect(heard).toEqual([
        ["start", 2 * FRAME_MS],
        ["start", 2 * FRAME_MS],
        ["end", 0],
      ]);
    },
  );

  test("disposal under way: what waits resolves, nothing more is heard", async () => {
    let judge = (_: number): void => {};
    const model = told();
    model.instead = () =>
      new Promise((resolve) => {
        judge = resolve;
      });
    const vad = Vad.create(audio, { engine: "ort", model, ...SHORT });
    const heard = listen(vad);
    const pushes = [vad.push(frames([0.5, 0.5])), vad.push(frames([0.5])), vad.end(), vad.reset()];
    await Promise.resolve();
    await Promise.resolve();
    vad.dispose();
    vad.dispose();
    expect(audio.usedBytes).toBe(0);
    judge(0.9);
    await Promise.all(pushes);
    expect(heard).toEqual([]);
    for (const late of [() => vad.push(frames([0])), () => vad.end(), () => vad.reset()])
      await expect(late()).rejects.toMatchObject(code("DISPOSED"));
    expect(() => vad.probability).toThrow(code("DISPOSED"));
  });

  test("a listener disposes, a signal disposes", async () => {
    const vad = Vad.create(audio, { engine: "ort", model: told(), ...SHORT });
    vad.on("speechstart", () => vad.dispose());
    await vad.push(frames([0.5, 0.5, 0.5]));
    expect(vad.disposed).toBe(true);
    const control = new AbortController();
    const { signal } = control;
    const other = Vad.create(audio, { engine: "ort", model: told(), signal });
    control.abort();
    expect(other.disposed).toBe(true);
    expect(audio.usedBytes).toBe(0);
  });

  test("wrong options are named", async () => {
    using legacy = await load("legacy");
    const make = (options: object) => () => Vad.create(audio, options as never);
    const option = (option: string): object => expect.objectContaining({ code: "OPTION", option });
    expect(make({ engine: "tflite", model: told() })).toThrow(option("engine"));
    expect(make({ engine: "ort" })).toThrow(option("model.process"));
    expect(make({ engine: "ort", model: { process() {} } })).toThrow(option("model.reset"));
    expect(make({ engine: "ort", model: legacy })).toThrow(option("model.frameSamples"));
    expect(make({ engine: "ort", model: told(), minSpeechMs: -1 })).toThrow(option("minSpeechMs"));
    expect(audio.usedBytes).toBe(0);
    using vad = Vad.create(audio, { engine: "ort", model: told() });
    expect(() => vad.push([0] as never)).toThrow(option("samples"));
  });
});

// ---- SileroOnnx itself ----

const sentence = readWav(pocketsphinxFiles().find((path) => path.includes("0880")) ?? "").samples;
const cut = (size: number, count: number): Float32Array[] =>
  Array.from({ length: count }, (_, i) => sentence.subarray(i * size, (i + 1) * size));

/** What onnxruntime-web makes of frames by itself, without context. */
async function plain(version: "v5" | "legacy", frames: readonly Float32Array[]): Promise<number[]> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(file(version));
  const width = version === "v5" ? 128 : 64;
  const zero = (): ort.Tensor =>
    new ort.Tensor("float32", new Float32Array(2 * width), [2, 1, width]);
  const sr = new ort.Tensor("int64", BigInt64Array.of(16000n), []);
  let states: Record<string, ort.Tensor> =
    version === "v5" ? { state: zero() } : { h: zero(), c: zero() };
  const found: number[] = [];
  for (const frame of frames) {
    const input = new ort.Tensor("float32", frame.slice(), [1, frame.length]);
    const out = await session.run({ input, sr, ...states });
    const next = (name: string): ort.Tensor => out[name] as ort.Tensor;
    states = version === "v5" ? { state: next("stateN") } : { h: next("hn"), c: next("cn") };
    found.push(Number(next("output").data[0]));
  }
  await session.release();
  return found;
}

describe("SileroOnnx", () => {
  test.each(["sync", "asyncify"] as const)("legacy frames of every size, %s", async (mode) => {
    for (const frameSamples of [512, 1024, 1536]) {
      using model = await load("legacy", { mode, frameSamples });
      expect(model).toMatchObject({ generation: "v4", frameSamples });
      const heard = cut(frameSamples, 20);
      // Asked for all at once.
      const found = await Promise.all(heard.map((frame) => model.process(frame)));
      expect(found).toEqual(await plain("legacy", heard));
      model.reset();
      expect(await model.process(cut(frameSamples, 1)[0] as Float32Array)).toBe(found[0]);
    }
  });

  test("v5 without context, as vad-web had it", async () => {
    using model = await load("v5", { context: false, mode: "sync" });
    expect(model).toMatchObject({ generation: "v5", frameSamples: 512 });
    const heard = cut(512, 40);
    expect(heard.map((frame) => model.process(frame))).toEqual(await plain("v5", heard));
  });

  test("in mode sync the answer is a number, else a promise", async () => {
    using now = await load("v6", { mode: "sync" });
    using later = await load("v6", { mode: "asyncify" });
    const [frame] = cut(512, 1) as [Float32Array];
    const answer = now.process(frame);
    expect(answer).toBeTypeOf("number");
    const promise = later.process(frame);
    expect(promise).toBeInstanceOf(Promise);
    expect(await promise).toBe(answer);
  });

  test("instances are streams of their own", async () => {
    using one = await load("v6");
    using two = await load("v6");
    const heard = cut(512, 30);
    const alone: number[] = [];
    for (const frame of heard) alone.push(await one.process(frame));
    one.reset();
    const mixed: number[] = [];
    for (const frame of heard) {
      mixed.push(await one.process(frame));
      await two.process(new Float32Array(512).fill(0.5));
    }
    expect(mixed).toEqual(alone);
  });

  test("thousands of frames leave nothing behind", async () => {
    using model = await load("legacy", { mode: "sync", frameSamples: 512 });
    const before = { ...model.live };
    expect(before).toMatchObject({ Session: 1, Env: 1, Status: 0, TypeInfo: 0 });
    const frame = new Float32Array(512);
    for (let i = 0; i < 3000; i++) model.process(frame);
    expect(model.live).toEqual(before);
  });

  test("wrong frames, and use after disposal", async () => {
    for (const mode of ["sync", "asyncify"] as const) {
      const model = await load("v6", { mode });
      expect(() => model.process(new Float32Array(511))).toThrow(code("OPTION"));
      expect(() => model.process([] as never)).toThrow(code("OPTION"));
      const under = (async () => model.process(new Float32Array(512)))();
      const behind = (async () => model.process(new Float32Array(512)))();
      model.dispose();
      model.dispose();
      for (const answer of await Promise.allSettled([under, behind]))
        if (mode === "asyncify") expect(answer).toMatchObject({ reason: code("DISPOSED") });
        else expect(answer.status).toBe("fulfilled");
      expect(() => model.process(new Float32Array(512))).toThrow(code("DISPOSED"));
      expect(() => model.reset()).toThrow(code("DISPOSED"));
    }
  });

  test("options out of range are named", async () => {
    const option = (option: string): object => expect.objectContaining({ code: "OPTION", option });
    await expect(load("v5", { frameSamples: 480 })).rejects.toThrow(option("frameSamples"));
    await expect(load("v5", { context: 1 as never })).rejects.toThrow(option("context"));
    const reason = new Error("changed my mind");
    await expect(load("v5", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(load("v5", { frameSamples: 1536 })).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
      message: "Silero 5 and 6 judge frames of 512 samples",
    });
  });
});

describe("what is no Silero is told from it by name", () => {
  const { onnx } = onnxProto;
  type Model = onnxProto.onnx.IModelProto;

  /** A model changed before it is loaded. */
  async function message(
    version: "v5" | "legacy",
    change: (model: Model) => void,
  ): Promise<string> {
    const model = onnx.ModelProto.decode(file(version));
    change(model);
    const bytes = Uint8Array.from(onnx.ModelProto.encode(model).finish());
    const error = await SileroOnnx.load({ model: bytes }).catch((error: unknown) => error);
    expect(error).toMatchObject(code("MODEL_MISMATCH"));
    return (error as Error).message;
  }

  const node = (opType: string, input: string, output: string): onnxProto.onnx.INodeProto => ({
    opType,
    input: [input],
    output: [output],
  });
  /** Gives an input or output another name, by a node between. */
  const rename = (side: "input" | "output", from: string, to: string) => (model: Model) => {
    const { graph } = model;
    for (const value of graph?.[side] ?? []) if (value.name === from) value.name = to;
    const between = side === "input" ? node("Identity", to, from) : node("Identity", from, to);
    if (side === "input") graph?.node?.unshift(between);
    else graph?.node?.push(between);
  };

  test.each([
    ["v5", "input", "state", /neither an input "state".* nor "h" and "c"/],
    ["v5", "input", "input", /no input "input"/],
    ["v5", "output", "stateN", /no output "stateN"/],
    ["legacy", "input", "c", /no input "c"/],
    ["legacy", "output", "output", /no output "output"/],
  ] as const)("%s without the %s %s", async (version, side, name, expected) => {
    expect(await message(version, rename(side, name, "renamed"))).toMatch(expected);
  });

  test("an input too many", async () => {
    const text = await message("v5", ({ graph }) => {
      const extra = graph?.input?.find(({ name }) => name === "state");
      if (extra) graph?.input?.push({ ...extra, name: "more" });
    });
    expect(text).toMatch(/more inputs/);
  });

  test("another type", async () => {
    const text = await message("v5", ({ graph }) => {
      // A rate of 32 bits, which the model widens.
      const rate = graph?.input?.find(({ name }) => name === "sr");
      if (rate?.type?.tensorType) rate.type.tensorType.elemType = onnx.TensorProto.DataType.INT32;
      for (const one of graph?.node ?? [])
        one.input = one.input?.map((name) => (name === "sr" ? "wide" : name)) ?? [];
      const { INT } = onnx.AttributeProto.AttributeType;
      const to = { name: "to", type: INT, i: onnx.TensorProto.DataType.INT64 };
      graph?.node?.unshift({ ...node("Cast", "sr", "wide"), attribute: [to] });
    });
    expect(text).toBe('the input "sr" is not of type int64');
  });

  test("bytes that are no model: ONNX Runtime's own words", async () => {
    const made = SileroOnnx.load({ model: new Uint8Array(1000).fill(7) });
    await expect(made).rejects.toMatchObject(code("MODEL_MISMATCH"));
    await expect(made).rejects.toThrow(/protobuf|model/i);
  });
});
