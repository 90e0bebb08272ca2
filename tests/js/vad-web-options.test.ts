/** The options of MicVAD: vad-web's defaults, and errors that say what is wrong. */
import { getDefaultRealTimeVADOptions as theirDefaults } from "@ricky0123/vad-web";
import { describe, expect, test } from "vitest";
import {
  baseAssetPath,
  DEFAULT_MODEL,
  getDefaultRealTimeVADOptions,
  MicVAD,
  type RealTimeVADOptions,
  VoicepathError,
} from "../../dist/vad-web/index.js";

/** Loads, but opens nothing. */
const idle = { startOnLoad: false } as const;

test.each(["v5", "v6", "legacy"] as const)("the defaults are vad-web's: %s", (model) => {
  const ours = getDefaultRealTimeVADOptions(model);
  const { ortConfig: _, ...theirs } = theirDefaults(model);
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
  for (const [name, value] of Object.entries(theirs)) {
    const mine = ours[name as keyof RealTimeVADOptions];
    if (typeof value === "function") expect(mine, name).toBeTypeOf("function");
    else expect(mine, name).toEqual(value);
  }
});

test("what an alias of the package meets", async () => {
  expect(DEFAULT_MODEL).toBe("v6");
  expect(baseAssetPath).toBe("/");
  const vad = await MicVAD.new({
    ...idle,
    baseAssetPath: "./libs/",
    onnxWASMBasePath: "./libs/",
    ortConfig: (ort) => {
      ort.env.logLevel = "error";
      throw new Error("must not be called");
    },
  });
  expect(vad.listening).toBe(false);
  expect(vad.errored).toBeNull();
  expect(vad.options.model).toBe("v6");
  expect(vad.options.redemptionMs).toBe(1400);
  await vad.destroy();
});

describe("wrong options", () => {
  test.each<[string, unknown]>([
    ["positiveSpeechThreshold", 1.5],
    ["positiveSpeechThreshold", "0.5"],
    ["negativeSpeechThreshold", 0.4],
    ["negativeSpeechThreshold", -1],
    ["redemptionMs", -1],
    ["redemptionMs", 600_001],
    ["preSpeechPadMs", Number.NaN],
    ["minSpeechMs", Number.POSITIVE_INFINITY],
    ["submitUserSpeechOnPause", 1],
    ["startOnLoad", "false"],
    ["processorType", "worker"],
    ["model", "v4"],
    ["precision", "f64"],
    ["voiceThreshold", 2],
    ["maxSegmentMs", 10],
    ["maxSegmentMs", 600_001],
    ["redemptionFrames", 2.5],
    ["preSpeechPadFrames", -1],
    ["minSpeechFrames", 18_751],
    ["frameSamples", 1536],
    ["frameSamples", 1024],
    ["onSpeechEnd", "log"],
    ["onFrameProcessed", null],
    ["onError", 7],
    ["ortConfig", "wasm"],
    ["getStream", {}],
  ])("%s: %s", async (option, value) => {
    const error = await MicVAD.new({ ...idle, [option]: value }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(VoicepathError);
    expect(error).toMatchObject({ code: "OPTION", option, value });
    const { message, range } = error as VoicepathError;
    expect(message).toContain(option);
    expect(message).toContain(String(value));
    expect(range).toBeTruthy();
    expect(message).toContain(range);
  });

  test.each([
    ["redemptionFrames", "redemptionMs"],
    ["preSpeechPadFrames", "preSpeechPadMs"],
    ["minSpeechFrames", "minSpeechMs"],
  ])("%s together with %s", async (frames, ms) => {
    const made = MicVAD.new({ ...idle, [frames]: 10, [ms]: 320 });
    await expect(made).rejects.toMatchObject({ code: "OPTION", option: frames });
    await expect(made).rejects.toThrow(new RegExp(`${frames}.*${ms}`));
  });

  test("a pad that does not fit maxSegmentMs", async () => {
    const error = { code: "OPTION", option: "preSpeechPadMs" };
    await expect(MicVAD.new({ ...idle, maxSegmentMs: 800 })).rejects.toMatchObject(error);
    const vad = await MicVAD.new({ ...idle, maxSegmentMs: 2000 });
    expect(() => vad.setOptions({ preSpeechPadMs: 2000 })).toThrow(expect.objectContaining(error));
    expect(vad.options.preSpeechPadMs).toBe(800);
    await vad.destroy();
  });

  test("frames of another model", async () => {
    const legacy = { ...idle, model: "legacy" } as const;
    for (const [option, value] of [
      ["frameSamples", 512],
      ["redemptionFrames", 6251],
    ] as const)
      await expect(MicVAD.new({ ...legacy, [option]: value })).rejects.toMatchObject({
        code: "OPTION",
        option,
        value,
      });
  });
});

describe("right options", () => {
  test("undefined is as good as absent", async () => {
    const vad = await MicVAD.new({
      ...idle,
      ...({ positiveSpeechThreshold: undefined, onSpeechEnd: undefined } as object),
    });
    expect(vad.options.positiveSpeechThreshold).toBe(0.3);
    expect(vad.options.onSpeechEnd).toBeTypeOf("function");
    await vad.destroy();
  });

  test("0.0.24's frame counts", async () => {
    const vad = await MicVAD.new({
      ...idle,
      model: "v5",
      redemptionFrames: 35,
      preSpeechPadFrames: 20,
      minSpeechFrames: 3,
      frameSamples: 512,
    });
    const { redemptionMs, preSpeechPadMs, minSpeechMs } = vad.options;
    expect({ redemptionMs, preSpeechPadMs, minSpeechMs }).toEqual({
      redemptionMs: 1120,
      preSpeechPadMs: 640,
      minSpeechMs: 96,
    });
    vad.setOptions({ redemptionFrames: 10 });
    expect(vad.options.redemptionMs).toBe(320);
    await vad.destroy();
  });

  test("frame counts are of 96 ms with the legacy model", async () => {
    const vad = await MicVAD.new({
      ...idle,
      model: "legacy",
      redemptionFrames: 8,
      preSpeechPadFrames: 1,
      minSpeechFrames: 3,
      frameSamples: 1536,
    });
    const { redemptionMs, preSpeechPadMs, minSpeechMs, model } = vad.options;
    expect({ redemptionMs, preSpeechPadMs, minSpeechMs, model }).toEqual({
      redemptionMs: 768,
      preSpeechPadMs: 96,
      minSpeechMs: 288,
      model: "legacy",
    });
    vad.setOptions({ redemptionFrames: 10 });
    expect(vad.options.redemptionMs).toBe(960);
    expect(() => vad.setOptions({ frameSamples: 512 })).toThrow(
      expect.objectContaining({ code: "OPTION", option: "frameSamples", value: 512 }),
    );
    await vad.destroy();
  });

  test("setOptions changes all or nothing", async () => {
    const vad = await MicVAD.new(idle);
    vad.setOptions({ positiveSpeechThreshold: 0.5, submitUserSpeechOnPause: true });
    expect(vad.options).toMatchObject({ positiveSpeechThreshold: 0.5, redemptionMs: 1400 });
    const before = { ...vad.options };
    expect(() => vad.setOptions({ redemptionMs: 10, negativeSpeechThreshold: 0.6 })).toThrow(
      expect.objectContaining({ code: "OPTION", option: "negativeSpeechThreshold", value: 0.6 }),
    );
    expect(vad.options).toEqual(before);
    await vad.destroy();
  });
});

describe("without a browser", () => {
  test("no microphone: a start fails by name, and may be tried again", async () => {
    const failing = { getStream: async () => Promise.reject(new Error("no device")) };
    await expect(MicVAD.new(failing)).rejects.toThrow("no device");
    const vad = await MicVAD.new({ ...failing, ...idle });
    for (let i = 0; i < 2; i++) {
      await expect(vad.start()).rejects.toThrow("no device");
      expect(vad.errored).toBe("no device");
      expect(vad.listening).toBe(false);
    }
    await vad.destroy();
  });

  test("destroy before start, repeated, and start after it", async () => {
    const vad = await MicVAD.new(idle);
    await vad.pause();
    await Promise.all([vad.destroy(), vad.destroy()]);
    await vad.destroy();
    await vad.pause();
    await expect(vad.start()).rejects.toMatchObject({ code: "DISPOSED" });
  });

  test("an aborted signal", async () => {
    const reason = new Error("gone");
    await expect(MicVAD.new({ ...idle, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const control = new AbortController();
    const made = MicVAD.new({ ...idle, signal: control.signal });
    control.abort(reason);
    await expect(made).rejects.toBe(reason);
  });

  test("starting calls getStream once for concurrent starts", async () => {
    let calls = 0;
    const getStream = async (): Promise<MediaStream> => {
      calls++;
      throw new Error("no device");
    };
    const vad = await MicVAD.new({ ...idle, getStream });
    const { start } = vad;
    const results = await Promise.allSettled([start(), start(), start()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(calls).toBe(1);
    await vad.destroy();
  });
});

test("a low positive threshold takes the default negative one with it", async () => {
  const vad = await MicVAD.new({ ...idle, positiveSpeechThreshold: 0.2 });
  expect(vad.options.negativeSpeechThreshold).toBe(0.2);
  vad.setOptions({ positiveSpeechThreshold: 0.5, negativeSpeechThreshold: 0.4 });
  expect(() => vad.setOptions({ positiveSpeechThreshold: 0.3 })).toThrow(
    expect.objectContaining({ option: "negativeSpeechThreshold", value: 0.4 }),
  );
  await vad.destroy();
});

test("frame counts win over defaults that were spread in", async () => {
  const vad = await MicVAD.new({
    ...getDefaultRealTimeVADOptions("v5"),
    ...idle,
    redemptionFrames: 8,
  });
  expect(vad.options.redemptionMs).toBe(256);
  await vad.destroy();
});
