/** Our FrameProcessor against vad-web 0.0.31's own: the same calls, the same events and fields. */
import { FrameProcessor as Theirs } from "@ricky0123/vad-web";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FrameProcessorOptions, FrameProcessor as Ours } from "../../dist/vad-web/index.js";

type Processor = Ours | Theirs;

type Step =
  | { readonly kind: "frame"; readonly probability: number; readonly samples: number }
  | { readonly kind: "pause" | "resume" | "reset" | "endSegment" }
  | { readonly kind: "setOptions"; readonly update: Partial<FrameProcessorOptions> };

const MS_PER_FRAME = 32;

// Coarse, so that probabilities fall on thresholds too.
const probability = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
const durationMs = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((frames) => frames * MS_PER_FRAME),
  fc.double({ min: 0, max: 160, noNaN: true }),
);
const thresholds = fc.tuple(probability, probability).map(([a, b]) => ({
  positiveSpeechThreshold: Math.max(a, b),
  negativeSpeechThreshold: Math.min(a, b),
}));
const timings = {
  redemptionMs: durationMs,
  preSpeechPadMs: durationMs,
  minSpeechMs: durationMs,
  submitUserSpeechOnPause: fc.boolean(),
};
const options: fc.Arbitrary<FrameProcessorOptions> = fc
  .tuple(thresholds, fc.record(timings))
  .map(([a, b]) => ({ ...a, ...b }));
const update = fc
  .tuple(fc.option(thresholds), fc.record(timings, { requiredKeys: [] }))
  .map(([a, b]): Partial<FrameProcessorOptions> => ({ ...a, ...b }));

const frame = fc.record({
  kind: fc.constant("frame" as const),
  probability,
  samples: fc.integer({ min: 1, max: 4 }),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 30, arbitrary: frame },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("pause", "resume", "resume", "reset", "endSegment"),
    }) as fc.Arbitrary<Step>,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("setOptions" as const), update }) },
);

/** Everything that can be seen from outside, after every step. */
async function run(
  Class: typeof Ours | typeof Theirs,
  given: FrameProcessorOptions,
  steps: readonly Step[],
): Promise<unknown[]> {
  const seen: unknown[] = [];
  let now = 0;
  const processor: Processor = new Class(
    async () => ({ isSpeech: now, notSpeech: 1 - now }),
    () => seen.push("model reset"),
    { ...given },
    MS_PER_FRAME,
  );
  const see = (event: object): unknown =>
    seen.push(structuredClone({ ...event, speaking: processor.speaking }));
  processor.resume();
  for (const [index, one] of steps.entries()) {
    switch (one.kind) {
      case "frame":
        now = one.probability;
        await processor.process(new Float32Array(one.samples).fill(index + 1), see);
        break;
      case "setOptions":
        processor.setOptions(one.update);
        break;
      case "pause":
      case "endSegment":
        processor[one.kind](see);
        break;
      default:
        processor[one.kind]();
    }
    const { redemptionFrames, preSpeechPadFrames, minSpeechFrames } = processor;
    const { speaking, redemptionCounter, speechFrameCount, active } = processor;
    const { speechRealStartFired, msPerFrame } = processor;
    seen.push({
      ...{ redemptionFrames, preSpeechPadFrames, minSpeechFrames, msPerFrame },
      ...{ speaking, redemptionCounter, speechFrameCount, active, speechRealStartFired },
      options: { ...processor.options },
      buffer: structuredClone(processor.audioBuffer),
    });
  }
  return seen;
}

test("the same events and fields as vad-web's, whatever happens", { timeout: 60_000 }, async () => {
  const events = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      options,
      fc.array(step, { minLength: 1, maxLength: 150, size: "max" }),
      async (given, steps) => {
        const ours = await run(Ours, given, steps);
        expect(ours).toEqual(await run(Theirs, given, steps));
        for (const one of ours)
          if (typeof one === "object" && one !== null && "msg" in one)
            events.set(String(one.msg), (events.get(String(one.msg)) ?? 0) + 1);
      },
    ),
    { numRuns: 400 },
  );
  // The property says nothing where nothing happens.
  for (const kind of ["SPEECH_START", "SPEECH_REAL_START", "SPEECH_END", "VAD_MISFIRE"])
    expect(events.get(kind) ?? 0, kind).toBeGreaterThan(200);
});

describe("wrong options throw where vad-web writes a log line", () => {
  const valid: FrameProcessorOptions = {
    positiveSpeechThreshold: 0.3,
    negativeSpeechThreshold: 0.25,
    redemptionMs: 1400,
    preSpeechPadMs: 800,
    minSpeechMs: 400,
    submitUserSpeechOnPause: false,
  };
  const make = (wrong: object, msPerFrame = MS_PER_FRAME): Ours =>
    new Ours(
      async () => ({ isSpeech: 0, notSpeech: 1 }),
      () => {},
      { ...valid, ...wrong },
      msPerFrame,
    );

  test.each([
    ["positiveSpeechThreshold", 1.1],
    ["positiveSpeechThreshold", Number.NaN],
    ["negativeSpeechThreshold", -0.1],
    ["negativeSpeechThreshold", 0.31],
    ["redemptionMs", -1],
    ["redemptionMs", "1400"],
    ["preSpeechPadMs", Number.POSITIVE_INFINITY],
    ["minSpeechMs", -1],
    ["submitUserSpeechOnPause", "yes"],
  ])("%s: %s", (option, value) => {
    const error = expect.objectContaining({ code: "OPTION", option, value });
    expect(() => make({ [option]: value })).toThrow(error);
    const processor = make({});
    expect(() => processor.setOptions({ [option]: value })).toThrow(error);
    expect(processor.options).toEqual(valid);
  });

  test("a frame without a duration", () => {
    expect(() => make({}, 0)).toThrow(expect.objectContaining({ option: "msPerFrame" }));
  });
});
