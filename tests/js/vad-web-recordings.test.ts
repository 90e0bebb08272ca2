/** NonRealTimeVAD on real speech, against vad-web's frame processors fed by onnxruntime-web. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadAudio, Resampler } from "../../dist/index.js";
import { NonRealTimeVAD, type NonRealTimeVADOptions } from "../../dist/vad-web/index.js";
import {
  DEFAULTS,
  probabilities,
  QUICK,
  RATE_HZ,
  type Segment,
  segmentsBy0024,
  segmentsBy0031,
  spokenAudio,
} from "./vad-web-reference.js";

const speech = spokenAudio();
const judged: Record<"v5" | "v6", number[]> = { v5: [], v6: [] };

async function run(
  options: Partial<NonRealTimeVADOptions>,
  audio = speech,
  rateHz = RATE_HZ,
): Promise<Segment[]> {
  const vad = await NonRealTimeVAD.new(options);
  const all: Segment[] = [];
  for await (const segment of vad.run(audio, rateHz)) all.push(segment);
  return all;
}

/** Compares the audio as bytes: element by element takes seconds. */
function expectSegments(found: readonly Segment[], expected: readonly Segment[]): void {
  const outline = ({ audio, start, end }: Segment): object => ({
    start,
    end,
    samples: audio.length,
  });
  expect(found.map(outline)).toEqual(expected.map(outline));
  const bytes = (audio: Float32Array = new Float32Array()): Uint8Array =>
    new Uint8Array(audio.buffer, audio.byteOffset, audio.byteLength);
  for (const [i, { audio }] of found.entries())
    expect(Buffer.compare(bytes(audio), bytes(expected[i]?.audio))).toBe(0);
}

beforeAll(async () => {
  for (const version of ["v5", "v6"] as const)
    judged[version] = await probabilities(version, speech);
}, 60_000);

describe.each(["v5", "v6"] as const)("%s", (model) => {
  const reference = (options: typeof DEFAULTS): Promise<Segment[]> =>
    segmentsBy0031(judged[model], speech, options);

  test.each([
    ["defaults", DEFAULTS, 3],
    ["quick", QUICK, 8],
  ] as const)("the same segments: %s", async (_, options, atLeast) => {
    const expected = await reference(options);
    expect(expected.length).toBeGreaterThanOrEqual(atLeast);
    expectSegments(await run({ ...options, model, precision: "f32" }), expected);
    expectSegments(await run({ ...options, model }), expected);
  });

  test("0.0.24's frame counts give 0.0.24's segments", async () => {
    const options = {
      positiveSpeechThreshold: 0.5,
      negativeSpeechThreshold: 0.35,
      redemptionFrames: 24,
      preSpeechPadFrames: 3,
      minSpeechFrames: 9,
      frameSamples: 512,
      submitUserSpeechOnPause: false,
    };
    for (const [redemptionFrames, preSpeechPadFrames, minSpeechFrames] of [
      [24, 3, 9],
      [1, 0, 1],
      [0, 10, 0],
      [7, 20, 5],
    ] as const) {
      const given = { ...options, redemptionFrames, preSpeechPadFrames, minSpeechFrames };
      const expected = await segmentsBy0024(judged[model], speech, given);
      expect(expected.length).toBeGreaterThan(3);
      expectSegments(await run({ ...given, model, precision: "f32" }), expected);
    }
  });

  test("the end cuts the last segment off where vad-web does", async () => {
    const judgedHere = judged[model];
    // In the middle of a segment.
    const [first] = await reference(DEFAULTS);
    if (!first) throw new Error("no speech");
    const cut = speech.subarray(0, ((first.start + first.end) / 2) * 16 + 100);
    const expected = await segmentsBy0031(judgedHere, cut, DEFAULTS);
    expect(expected).toHaveLength(1);
    expectSegments(await run({ model, precision: "f32" }, cut), expected);
  });
});

test("other rates give the same segments within two frames", async () => {
  const expected = await segmentsBy0031(judged.v6, speech, DEFAULTS);
  for (const rateHz of [44100, 48000]) {
    const resampler = Resampler.create(await loadAudio(), {
      inputRateHz: RATE_HZ,
      outputRateHz: rateHz,
    });
    const [all, rest] = [resampler.process(speech), resampler.flush()];
    const audio = new Float32Array(all.length + rest.length);
    audio.set(all);
    audio.set(rest, all.length);
    const found = await run({}, audio, rateHz);
    expect(found.length).toBe(expected.length);
    for (const [i, { start, end }] of found.entries()) {
      expect(Math.abs(start - (expected[i]?.start ?? Number.NaN))).toBeLessThanOrEqual(64);
      expect(Math.abs(end - (expected[i]?.end ?? Number.NaN))).toBeLessThanOrEqual(64);
    }
  }
});

test("runs of one object are independent, also when one is given up", async () => {
  const expected = await segmentsBy0031(judged.v6, speech, DEFAULTS);
  const vad = await NonRealTimeVAD.new({ precision: "f32" });
  for await (const { start } of vad.run(speech, RATE_HZ)) {
    expect(start).toBe(expected[0]?.start);
    break;
  }
  const runs = [vad.run(speech, RATE_HZ), vad.run(speech, RATE_HZ)];
  for (const segment of expected)
    for (const one of runs) expectSegments([(await one.next()).value], [segment]);
  for (const one of runs) expect((await one.next()).done).toBe(true);
});

describe("modelURL and modelFetcher", () => {
  const weights = (name: string): ArrayBuffer => new Uint8Array(readFileSync(name)).buffer;

  test("are used", async () => {
    const asked: string[] = [];
    const found = await run({
      model: "v5",
      modelURL: "https://example.test/mine.vpw",
      modelFetcher: async (path) => {
        asked.push(path);
        return weights("dist/assets/silero-v5-f32.vpw");
      },
    });
    expect(asked).toEqual(["https://example.test/mine.vpw"]);
    expectSegments(found, await segmentsBy0031(judged.v5, speech, DEFAULTS));
  });

  test("an .onnx file is refused with advice", async () => {
    const modelFetcher = async (): Promise<ArrayBuffer> =>
      weights("node_modules/@ricky0123/vad-web/dist/silero_vad_v5.onnx");
    const made = NonRealTimeVAD.new({ modelURL: "/silero_vad_legacy.onnx", modelFetcher });
    await expect(made).rejects.toMatchObject({ code: "VP_E_WEIGHTS_FOREIGN", option: "modelURL" });
    await expect(made).rejects.toThrow(/silero_vad_legacy\.onnx.*\.vpw.*\.onnx/s);
  });

  test("weights of the other model are refused", async () => {
    const modelFetcher = async (): Promise<ArrayBuffer> => weights("dist/assets/silero-v5-f16.vpw");
    await expect(NonRealTimeVAD.new({ model: "v6", modelFetcher })).rejects.toMatchObject({
      code: "MODEL_MISMATCH",
    });
  });
});

test.each([
  ["sampleRate", speech, 4000],
  ["sampleRate", speech, 44100.5],
  ["inputAudio", [0, 0] as never, 16000],
])("%s out of range", async (option, audio, rateHz) => {
  await expect(run({}, audio, rateHz)).rejects.toMatchObject({ code: "OPTION", option });
});
