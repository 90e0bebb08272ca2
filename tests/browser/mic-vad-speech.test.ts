/** MicVAD hears what is said into Chromium's fake microphone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NonRealTimeVAD, type RealTimeVADOptions } from "../../dist/vad-web/index.js";
import { openSite, type Site, until } from "./site.js";
import { sentence } from "./spoken-file.js";

interface Heard {
  events: { readonly name: string; readonly atMs: number }[];
  audio: number[];
  /** Of the segment whose audio is above. */
  parts: number[][];
  frames: number;
  frameLengths: number[];
}

declare global {
  interface Window {
    heard: Heard;
  }
}

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

type Given = Pick<
  Partial<RealTimeVADOptions>,
  "processorType" | "redemptionMs" | "maxSegmentMs" | "partMs"
>;

/** Starts a MicVAD as `window.vad` that writes everything down; frames only when wanted. */
async function listen(
  page: Page,
  given: Given,
  { frames = false, parts = false } = {},
): Promise<void> {
  await page.evaluate(
    async ({ given, frames, parts }) => {
      const heard: Heard = { events: [], audio: [], parts: [], frames: 0, frameLengths: [] };
      window.heard = heard;
      const note = (name: string) => () => {
        heard.events.push({ name, atMs: performance.now() });
      };
      window.vad = await window.page.MicVAD.new({
        ...given,
        onSpeechStart: note("start"),
        onSpeechRealStart: note("realstart"),
        onVADMisfire: note("misfire"),
        onSpeechEnd: (audio) => {
          note("end")();
          if (heard.audio.length === 0) heard.audio = [...audio];
        },
        ...(parts && {
          onSpeechPart: (audio) => {
            note("part")();
            if (heard.audio.length === 0) heard.parts.push([...audio]);
          },
        }),
        ...(frames && {
          onFrameProcessed: ({ isSpeech, notSpeech }, frame) => {
            heard.frames++;
            heard.frameLengths.push(frame.length);
            if (Math.abs(isSpeech + notSpeech - 1) > 1e-9) throw new Error("not probabilities");
          },
        }),
      });
    },
    { given, frames, parts },
  );
}

/** Level of each 32 ms, in dB above a floor. */
function envelope(samples: Float32Array): number[] {
  const levels: number[] = [];
  for (let at = 0; at + 512 <= samples.length; at += 512) {
    const power = samples.subarray(at, at + 512).reduce((sum, x) => sum + x * x, 0) / 512;
    levels.push(10 * Math.log10(power + 1e-7));
  }
  return levels;
}

/** The largest correlation of two level curves over all shifts that overlap by two thirds. */
function likeness(a: readonly number[], b: readonly number[]): number {
  let best = -1;
  for (let shift = -b.length; shift < a.length; shift++) {
    const pairs = b.flatMap((y, i) => {
      const x = a[i + shift];
      return x === undefined ? [] : [[x, y] as const];
    });
    if (pairs.length < (2 / 3) * b.length) continue;
    const mean = (side: 0 | 1): number => pairs.reduce((n, p) => n + p[side], 0) / pairs.length;
    const [mx, my] = [mean(0), mean(1)];
    let [xy, xx, yy] = [0, 0, 0];
    for (const [x, y] of pairs) {
      xy += (x - mx) * (y - my);
      xx += (x - mx) ** 2;
      yy += (y - my) ** 2;
    }
    best = Math.max(best, xy / Math.sqrt(xx * yy));
  }
  return best;
}

describe.each(["AudioWorklet", "ScriptProcessor"] as const)("%s", (processorType) => {
  test("start, real start, parts, and an end with the sentence in it", async () => {
    const page = await site.open("index.html");
    await listen(page, { processorType, partMs: 320 }, { parts: true });
    await until(page, () => window.heard.events.some(({ name }) => name === "end"), 30_000);
    const { events, audio, parts, messages } = await page.evaluate(() => ({
      ...window.heard,
      messages: window.census.messages,
    }));
    await page.evaluate(() => window.vad?.destroy());

    const names = events.map(({ name }) => name);
    const end = names.indexOf("end");
    const start = names.lastIndexOf("start", end);
    const handedOut = parts.map(() => "part");
    expect(names.slice(start, end)).toEqual(["start", "realstart", ...handedOut]);
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts.slice(1, -1)) expect(part).toHaveLength(320 * 16);
    expect(parts.flat()).toEqual(audio);
    // A message for each, and one that says that the processor is ready.
    if (processorType === "AudioWorklet") expect(messages).toBe(names.length + 1);
    // 800 ms of pad, then the sentence or its rest, then 1400 ms of redemption.
    const samples = Float32Array.from(audio);
    expect(samples.length % 512).toBe(0);
    expect(samples.length / 16000).toBeGreaterThan(3);
    expect(samples.length / 16000).toBeLessThan(9);
    // Full scale, and what the resampler's filter rings where the microphone clipped.
    expect(samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0)).toBeLessThan(1.3);
    expect(likeness(envelope(samples), envelope(sentence()))).toBeGreaterThan(0.8);
    const found = [];
    for await (const one of (await NonRealTimeVAD.new()).run(samples, 16000)) found.push(one);
    expect(found).toHaveLength(1);
    await page.close();
  });
});

test("parts begin and stop with setOptions, in mid-speech too", async () => {
  const page = await site.open("index.html");
  await listen(page, {});
  await until(page, () => window.heard.events.some(({ name }) => name === "realstart"), 30_000);
  await page.evaluate(() => {
    window.vad?.setOptions({ onSpeechPart: (audio) => window.heard.parts.push([...audio]) });
  });
  await until(page, () => window.heard.events.some(({ name }) => name === "end"), 30_000);
  const { audio, parts } = await page.evaluate(() => window.heard);
  expect(parts.flat()).toEqual(audio);
  await page.close();
});

test("by default the audio thread sends no messages but events", async () => {
  const page = await site.open("index.html");
  await listen(page, {});
  await until(page, () => window.heard.events.some(({ name }) => name === "end"), 30_000);
  const { messages, events } = await page.evaluate(() => ({
    messages: window.census.messages,
    events: window.heard.events.length,
  }));
  // One more says that the processor is ready.
  expect(messages).toBe(events + 1);
  await page.close();
});

test("frames are sent when asked for, at 31 a second, until nobody asks", async () => {
  const page = await site.open("index.html");
  await listen(page, {}, { frames: true });
  await until(page, () => window.heard.frames > 0);
  const before = await page.evaluate(() => window.heard.frames);
  await page.waitForTimeout(2000);
  const { frames, frameLengths } = await page.evaluate(() => window.heard);
  expect(frames - before).toBeGreaterThan(40);
  expect(frames - before).toBeLessThan(90);
  expect(new Set(frameLengths)).toEqual(new Set([512]));
  await page.evaluate(() => {
    const { onFrameProcessed } = window.page.getDefaultRealTimeVADOptions("v6");
    window.vad?.setOptions({ onFrameProcessed });
  });
  await page.waitForTimeout(300);
  const stopped = await page.evaluate(() => window.heard.frames);
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => window.heard.frames)).toBe(stopped);
  await page.close();
});

test("maxSegmentMs hands a sentence out in pieces", async () => {
  const page = await site.open("index.html");
  await listen(page, { maxSegmentMs: 2000 });
  await until(
    page,
    () => window.heard.events.filter(({ name }) => name === "end").length >= 2,
    30_000,
  );
  const { audio } = await page.evaluate(() => window.heard);
  expect(audio.length).toBe(Math.floor(2000 / 32) * 512);
  await page.close();
});

test("submitUserSpeechOnPause ends the segment at a pause; otherwise it is forgotten", async () => {
  const page = await site.open("index.html");
  for (const submit of [true, false]) {
    await listen(page, {});
    await page.evaluate(
      (submitUserSpeechOnPause) => window.vad?.setOptions({ submitUserSpeechOnPause }),
      submit,
    );
    await until(page, () => window.heard.events.some(({ name }) => name === "realstart"));
    const names = await page.evaluate(async () => {
      await window.vad?.pause();
      // The promise comes after the events.
      const names = window.heard.events.map(({ name }) => name);
      await window.vad?.destroy();
      return names;
    });
    expect(names.at(-1)).toBe(submit ? "end" : "realstart");
  }
  await page.close();
});

test("processFrame is heard like the microphone, and only while listening", async () => {
  const page = await site.open("index.html");
  const speech = [...sentence()];
  const counts = await page.evaluate(async (speech) => {
    const silence = new AudioContext().createMediaStreamDestination().stream;
    let starts = 0;
    const vad = await window.page.MicVAD.new({
      stream: silence,
      startOnLoad: false,
      onSpeechStart: () => {
        starts++;
      },
    });
    const say = async (): Promise<number> => {
      for (let at = 0; at + 512 <= speech.length; at += 512)
        await vad.processFrame(Float32Array.from(speech.slice(at, at + 512)));
      return starts;
    };
    const before = await say();
    await vad.start();
    const during = await say();
    await vad.pause();
    const after = await say();
    await vad.destroy();
    return { before, during, after };
  }, speech);
  expect(counts.before).toBe(0);
  expect(counts.during).toBeGreaterThan(0);
  expect(counts.after).toBe(counts.during);
  await page.close();
});

test("AudioNodeVAD hears a node of the application's graph", async () => {
  const page = await site.open("index.html");
  const speech = [...sentence()];
  const heard = await page.evaluate(async (speech) => {
    const context = new AudioContext();
    const buffer = context.createBuffer(1, speech.length, 16000);
    buffer.copyToChannel(Float32Array.from(speech), 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    const names: string[] = [];
    const ended = new Promise<number>((resolve) => {
      void window.page.AudioNodeVAD.new(context, {
        redemptionFrames: 30,
        onSpeechStart: () => {
          names.push("start");
        },
        onSpeechRealStart: () => {
          names.push("realstart");
        },
        onSpeechEnd: (audio) => {
          names.push("end");
          resolve(audio.length);
        },
      }).then((vad) => {
        vad.receive(source);
        vad.start();
        source.start();
        source.onended = async () => {
          vad.setFrameProcessorOptions({ submitUserSpeechOnPause: true });
          await vad.pause();
          vad.destroy();
        };
      });
    });
    const samples = await ended;
    return { samples, names, state: context.state };
  }, speech);
  expect(heard.names.slice(0, 3)).toEqual(["start", "realstart", "end"]);
  expect(heard.samples).toBeGreaterThan(8000);
  expect(heard.state).toBe("running");
  await page.close();
});

test("audioFileToArray adds the channels up at 44.1 kHz", async () => {
  const page = await site.open("index.html");
  const found = await page.evaluate(async () => {
    const { encodeWAV, audioFileToArray } = window.page.utils;
    const stereo = new Float32Array(2000).map((_, i) => (i % 2 ? 0.25 : 0.5));
    const file = new Blob([encodeWAV(stereo, 3, 44100, 2, 32)]);
    const { audio, sampleRate } = await audioFileToArray(file);
    const broken = await audioFileToArray(new Blob(["no audio"])).catch((e: Error) => e.name);
    return { length: audio.length, value: audio[500], sampleRate, broken };
  });
  expect(found).toEqual({ length: 1000, value: 0.75, sampleRate: 44100, broken: "EncodingError" });
  await page.close();
});
