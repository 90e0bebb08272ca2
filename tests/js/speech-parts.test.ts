/** Speech handed out while it is spoken: the parts are the segment, all of it, once, and in time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  FRAME_MS,
  loadAudio,
  Mic,
  Resampler,
  type SpeechEvents,
  Vad,
  VadModel,
} from "../../dist/index.js";
import { asteriskFiles, pocketsphinxFiles, readWav } from "../../tools/speech.js";

const audio = await loadAudio();
const FRAME_SAMPLES = FRAME_MS * 16;

type Part = SpeechEvents["speechpart"];
type End = SpeechEvents["speechend"];
type Event =
  | { readonly type: "start" | "realstart" | "misfire"; readonly timeMs: number }
  | ({ readonly type: "part" } & Part)
  | ({ readonly type: "end" } & End);

interface Source {
  on: Vad["on"];
}

function listen(source: Source, parts = true): Event[] {
  const heard: Event[] = [];
  source.on("speechstart", ({ timeMs }) => heard.push({ type: "start", timeMs }));
  source.on("speechrealstart", ({ timeMs }) => heard.push({ type: "realstart", timeMs }));
  source.on("misfire", ({ timeMs }) => heard.push({ type: "misfire", timeMs }));
  source.on("speechend", (event) => heard.push({ type: "end", ...event }));
  if (parts)
    source.on("speechpart", (event) => {
      heard.push({ type: "part", ...event, audio: event.audio.slice() });
      // What a listener does with its part is its own affair.
      event.audio.fill(7);
    });
  return heard;
}

/** The parts of each segment with its end; what never ended is the last one, without. */
function segments(heard: readonly Event[]): { parts: Part[]; end?: End; events: Event[] }[] {
  const found: { parts: Part[]; end?: End; events: Event[] }[] = [];
  let events: Event[] = [];
  for (const event of heard) {
    events.push(event);
    if (event.type !== "end" && event.type !== "misfire") continue;
    const parts = events.filter((one) => one.type === "part");
    found.push({ parts, events, ...(event.type === "end" && { end: event }) });
    events = [];
  }
  return found;
}

function bytes(samples: Float32Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

function expectWhole(parts: readonly Part[], end: End): void {
  expect(parts[0]?.startMs).toBe(end.startMs);
  expect(parts.at(-1)?.endMs).toBe(end.endMs);
  for (const [i, { audio, startMs, endMs }] of parts.entries()) {
    expect(audio.length).toBe((endMs - startMs) * 16);
    if (i > 0) expect(startMs).toBe(parts[i - 1]?.endMs);
  }
  expect(Buffer.concat(parts.map(({ audio }) => bytes(audio))).equals(bytes(end.audio))).toBe(true);
}

describe("real speech", { timeout: 30_000 }, async () => {
  const model = await VadModel.load();
  const silence = new Float32Array(8000);
  const sentences = pocketsphinxFiles().flatMap((path) => [silence, readWav(path).samples]);
  const speech = new Float32Array([...sentences, silence].reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const one of [...sentences, silence]) {
    speech.set(one, at);
    at += one.length;
  }

  test.each([96, 256, 1000, 2000])("parts of %i ms join to what speechend has", (partMs) => {
    using vad = Vad.create(audio, { model, redemptionMs: 300, minSpeechMs: 200, partMs });
    const heard = listen(vad);
    vad.push(speech);
    vad.end();
    const found = segments(heard);
    expect(found.length).toBeGreaterThan(8);
    const full = Math.floor(partMs / FRAME_MS) * FRAME_MS;
    for (const { parts, end, events } of found) {
      if (!end) {
        expect(parts).toEqual([]);
        continue;
      }
      expectWhole(parts, end);
      expect(events.slice(0, 3).map(({ type }) => type)).toEqual(["start", "realstart", "part"]);
      expect(events.at(-2)?.type).toBe("part");
      // The first with the real start; then each as soon as it is full; then the rest.
      const realStart = events[1];
      expect(realStart?.type === "realstart" && realStart.timeMs).toBe(parts[0]?.endMs);
      for (const { startMs, endMs } of parts.slice(1, -1)) expect(endMs - startMs).toBe(full);
      const last = parts.at(-1);
      if (last && parts.length > 1) expect(last.endMs - last.startMs).toBeLessThanOrEqual(full);
    }
  });

  test("the other events are what they are without", () => {
    using plain = Vad.create(audio, { model, redemptionMs: 300 });
    using parted = Vad.create(audio, { model, redemptionMs: 300 });
    const expected = listen(plain, false);
    const heard = listen(parted);
    for (const vad of [plain, parted]) {
      vad.push(speech);
      vad.end();
    }
    expect(heard.filter(({ type }) => type !== "part")).toEqual(expected);
  });

  test("a Mic at 48 kHz, telephone prompts among noise: misfires have no parts", () => {
    const telephone = asteriskFiles()
      .filter((_, i) => i % 40 === 0)
      .map((path) => readWav(path));
    using up = Resampler.create(audio, { inputRateHz: 8000, outputRateHz: 48000 });
    using mic = Mic.create(audio, { model, rateHz: 48000, redemptionMs: 200, minSpeechMs: 600 });
    const heard = listen(mic);
    for (const { samples } of telephone) {
      mic.push(up.process(samples));
      mic.push(new Float32Array(24_000));
    }
    mic.end();
    const found = segments(heard);
    expect(found.filter(({ end }) => end).length).toBeGreaterThan(3);
    expect(found.filter(({ end }) => !end).length).toBeGreaterThan(1);
    for (const { parts, end } of found)
      if (end) expectWhole(parts, end);
      else expect(parts).toEqual([]);
  });
});

/** A model that says what the script says; frame n holds n in every sample. */
function scripted(script: readonly number[]): { model: object; samples: Float32Array } {
  let at = 0;
  const model = {
    frameSamples: FRAME_SAMPLES,
    process: () => script[at++] ?? 0,
    reset: () => {},
  };
  const samples = new Float32Array(script.length * FRAME_SAMPLES);
  for (const [n] of script.entries())
    samples.fill(n / 4096, n * FRAME_SAMPLES, (n + 1) * FRAME_SAMPLES);
  return { model, samples };
}

const runs = (ms: number): number => Math.floor(ms / FRAME_MS);
/** Speech, between the thresholds, silence: in runs, as in life. */
const script = fc
  .array(fc.tuple(fc.constantFrom(0.9, 0.27, 0), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 20,
  })
  .map((runs) => runs.flatMap(([p, frames]) => Array<number>(frames).fill(p)));

describe("any speech", { timeout: 30_000 }, () => {
  const options = fc.record({
    partMs: fc.integer({ min: 96, max: 2000 }),
    redemptionMs: fc.integer({ min: 0, max: 700 }),
    preSpeechPadMs: fc.integer({ min: 0, max: 900 }),
    minSpeechMs: fc.constantFrom(0, 32, 64, 250, 400, 1500, 12_000),
  });

  test("the parts are the segment, a misfire has none, and no part waits longer than its length", async () => {
    await fc.assert(
      fc.asyncProperty(script, options, async (script, options) => {
        const { model, samples } = scripted(script);
        using vad = Vad.create(audio, { engine: "ort", model: model as never, ...options });
        const heard = listen(vad);
        let certainSince: number | undefined;
        vad.on("speechrealstart", ({ timeMs }) => {
          certainSince = timeMs;
        });
        vad.on("speechend", () => {
          certainSince = undefined;
        });
        for (let at = 0; at < samples.length; at += FRAME_SAMPLES) {
          await vad.push(samples.subarray(at, at + FRAME_SAMPLES));
          const nowMs = (at + FRAME_SAMPLES) / 16;
          const last = heard.findLast((one) => one.type === "part");
          if (certainSince !== undefined)
            expect(nowMs - (last?.type === "part" ? last.endMs : 0)).toBeLessThan(
              runs(options.partMs) * FRAME_MS,
            );
        }
        await vad.end();
        for (const { parts, end } of segments(heard))
          if (end) expectWhole(parts, end);
          else expect(parts).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("pieces of maxSegmentMs too", async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        options,
        fc.integer({ min: 1000, max: 3000 }),
        async (script, options, maxSegmentMs) => {
          const { model, samples } = scripted(script);
          const given = { ...options, maxSegmentMs, engine: "ort" } as const;
          using vad = Vad.create(audio, { ...given, model: model as never });
          const heard = listen(vad);
          await vad.push(samples);
          await vad.end();
          for (const { parts, end } of segments(heard))
            if (end && end.audio.length > 0) expectWhole(parts, end);
        },
      ),
      { numRuns: 40 },
    );
  });

  test("who comes in mid-speech is given what was missed, however long ago", async () => {
    const { model, samples } = scripted(Array<number>(900).fill(0.9));
    using vad = Vad.create(audio, { engine: "ort", model: model as never });
    const heard = listen(vad, false);
    await vad.push(samples.subarray(0, 700 * FRAME_SAMPLES));
    const parts: Part[] = [];
    vad.on("speechpart", (part) => parts.push(part));
    await vad.push(samples.subarray(700 * FRAME_SAMPLES));
    await vad.end();
    const [segment] = segments(heard);
    expect(segment?.end?.audio.length).toBe(samples.length);
    if (segment?.end) expectWhole(parts, segment.end);
    expect(parts.length).toBeGreaterThan(20);
  });

  test("after a reset nothing of before is handed out", async () => {
    const { model, samples } = scripted(Array<number>(40).fill(0.9));
    using vad = Vad.create(audio, { engine: "ort", model: model as never });
    const heard = listen(vad);
    await vad.push(samples.subarray(0, 20 * FRAME_SAMPLES));
    await vad.reset();
    const before = heard.length;
    await vad.push(samples.subarray(20 * FRAME_SAMPLES));
    await vad.end();
    const [segment] = segments(heard.slice(before));
    expect(segment?.end && segment.parts[0]?.audio[0]).toBe(Math.fround(20 / 4096));
    if (segment?.end) expectWhole(segment.parts, segment.end);
  });
});

test.each([[95], [2001], [Number.NaN], ["256"]])("partMs %s is refused by name", async (partMs) => {
  const { model } = scripted([]);
  const given = { engine: "ort", model: model as never, partMs: partMs as number } as const;
  expect(() => Vad.create(audio, given)).toThrow(
    expect.objectContaining({
      code: "OPTION",
      option: "partMs",
      range: expect.stringContaining("96 to 2000"),
    }),
  );
});
