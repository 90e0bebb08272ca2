/** MicVAD with `model: "legacy"`: onnxruntime-web on the page, behind the same microphone. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RealTimeVADOptions } from "../../dist/vad-web/index.js";
import { openSite, type Site, until } from "./site.js";
import { sentence } from "./spoken-file.js";

interface LegacyHeard {
  names: string[];
  /** Of the first segment. */
  samples: number;
  frames: number;
  frameLengths: number[];
  configured: number;
}

declare global {
  interface Window {
    legacy: LegacyHeard;
  }
}

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

type Given = Pick<Partial<RealTimeVADOptions>, "processorType" | "redemptionMs">;

/** Starts a legacy MicVAD as `window.vad` that writes everything down. */
async function listen(page: Page, given: Given): Promise<void> {
  await page.evaluate(async (given) => {
    const legacy: LegacyHeard = {
      names: [],
      samples: 0,
      frames: 0,
      frameLengths: [],
      configured: 0,
    };
    window.legacy = legacy;
    const note = (name: string) => () => {
      legacy.names.push(name);
    };
    window.vad = await window.page.MicVAD.new({
      ...given,
      model: "legacy",
      ortConfig: (ort) => {
        legacy.configured++;
        ort.env.logLevel = "error";
      },
      onSpeechStart: note("start"),
      onSpeechRealStart: note("realstart"),
      onVADMisfire: note("misfire"),
      onSpeechEnd: (audio) => {
        note("end")();
        legacy.samples ||= audio.length;
      },
      onFrameProcessed: ({ isSpeech, notSpeech }, frame) => {
        legacy.frames++;
        legacy.frameLengths.push(frame.length);
        if (!(isSpeech >= 0 && isSpeech <= 1 && Math.abs(isSpeech + notSpeech - 1) < 1e-9))
          throw new Error("not probabilities");
      },
    });
  }, given);
}

test.each(["AudioWorklet", "ScriptProcessor"] as const)(
  "%s: a sentence is heard from its start to its end, and everything is given back",
  async (processorType) => {
    const page = await site.open("index.html");
    await listen(page, { processorType });
    expect(await page.evaluate(() => window.vad?.listening)).toBe(true);
    await until(page, () => window.legacy.names.includes("end"), 30_000);
    const heard = await page.evaluate(() => window.legacy);
    const first = heard.names.indexOf("realstart");
    expect(heard.names[first - 1]).toBe("start");
    expect(heard.names[first + 1]).toBe("end");
    expect(heard.configured).toBe(1);
    expect(new Set(heard.frameLengths)).toEqual(new Set([1536]));
    // 768 ms of pad, the sentence or its rest, 1344 ms of redemption.
    expect(heard.samples % 1536).toBe(0);
    expect(heard.samples / 16000).toBeGreaterThan(3);
    expect(heard.samples / 16000).toBeLessThan(sentence().length / 16000 + 3.5);

    await page.evaluate(() => window.vad?.destroy());
    expect(await page.evaluate(() => window.census.liveTracks())).toBe(0);
    expect(await page.evaluate(() => window.census.openContexts())).toBe(0);
    const frames = await page.evaluate(() => window.legacy.frames);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.legacy.frames)).toBe(frames);
    await page.close();
  },
);

test("pause, start, submitUserSpeechOnPause, and lives one after the other", async () => {
  const page = await site.open("index.html");
  await listen(page, {});
  await page.evaluate(() => window.vad?.setOptions({ submitUserSpeechOnPause: true }));
  await until(page, () => window.legacy.names.includes("realstart"), 30_000);
  const names = await page.evaluate(async () => {
    await window.vad?.pause();
    return window.legacy.names.slice();
  });
  // The promise comes after the event.
  expect(names.at(-1)).toBe("end");
  expect(await page.evaluate(() => window.census.liveTracks())).toBe(0);
  const before = await page.evaluate(() => window.legacy.frames);
  await page.evaluate(() => window.vad?.start());
  await until(page, () => window.legacy.frames > 0);
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => window.legacy.frames)).toBeGreaterThan(before);
  await page.evaluate(() => window.vad?.destroy());
  for (let life = 0; life < 3; life++) {
    await listen(page, {});
    // Also while the model is being opened.
    await page.evaluate(() => window.vad?.destroy());
  }
  expect(await page.evaluate(() => window.census.liveTracks())).toBe(0);
  expect(await page.evaluate(() => window.census.openContexts())).toBe(0);
  await page.close();
});

test("AudioNodeVAD hears a node of the application's graph", async () => {
  const page = await site.open("index.html");
  const heard = await page.evaluate(
    async (speech) => {
      const context = new AudioContext();
      const buffer = context.createBuffer(1, speech.length, 16000);
      buffer.copyToChannel(Float32Array.from(speech), 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      const names: string[] = [];
      const note = (name: string) => () => {
        names.push(name);
      };
      const vad = await window.page.AudioNodeVAD.new(context, {
        model: "legacy",
        redemptionFrames: 10,
        submitUserSpeechOnPause: true,
        onSpeechStart: note("start"),
        onSpeechRealStart: note("realstart"),
        onSpeechEnd: note("end"),
      });
      vad.receive(source);
      vad.start();
      const ended = new Promise((resolve) => {
        source.onended = resolve;
      });
      source.start();
      await ended;
      await vad.pause();
      vad.destroy();
      return { names, redemptionMs: vad.options.redemptionMs, state: context.state };
    },
    [...sentence()],
  );
  expect(heard.names.slice(0, 3)).toEqual(["start", "realstart", "end"]);
  expect(heard).toMatchObject({ redemptionMs: 960, state: "running" });
  await page.close();
});

test("useMicVAD listens with it, and turns the microphone off when unmounted", async () => {
  const page = await site.open("react.html");
  await page.evaluate(() => window.probe.render({ model: "legacy", minSpeechFrames: 2 }));
  await until(page, () => window.probe.state?.listening === true, 30_000);
  expect(await page.evaluate(() => window.probe.state?.errored)).toBe(false);
  await until(page, () => window.probe.speaking.includes(true), 20_000);
  await page.evaluate(() => window.probe.unmount());
  await until(page, () => window.census.liveTracks() + window.census.openContexts() === 0, 5000);
  await page.close();
});

test("a page that does not ask for legacy loads nothing of it", async () => {
  const page = await site.open("index.html");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.evaluate(async () => {
    window.vad = await window.page.MicVAD.new({ startOnLoad: false });
    await window.vad.destroy();
  });
  expect(asked.filter((url) => /onnx|ort[/-]/.test(url))).toEqual([]);
  const made = page.evaluate(() =>
    window.page.MicVAD.new({ startOnLoad: false, model: "legacy", baseAssetPath: "/nowhere/" }),
  );
  await expect(made).rejects.toThrow(/Silero legacy/);
  expect(asked.filter((url) => url.endsWith("/nowhere/silero_vad_legacy.onnx"))).toHaveLength(1);
  await page.close();
});
