/** The classes Vad and Mic: events, options, lifetime, wrong input. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FRAME_MS, loadAudio, Mic, Resampler, Vad, VadModel } from "../../dist/index.js";
import { pocketsphinxFiles, readWav } from "../../tools/speech.js";

const audio = await loadAudio();
const model = await VadModel.load();
const speech = readWav(pocketsphinxFiles().find((path) => path.includes("0880")) ?? "").samples;
const code = (code: string) => expect.objectContaining({ name: "VoicepathError", code });
const silence = new Float32Array(48000);

type Heard = [string, unknown][];

function listen(vad: Vad | Mic): Heard {
  const heard: Heard = [];
  for (const type of ["speechstart", "speechrealstart", "speechend", "misfire", "voice"] as const)
    vad.on(type, (event) => {
      heard.push([type, "audio" in event ? { ...event, audio: event.audio.slice() } : event]);
    });
  return heard;
}

describe("events", () => {
  test("a sentence is one segment, made of the samples that were pushed", () => {
    using vad = Vad.create(audio, { model });
    const heard = listen(vad);
    const whole = new Float32Array(silence.length + speech.length + silence.length);
    whole.set(speech, silence.length);
    vad.push(whole);
    const end = heard.find(([type]) => type === "speechend")?.[1] as {
      audio: Float32Array;
      startMs: number;
      endMs: number;
    };
    expect(heard.map(([type]) => type).filter((type) => type !== "voice")).toEqual([
      "speechstart",
      "speechrealstart",
      "speechend",
    ]);
    expect(end.endMs - end.startMs).toBe(end.audio.length / 16);
    expect(end.audio).toEqual(whole.subarray(end.startMs * 16, end.endMs * 16));
  });

  test("pieces of a bounded length join to the unbounded segment", () => {
    const run = (maxSegmentMs?: number): { audio: number[]; pieces: number[] } => {
      using vad = Vad.create(audio, { model, ...(maxSegmentMs ? { maxSegmentMs } : {}) });
      const result: { audio: number[]; pieces: number[] } = { audio: [], pieces: [] };
      const flags: boolean[] = [];
      vad.on("speechend", (event) => {
        result.audio.push(...event.audio);
        result.pieces.push(event.audio.length);
        flags.push(event.continues);
      });
      vad.push(speech);
      vad.push(silence);
      expect(flags).toEqual(flags.map((_, i) => i < flags.length - 1));
      return result;
    };
    const whole = run();
    expect(whole.pieces.length).toBe(1);
    const cut = run(1600);
    expect(cut.pieces.length).toBeGreaterThan(2);
    expect(Math.max(...cut.pieces)).toBe(1600 * 16);
    expect(cut.audio).toEqual(whole.audio);
  });

  test("any chunking gives the same events", () => {
    using reference = Vad.create(audio, { model });
    const expected = listen(reference);
    reference.push(speech);
    reference.end();
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12_000 }), { minLength: 1 }), (chunks) => {
        using vad = Vad.create(audio, { model });
        const heard = listen(vad);
        for (let at = 0, i = 0; at < speech.length; i++) {
          const chunk = chunks[i % chunks.length] ?? 1;
          vad.push(speech.subarray(at, at + chunk));
          at += chunk;
        }
        vad.end();
        expect(heard).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test("a Mic at 16 kHz hears what a Vad hears, at 48 kHz nearly so", () => {
    using vad = Vad.create(audio, { model });
    using mic = Mic.create(audio, { model, rateHz: 16000 });
    const a = listen(vad);
    const b = listen(mic);
    for (const hearing of [vad, mic]) {
      hearing.push(speech);
      hearing.end();
    }
    expect(b).toEqual(a);
    using up = Resampler.create(audio, { inputRateHz: 16000, outputRateHz: 48000 });
    using fast = Mic.create(audio, { model, rateHz: 48000 });
    const c = listen(fast);
    fast.push(up.process(speech));
    fast.push(up.flush());
    fast.end();
    expect(c.map(([type]) => type)).toEqual(a.map(([type]) => type));
  });

  test("frames are reported only to those who listen", () => {
    using vad = Vad.create(audio, { model });
    const probabilities: number[] = [];
    vad.push(speech.subarray(0, 5120));
    const off = vad.on("frame", ({ probability, samples, timeMs }) => {
      expect(samples).toEqual(speech.subarray((timeMs - FRAME_MS) * 16, timeMs * 16));
      probabilities.push(probability);
    });
    vad.push(speech.subarray(5120, 10240));
    off();
    vad.push(speech.subarray(10240, 15360));
    expect(probabilities.length).toBe(10);
    expect(probabilities.every((p) => p > 0 && p < 1)).toBe(true);
  });

  test("listeners may throw, leave, or dispose of the source", () => {
    const vad = Vad.create(audio, { model });
    const calls: string[] = [];
    const thrown: unknown[] = [];
    const catcher = (reason: unknown): void => void thrown.push(reason);
    process.on("unhandledRejection", catcher);
    const controller = new AbortController();
    vad.on("speechstart", () => calls.push("aborted"), { signal: controller.signal });
    controller.abort();
    vad.on("speechstart", () => {
      calls.push("first");
      throw new Error("a listener's own fault");
    });
    vad.on("speechstart", () => {
      calls.push("second");
      vad.dispose();
    });
    vad.push(speech);
    expect(calls).toEqual(["first", "second"]);
    expect(vad.disposed).toBe(true);
    return new Promise<void>((resolve) =>
      setTimeout(() => {
        process.off("unhandledRejection", catcher);
        expect(thrown.map(String)).toEqual(["Error: a listener's own fault"]);
        resolve();
      }, 10),
    );
  });
});

describe("options", () => {
  const wrong: [string, unknown][] = [
    ["positiveSpeechThreshold", 1.1],
    ["positiveSpeechThreshold", Number.NaN],
    ["negativeSpeechThreshold", -0.1],
    ["negativeSpeechThreshold", 0.31],
    ["redemptionMs", -1],
    ["redemptionMs", "200"],
    ["preSpeechPadMs", Number.POSITIVE_INFINITY],
    ["minSpeechMs", 1e9],
    ["voiceThreshold", 2],
    ["maxSegmentMs", 31],
  ];
  test.each(wrong)("%s = %s is refused by name", (option, value) => {
    expect(() => Vad.create(audio, { model, [option]: value })).toThrowError(
      expect.objectContaining({ code: "OPTION", option, value, range: expect.any(String) }),
    );
    expect(audio.usedBytes).toBe(0);
    if (option === "maxSegmentMs") return;
    using vad = Vad.create(audio, { model });
    expect(() => vad.setOptions({ [option]: value })).toThrowError(code("OPTION"));
    vad.setOptions({ redemptionMs: 500 });
  });

  test("a pad that outgrows the segment memory is refused and changes nothing", () => {
    using vad = Vad.create(audio, { model, maxSegmentMs: 1000 });
    expect(() => vad.setOptions({ preSpeechPadMs: 5000 })).toThrowError(
      expect.objectContaining({ code: "OPTION", option: "preSpeechPadMs" }),
    );
    using plain = Vad.create(audio, { model });
    expect(() => plain.setOptions({ preSpeechPadMs: 60_000 })).toThrowError(
      expect.objectContaining({ code: "OPTION", option: "preSpeechPadMs", value: 60_000 }),
    );
    plain.push(speech);
    vad.push(speech);
  });
});

describe("audio that is none", () => {
  test("garbage of every kind is refused or counts as silence", () => {
    using vad = Vad.create(audio, { model });
    fc.assert(
      fc.property(
        fc.anything().filter((x) => !(x instanceof Float32Array)),
        (x) => {
          expect(() => vad.push(x as Float32Array)).toThrowError(code("OPTION"));
        },
      ),
    );
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 3000 }), (samples) => {
        vad.push(samples);
        expect(vad.probability >= 0 && vad.probability <= 1).toBe(true);
      }),
    );
    vad.reset();
    const bad = speech.map((x, i) => (i % 100 === 0 ? Number.NaN : x));
    const clean = speech.map((x, i) => (i % 100 === 0 ? 0 : x));
    using other = Vad.create(audio, { model });
    for (let at = 0; at + 512 <= speech.length; at += 512) {
      vad.push(bad.subarray(at, at + 512));
      other.push(clean.subarray(at, at + 512));
      expect(vad.probability).toBe(other.probability);
    }
  });

  test("nothing, and minutes at once", () => {
    using vad = Vad.create(audio, { model });
    vad.push(new Float32Array());
    expect(vad.probability).toBe(0);
    vad.push(new Float32Array(16000 * 120));
    expect(vad.probability).toBeLessThan(0.1);
  });
});

describe("lifetime", () => {
  test("memory comes back, use after dispose throws", () => {
    const vad = Vad.create(audio, { model });
    expect(audio.usedBytes).toBeGreaterThan(0);
    vad.dispose();
    vad.dispose();
    expect(audio.usedBytes).toBe(0);
    for (const use of [
      () => vad.push(silence),
      () => vad.end(),
      () => vad.reset(),
      () => vad.setOptions({}),
      () => vad.probability,
    ])
      expect(use).toThrowError(code("DISPOSED"));
  });

  test("a signal disposes", () => {
    const controller = new AbortController();
    const vad = Vad.create(audio, { model, signal: controller.signal });
    controller.abort();
    expect(vad.disposed).toBe(true);
    expect(audio.usedBytes).toBe(0);
    expect(() => Vad.create(audio, { model, signal: controller.signal })).toThrow();
  });

  test("hot frames leave the JavaScript heap alone", () => {
    // Counted exactly in Chromium by the benchmark; here that nothing piles up.
    using mic = Mic.create(audio, { model, rateHz: 48000 });
    const block = new Float32Array(128);
    for (let i = 0; i < 1000; i++) mic.push(block);
    const bytes = audio.memoryBytes;
    for (let i = 0; i < 10_000; i++) mic.push(block);
    expect(audio.memoryBytes).toBe(bytes);
  });
});
