/** useMicVAD in React 19 under StrictMode, which runs every effect twice. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openSite, type Site, until } from "./site.js";

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  page = await site.open("react.html");
});
afterEach(() => page.close());

const listening = (): Promise<void> => until(page, () => window.probe.state?.listening === true);
const nothingOpen = (): Promise<void> =>
  until(page, () => window.census.liveTracks() + window.census.openContexts() === 0, 2000);
const census = (): Promise<object> =>
  page.evaluate(() => ({
    asked: window.census.asked,
    live: window.census.liveTracks(),
    open: window.census.openContexts(),
  }));

test("one microphone while mounted, none afterwards", async () => {
  const first = await page.evaluate(async () => {
    window.probe.render();
    while (!window.probe.state) await new Promise((resolve) => setTimeout(resolve, 0));
    return { ...window.probe.state };
  });
  expect(first).toMatchObject({ listening: false, loading: true, errored: false });
  await listening();
  expect(await census()).toEqual({ asked: 1, live: 1, open: 1 });
  expect(await page.evaluate(() => window.probe.state?.loading)).toBe(false);
  await page.evaluate(() => window.probe.unmount());
  await nothingOpen();
});

test("unmounted at any time during the load", async () => {
  for (const delayMs of [0, 5, 10, 20, 30, 40, 60, 80, 120, 200]) {
    await page.evaluate(async (delayMs) => {
      window.probe.render();
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      window.probe.unmount();
    }, delayMs);
    await page.waitForTimeout(150);
    await nothingOpen();
  }
});

test("pause, start and toggle; the functions stay the same", async () => {
  await page.evaluate(() => window.probe.render());
  await listening();
  const seen = await page.evaluate(async () => {
    const { probe } = window;
    const seen: unknown[] = [];
    const functions = [probe.state?.pause, probe.state?.start, probe.state?.toggle];
    const note = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      seen.push([probe.state?.listening, window.census.liveTracks()]);
    };
    await probe.state?.pause();
    await note();
    await probe.state?.start();
    await note();
    await probe.state?.toggle();
    await note();
    await probe.state?.toggle();
    await note();
    const now = [probe.state?.pause, probe.state?.start, probe.state?.toggle];
    seen.push(functions.every((one, i) => one === now[i]));
    return seen;
  });
  expect(seen).toEqual([[false, 0], [true, 1], [false, 0], [true, 1], true]);
});

test("startOnLoad: false loads and waits for start", async () => {
  await page.evaluate(() => window.probe.render({ startOnLoad: false }));
  await until(page, () => window.probe.state?.loading === false);
  expect(await census()).toEqual({ asked: 0, live: 0, open: 0 });
  await page.evaluate(() => window.probe.state?.start());
  await listening();
});

test("userSpeaking follows the voice, the latest callbacks are called, and few renders happen", async () => {
  await page.evaluate(() => {
    const { probe } = window;
    probe.render({ onSpeechStart: () => void probe.events.push("old") });
  });
  await listening();
  await page.evaluate(() => {
    const { probe } = window;
    probe.render({
      onSpeechStart: () => void probe.events.push("start"),
      onSpeechEnd: (audio) => void probe.events.push(`end ${audio.length > 16000}`),
    });
  });
  await until(page, () => window.probe.events.includes("end true"), 30_000);
  const { events, speaking, renders, messages } = await page.evaluate(() => ({
    events: window.probe.events,
    speaking: window.probe.speaking,
    renders: window.probe.renders,
    messages: window.census.messages,
  }));
  expect(events).not.toContain("old");
  expect(speaking.slice(0, 3)).toEqual([false, true, false]);
  // StrictMode renders twice: two of ours, loading and listening, and one for every change of voice.
  expect(renders).toBeLessThanOrEqual(2 * (4 + speaking.length));
  // 31 frames a second for 8 s would be 250.
  expect(messages).toBeLessThan(100);
  expect(await census()).toEqual({ asked: 1, live: 1, open: 1 });
});

test("settings change without a new VAD; wrong ones are told and change nothing", async () => {
  await page.evaluate(() => window.probe.render({ positiveSpeechThreshold: 1 }));
  await listening();
  const options = {
    positiveSpeechThreshold: 0.5,
    redemptionMs: 200,
    submitUserSpeechOnPause: true,
  };
  await page.evaluate((options) => {
    const { probe } = window;
    probe.render({ ...options, onSpeechEnd: () => void probe.events.push("end") });
  }, options);
  // With a threshold of 1 nothing would ever be heard.
  await until(page, () => window.probe.events.includes("end"), 30_000);
  await page.evaluate(() => window.probe.render({ redemptionMs: -5 }));
  await until(page, () => window.probe.state?.errored !== false);
  expect(await page.evaluate(() => window.probe.state?.errored)).toContain("redemptionMs is -5");
  expect(await page.evaluate(() => window.probe.state?.listening)).toBe(true);
  await page.evaluate(() => window.probe.render({}));
  await until(page, () => window.probe.state?.errored === false);
  expect(await census()).toEqual({ asked: 1, live: 1, open: 1 });
});

test("settings that are wrong from the start open nothing until they are right", async () => {
  await page.evaluate(() => window.probe.render({ userSpeakingThreshold: 7 }));
  await until(page, () => window.probe.state?.errored !== false);
  const { errored, loading } = await page.evaluate(() => ({ ...window.probe.state }));
  expect(errored).toContain("userSpeakingThreshold is 7");
  expect(loading).toBe(false);
  await page.evaluate(() => window.probe.render({ userSpeakingThreshold: 0.7 }));
  await listening();
  expect(await census()).toEqual({ asked: 1, live: 1, open: 1 });
});

test("another model or streamKey makes a new VAD, a new getStream alone does not", async () => {
  await page.evaluate(() =>
    window.probe.render({ getStream: () => navigator.mediaDevices.getUserMedia({ audio: true }) }),
  );
  await listening();
  await page.evaluate(async () => {
    for (let i = 0; i < 5; i++) {
      window.probe.render({
        getStream: () => {
          window.probe.events.push("newest");
          return navigator.mediaDevices.getUserMedia({ audio: true });
        },
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  expect(await census()).toEqual({ asked: 1, live: 1, open: 1 });
  for (const options of [{ streamKey: "b" }, { streamKey: "b", model: "v5" as const }]) {
    const asked = await page.evaluate(() => window.census.asked);
    await page.evaluate((options) => {
      window.probe.render({
        ...options,
        getStream: () => {
          window.probe.events.push(`${options.streamKey} ${"model" in options}`);
          return navigator.mediaDevices.getUserMedia({ audio: true });
        },
      });
    }, options);
    const reopened = { asked: asked + 1, live: 1, open: 1 };
    await expect.poll(census, { timeout: 5000 }).toEqual(reopened);
    await page.waitForTimeout(200);
    expect(await census()).toEqual(reopened);
    await listening();
  }
  expect(await page.evaluate(() => window.probe.events)).toEqual(["b false", "b true"]);
});

test("a microphone that fails is told, and start tries again", async () => {
  await page.evaluate(() => {
    let calls = 0;
    window.probe.render({
      getStream: async () => {
        if (calls++ === 0) throw new Error("no device");
        return navigator.mediaDevices.getUserMedia({ audio: true });
      },
    });
  });
  await until(page, () => window.probe.state?.errored !== false);
  expect(await page.evaluate(() => ({ ...window.probe.state }))).toMatchObject({
    errored: "no device",
    loading: false,
    listening: false,
  });
  await page.evaluate(() => window.probe.state?.start());
  await listening();
  expect(await page.evaluate(() => window.probe.state?.errored)).toBe(false);
  // The device disappears; the event is dispatched by hand.
  await page.evaluate(() => window.census.tracks[0]?.dispatchEvent(new Event("ended")));
  await until(page, () => window.probe.state?.listening === false);
  expect(await page.evaluate(() => window.probe.state?.errored)).toMatch(/is gone/);
  await nothingOpen();
});

test("onFrameProcessed may come and go", async () => {
  await page.evaluate(() => window.probe.render());
  await listening();
  await page.evaluate(() =>
    window.probe.render({ onFrameProcessed: () => void window.probe.events.push("frame") }),
  );
  await until(page, () => window.probe.events.length > 10);
  await page.evaluate(() => window.probe.render());
  await page.waitForTimeout(200);
  const count = await page.evaluate(() => window.census.messages);
  await page.waitForTimeout(500);
  expect((await page.evaluate(() => window.census.messages)) - count).toBeLessThan(8);
  expect(await census()).toEqual({ asked: 1, live: 1, open: 1 });
});
