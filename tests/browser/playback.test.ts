/**
 * Speech that plays on Chromium's audio thread, and clips as AudioBuffers, under a policy that forbids
 * eval and foreign addresses. Expected samples are tones by their formula.
 */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { flacFile } from "./flac-file.js";
import { openSite, type Site } from "./site.js";

declare global {
  interface Window {
    /** Chromium's --expose-gc. */
    gc(): void;
  }
}

/** What is left beside a tone of amplitude 0.5: "balanced" stops images by 106 dB. */
const TOLERANCE = 0.5 * 10 ** (-106 / 20);
/** Half a step of 16 bits; a filter of a hundred taps adds no more than three of them up. */
const ROUNDING = 3 * (0.5 / 32768);

let site: Site;
let page: Page;
beforeAll(async () => {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
  site = await openSite({
    headers: { "Content-Security-Policy": policy },
    args: ["--js-flags=--expose-gc"],
  });
});
afterAll(() => site.close());
beforeEach(async () => {
  page = await site.open("playback.html");
});
afterEach(() => page.close());

describe("PlayerNode", () => {
  test("a tone at 24 kHz comes out at 48 kHz, whole and in time", async () => {
    const heard = await page.evaluate(async () => {
      const { stage, tone, toneError, peak } = window.playback;
      const { player, events, render } = await stage(48000, 2.5, { rateHz: 24000 });
      const clip = tone(48000, 24000, 997);
      // Blocks as they come from a server.
      for (let at = 0; at < clip.length; at += 1111) player.push(clip.subarray(at, at + 1111));
      const drained = player.end();
      const [samples = []] = await render();
      return {
        error: toneError(samples, 48000, 997, 500, 95500),
        after: peak(samples, 96000, samples.length),
        drained: await drained,
        events,
        state: player.state,
        played: player.playedSeconds,
        buffered: player.bufferedSeconds,
        clip: clip.length,
      };
    });
    expect(heard.error).toBeLessThan(TOLERANCE);
    expect(heard).toMatchObject({ after: 0, drained: true, clip: 48000, state: "drained" });
    expect(heard.events.map(([type]) => type)).toEqual(["playing", "drained"]);
    expect(heard.events.at(-1)?.slice(1)).toEqual([2, 2]);
    expect([heard.played, heard.buffered]).toEqual([2, 0]);
  });

  test.each(["planar", "interleaved"] as const)("two channels of int16, %s", async (layout) => {
    const errors = await page.evaluate(async (layout) => {
      const { stage, tone, toneError } = window.playback;
      const { player, end, render } = await stage(44100, 1.2, {
        rateHz: 22050,
        channels: 2,
        mode: "best",
      });
      const planes = [400, 3000].map((hz) =>
        Int16Array.from(tone(22050, 22050, hz), (x) => Math.round(x * 32768)),
      );
      const [left = new Int16Array(), right = new Int16Array()] = planes;
      const mixed = new Int16Array(44100).map((_, i) => (i % 2 ? right : left)[i >> 1] ?? 0);
      player.push(layout === "planar" ? planes : mixed);
      end();
      const heard = await render();
      return [400, 3000].map((hz, c) => toneError(heard[c] ?? [], 44100, hz, 1000, 43000));
    }, layout);
    for (const error of errors) expect(error).toBeLessThan(ROUNDING + TOLERANCE);
  });

  test("speech that comes too late is a gap that is told, and nothing is lost", async () => {
    const heard = await page.evaluate(async () => {
      const { stage, tone, toneError, peak } = window.playback;
      const { player, events, at, end, render } = await stage(48000, 3, {
        rateHz: 24000,
        prebufferSeconds: 0,
      });
      const clip = tone(36000, 24000, 997);
      const places: number[][] = [];
      const note = (): void => {
        places.push([player.playedSeconds, player.bufferedSeconds]);
      };
      player.push(clip.subarray(0, 12000));
      at(0.256, note);
      at(1.28, () => {
        note();
        player.push(clip.subarray(12000));
        end();
      });
      const [samples = new Float32Array()] = await render();
      const dry = events.find(([type]) => type === "underrun");
      const gap = Math.round((1.28 - (dry?.[2] ?? 0)) * 48000);
      const until = Math.round((dry?.[2] ?? 0) * 48000);
      const heard = [...samples.subarray(0, until), ...samples.subarray(until + gap)];
      return {
        ...{ events, places, until, gap },
        error: toneError(heard, 48000, 997, 500, 71500),
        silence: peak(samples, until, until + gap),
        after: peak(heard, 72000, heard.length),
      };
    });
    expect(heard.events.map(([type]) => type)).toEqual([
      "playing",
      "underrun",
      "playing",
      "drained",
    ]);
    expect(heard.error).toBeLessThan(TOLERANCE);
    expect([heard.silence, heard.after]).toEqual([0, 0]);
    expect(heard.places[0]?.[0]).toBeCloseTo(0.256, 6);
    expect(heard.places[0]?.[1]).toBeCloseTo(0.5 - 0.256, 6);
    // What the filter still held back was not heard before the gap.
    const dry = heard.until / 48000;
    expect(dry).toBeGreaterThan(0.49);
    expect(dry).toBeLessThanOrEqual(0.5);
    expect(heard.places[1]?.[0]).toBeCloseTo(dry, 6);
    expect(heard.events.at(-1)?.[1]).toBe(1.5);
  });

  test("clear() is silence in the next quantum; the next stream follows at once", async () => {
    const heard = await page.evaluate(async () => {
      const { stage, tone, toneError, peak } = window.playback;
      const { player, at, end, events, render } = await stage(48000, 2, { rateHz: 24000 });
      player.push(tone(48000, 24000, 997));
      const ended = player.end();
      const frames: number[] = [];
      const places: number[] = [];
      at(0.512, async () => {
        const cleared = player.clear();
        places.push(player.playedSeconds, player.bufferedSeconds);
        frames.push(await cleared);
      });
      at(1.024, async () => {
        player.push(tone(12000, 24000, 500));
        end();
      });
      const [samples = []] = await render();
      const second = samples.slice(1.024 * 48000);
      return {
        ...{ frames, places, events, ended: await ended },
        before: toneError(samples, 48000, 997, 500, 0.512 * 48000),
        silence: peak(samples, 0.512 * 48000, 1.024 * 48000),
        second: toneError(second, 48000, 500, 500, 23500),
        after: peak(second, 24000, second.length),
      };
    });
    expect(heard).toMatchObject({ frames: [0.512 * 24000], places: [0, 0], ended: false });
    expect(heard).toMatchObject({ silence: 0, after: 0 });
    expect(heard.before).toBeLessThan(TOLERANCE);
    expect(heard.second).toBeLessThan(TOLERANCE);
    expect(heard.events.map(([type, clip]) => [type, clip])).toEqual([
      ["playing", expect.closeTo(128 / 48000)],
      ["playing", expect.closeTo(128 / 48000)],
      ["drained", 0.5],
    ]);
  });

  test("a full buffer says so, takes nothing of the block, and has room again later", async () => {
    const heard = await page.evaluate(async () => {
      const { stage, tone, toneError, errorOf } = window.playback;
      const { player, at, end, render } = await stage(48000, 2.2, {
        rateHz: 24000,
        bufferSeconds: 1,
      });
      const clip = tone(48000, 24000, 997);
      const said: unknown[] = [];
      said.push(player.push(clip.subarray(0, 24000)));
      said.push(await errorOf(() => player.push(clip.subarray(24000, 24001))));
      said.push(player.bufferedSeconds);
      at(0.512, async () => {
        said.push(await errorOf(() => player.push(clip.subarray(24000, 36300))));
        said.push(await errorOf(() => player.push(clip.subarray(24000, 36000))));
      });
      at(1.28, () => {
        player.push(clip.subarray(36000));
        end();
      });
      const [samples = []] = await render();
      return { said, error: toneError(samples, 48000, 997, 500, 95500) };
    });
    expect(heard.said).toEqual([1, "QUEUE_FULL", 1, "QUEUE_FULL", "no error"]);
    expect(heard.error).toBeLessThan(TOLERANCE);
  });

  test("a trim changes pitch and time by so much", async () => {
    const heard = await page.evaluate(async () => {
      const { stage, tone, toneError, errorOf } = window.playback;
      const { player, end, events, render } = await stage(48000, 2, {
        rateHz: 24000,
        adjustable: true,
      });
      const wrong = [
        await errorOf(() => player.trim(0.011)),
        await errorOf(() => player.trim(NaN)),
      ];
      player.trim(0.01);
      player.push(tone(24000, 24000, 1010));
      end();
      const [samples = []] = await render();
      return { wrong, events, error: toneError(samples, 48000, 1000, 500, 47500) };
    });
    expect(heard.wrong).toEqual(["OPTION", "OPTION"]);
    expect(heard.error).toBeLessThan(TOLERANCE);
    const [type, clipSeconds, contextSeconds] = heard.events.at(-1) ?? [];
    expect([type, clipSeconds]).toEqual(["drained", 1]);
    expect(contextSeconds).toBeCloseTo(1.01, 4);
  });

  test("in a live context the place in the clip follows the clock", async () => {
    const heard = await page.evaluate(async () => {
      const { PlayerNode, tone } = window.playback;
      const context = new AudioContext({ sampleRate: 44100 });
      const player = await PlayerNode.create(context, { rateHz: 24000 });
      player.node.connect(context.destination);
      let start = Number.NaN;
      player.on("playing", ({ contextSeconds, clipSeconds }) => {
        start = contextSeconds - clipSeconds;
      });
      player.push(tone(24000, 24000, 997, 0));
      const ending = player.end();
      const places: number[][] = [];
      const timer = setInterval(() => {
        if (player.state === "playing")
          places.push([player.playedSeconds, context.currentTime - start, player.bufferedSeconds]);
      }, 20);
      const ended = await ending;
      clearInterval(timer);
      const played = player.playedSeconds;
      player.dispose();
      await context.close();
      return { places, ended, played };
    });
    expect(heard).toMatchObject({ ended: true, played: 1 });
    expect(heard.places.length).toBeGreaterThan(5);
    for (const [played = 0, since = 0, buffered = 0] of heard.places) {
      expect(played).toBeCloseTo(Math.min(since, 1), 6);
      expect(played + buffered).toBeCloseTo(1, 6);
    }
  });

  test("a context that is closed disposes of it, and answers who waits", async () => {
    const found = await page.evaluate(async () => {
      const { PlayerNode } = window.playback;
      const context = new AudioContext();
      const player = await PlayerNode.create(context, { rateHz: 24000 });
      player.push(new Float32Array(48000));
      const ending = player.end();
      await context.close();
      return { ended: await ending, disposed: player.disposed };
    });
    expect(found).toEqual({ ended: false, disposed: true });
  });

  test("wrong options and wrong calls have names", async () => {
    const errors = await page.evaluate(async () => {
      const { PlayerNode, errorOf } = window.playback;
      const context = new OfflineAudioContext(1, 48000, 48000);
      const options = [
        { rateHz: 7999 },
        { rateHz: 24000, channels: 9 },
        { rateHz: 24000, mode: "offline" },
        { rateHz: 24000, adjustable: 1 },
        { rateHz: 24000, bufferSeconds: 601 },
        { rateHz: 24000, bufferSeconds: 2, prebufferSeconds: 3 },
        { rateHz: 24000, worklet: "./none.js" },
        { rateHz: 24000, wasm: "./none.html" },
      ];
      const created: string[] = [];
      for (const one of options)
        created.push(await errorOf(() => PlayerNode.create(context, one as { rateHz: number })));
      const player = await PlayerNode.create(context, { rateHz: 24000, channels: 2 });
      const calls: string[] = [];
      for (const block of [[1, 2], new Float32Array(3), [new Float32Array(1)], "audio"])
        calls.push(await errorOf(() => player.push(block as unknown as Float32Array)));
      calls.push(await errorOf(() => player.trim(0.001)));
      void player.end();
      calls.push(await errorOf(() => player.push(new Float32Array(2))));
      player.dispose();
      player.dispose();
      for (const use of [
        () => player.push(new Float32Array(2)),
        () => player.end(),
        () => player.clear(),
        () => player.trim(0),
      ])
        calls.push(await errorOf(use));
      const closed = new AudioContext();
      await closed.close();
      created.push(await errorOf(() => PlayerNode.create(closed, { rateHz: 24000 })));
      return { created, calls };
    });
    expect(errors.created).toEqual([
      ...new Array(6).fill("OPTION"),
      "WORKLET_FAILED",
      "ASSET_HTML",
      "CONTEXT_UNUSABLE",
    ]);
    expect(errors.calls).toEqual([
      ...new Array(4).fill("OPTION"),
      ...["VP_E_MODE", "VP_E_FLUSHED"],
      ...new Array(4).fill("DISPOSED"),
    ]);
  });

  test("destroyed at any time of its making or playing, it is silent and gone", async () => {
    const found = await page.evaluate(async () => {
      const { PlayerNode, tone, errorOf } = window.playback;
      const context = new AudioContext();
      const settled: string[] = [];
      const nodes: WeakRef<AudioWorkletNode>[] = [];
      const { signal } = new AbortController();
      // Functions of their own, because a local variable would keep the last node.
      const abortAfter = async (delayMs: number): Promise<void> => {
        const controller = new AbortController();
        const making = PlayerNode.create(context, { rateHz: 24000, signal: controller.signal });
        const abort = (): void => controller.abort(new Error("away"));
        if (delayMs < 0) abort();
        else setTimeout(abort, delayMs);
        const said = await errorOf(async () => {
          const player = await making;
          player.node.connect(context.destination);
          nodes.push(new WeakRef(player.node));
          player.push(tone(24000, 24000, 997, 0));
          const ended = await player.end();
          if (!ended && player.disposed) throw new Error("away");
        });
        settled.push(said);
      };
      // The signal lives on, and must not keep a player.
      const disposeSoon = async (i: number): Promise<void> => {
        const player = await PlayerNode.create(context, { rateHz: 24000, signal });
        player.node.connect(context.destination);
        player.push(tone(24000, 24000, 997, 0));
        const answer = i % 2 === 0 ? player.clear() : player.end();
        nodes.push(new WeakRef(player.node));
        player.dispose();
        await answer;
      };
      for (const delayMs of [-1, 0, 1, 2, 4, 8, 16, 32, 64, 128]) await abortAfter(delayMs);
      for (let i = 0; i < 20; i++) await disposeSoon(i);
      for (let i = 0; i < 40 && nodes.some((node) => node.deref()); i++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        window.gc();
      }
      const alive = nodes.flatMap((node, i) => (node.deref() ? [i] : []));
      await context.close();
      const { aborted } = signal;
      return { settled, count: nodes.length, alive, aborted };
    });
    expect(found.settled).toEqual(new Array(10).fill("Error: away"));
    expect(found.count).toBeGreaterThan(20);
    expect(found).toMatchObject({ alive: [], aborted: false });
  });
});

describe("createSpeechBuffer", () => {
  test("samples, of one channel or two", async () => {
    const made = await page.evaluate(async () => {
      const { createSpeechBuffer, loadAudio, tone, toneError } = window.playback;
      const audio = await loadAudio();
      const context = new OfflineAudioContext(1, 1, 48000);
      const mono = tone(24001, 24000, 997);
      const before = mono.slice();
      const one = await createSpeechBuffer(audio, context, { samples: mono, rateHz: 24000 });
      const two = await createSpeechBuffer(audio, context, {
        samples: [tone(22050, 22050, 500), tone(22050, 22050, 2000)],
        rateHz: 22050,
      });
      return {
        same: mono.every((sample, i) => sample === before[i]),
        used: audio.usedBytes,
        shapes: [one, two].map((b) => [b.numberOfChannels, b.length, b.sampleRate]),
        errors: [
          toneError(one.getChannelData(0), 48000, 997, 2000, 46000),
          toneError(two.getChannelData(0), 48000, 500, 2000, 46000),
          toneError(two.getChannelData(1), 48000, 2000, 2000, 46000),
        ],
      };
    });
    expect(made).toMatchObject({ same: true, used: 0 });
    expect(made.shapes).toEqual([
      [1, 48002, 48000],
      [2, 48000, 48000],
    ]);
    for (const error of made.errors) expect(error).toBeLessThan(TOLERANCE);
  });

  test("a WAV file and a FLAC file with the same samples", async () => {
    const samples = Int16Array.from({ length: 30000 }, (_, i) =>
      Math.round(16384 * Math.sin((2 * Math.PI * 997 * i) / 24000)),
    );
    // Of a writer that did not know the length.
    const header = Buffer.from(
      "52494646ffffffff57415645" +
        "666d742010000000" +
        "01000100c05d000080bb000002001000" +
        "64617461ffffffff",
      "hex",
    );
    const wav = [...header, ...new Uint8Array(samples.buffer)];
    const made = await page.evaluate(
      async (files) => {
        const { createSpeechBuffer, loadAudio, toneError } = window.playback;
        const audio = await loadAudio();
        const context = new OfflineAudioContext(1, 1, 48000);
        const made: object[] = [];
        for (const file of files) {
          const bytes = Uint8Array.from(file);
          const buffer = await createSpeechBuffer(audio, context, bytes.buffer);
          const again = await createSpeechBuffer(audio, context, new Blob([bytes]));
          const data = buffer.getChannelData(0);
          made.push({
            length: buffer.length,
            kept: bytes.length === file.length && bytes.every((byte, i) => byte === file[i]),
            equal: again.getChannelData(0).every((sample, i) => sample === data[i]),
            error: toneError(data, 48000, 997, 2000, 58000),
          });
        }
        return made as { error: number }[];
      },
      [wav, flacFile(samples, 24000)],
    );
    for (const one of made) {
      expect(one).toMatchObject({ length: 60000, kept: true, equal: true });
      expect(one.error).toBeLessThan(ROUNDING + TOLERANCE);
    }
  });

  test("a clip of unknown kind is the browser's to decode", async () => {
    const made = await page.evaluate(async () => {
      const { createSpeechBuffer, loadAudio, peak } = window.playback;
      // Opus in WebM, as MediaRecorder makes it.
      const live = new AudioContext({ sampleRate: 48000 });
      const oscillator = new OscillatorNode(live, { frequency: 997 });
      const target = live.createMediaStreamDestination();
      oscillator.connect(target);
      oscillator.start();
      const recorder = new MediaRecorder(target.stream, { mimeType: "audio/webm;codecs=opus" });
      const parts: Blob[] = [];
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.start();
      await new Promise((resolve) => setTimeout(resolve, 700));
      const stopped = new Promise((resolve) => {
        recorder.onstop = resolve;
      });
      recorder.stop();
      await stopped;
      await live.close();
      const audio = await loadAudio();
      const context = new OfflineAudioContext(1, 1, 48000);
      const buffer = await createSpeechBuffer(audio, context, new Blob(parts));
      const data = buffer.getChannelData(0);
      // Crossings of zero, upwards, tell the frequency.
      const middle = data.subarray(data.length >> 2, (3 * data.length) >> 2);
      let first = 0;
      let last = 0;
      let crossings = -1;
      for (let i = 1; i < middle.length; i++) {
        if (!((middle[i - 1] ?? 0) < 0 && (middle[i] ?? 0) >= 0)) continue;
        first ||= i;
        last = i;
        crossings++;
      }
      return {
        hz: (crossings * 48000) / (last - first),
        peak: peak(data, 0, data.length),
        seconds: buffer.duration,
      };
    });
    expect(made.seconds).toBeGreaterThan(0.4);
    expect(made.peak).toBeGreaterThan(0.5);
    expect(Math.abs(made.hz - 997)).toBeLessThan(5);
  });

  test("what cannot be a clip has a name, and leaves nothing behind", async () => {
    const found = await page.evaluate(async () => {
      const { createSpeechBuffer, loadAudio, errorOf, tone } = window.playback;
      const audio = await loadAudio();
      const context = new OfflineAudioContext(1, 1, 48000);
      const letters = (text: string): ArrayBuffer => new TextEncoder().encode(text).buffer;
      const errors: string[] = [];
      for (const clip of [
        new ArrayBuffer(0),
        letters("<!doctype html>"),
        letters("fLaC and so on"),
        letters("RIFF....WAVEand so on"),
        { samples: new Float32Array(), rateHz: 24000 },
        { samples: new Float32Array(9), rateHz: 1 },
        { samples: [new Float32Array(9), new Float32Array(8)], rateHz: 24000 },
        { samples: "", rateHz: 24000 },
        null,
        7,
      ])
        errors.push(await errorOf(() => createSpeechBuffer(audio, context, clip as ArrayBuffer)));
      const samples = tone(60 * 48000, 48000, 997);
      const controller = new AbortController();
      const making = createSpeechBuffer(
        audio,
        new OfflineAudioContext(1, 1, 44100),
        { samples, rateHz: 48000 },
        { mode: "ultra", signal: controller.signal },
      );
      setTimeout(() => controller.abort(new Error("away")), 0);
      errors.push(await errorOf(() => making));
      return { errors, used: audio.usedBytes };
    });
    expect(found.errors).toEqual([
      ...new Array(5).fill("CLIP"),
      ...new Array(5).fill("OPTION"),
      "Error: away",
    ]);
    expect(found.used).toBe(0);
  });

  test("a long clip lets the page have its turns", async () => {
    const { turns, length } = await page.evaluate(async () => {
      const { createSpeechBuffer, loadAudio } = window.playback;
      const audio = await loadAudio();
      const context = new OfflineAudioContext(1, 1, 48000);
      const samples = new Float32Array(120 * 24000);
      const turns: number[] = [];
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        turns.push(performance.now());
        port2.postMessage(null);
      };
      port2.postMessage(null);
      await new Promise((resolve) => setTimeout(resolve));
      const start = turns.length;
      const clip = { samples, rateHz: 24000 };
      const { length } = await createSpeechBuffer(audio, context, clip, { mode: "ultra" });
      await new Promise((resolve) => setTimeout(resolve));
      port1.close();
      return { turns: turns.length - start, length };
    });
    expect(length).toBe(120 * 48000);
    // 120 s by "ultra" take many times 10 ms: there were turns, however fast the machine is.
    expect(turns).toBeGreaterThan(2);
  });
});
