/** Whatever happens when: after pause and destroy no microphone is on and no own context open. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openSite, type Site, until } from "./site.js";

let site: Site;
let page: Page;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(async () => {
  page = await site.open("index.html");
});
afterEach(() => page.close());

const counts = (): Promise<{ asked: number; live: number; open: number }> =>
  page.evaluate(() => ({
    asked: window.census.asked,
    live: window.census.liveTracks(),
    open: window.census.openContexts(),
  }));

const PROCESSORS = ["AudioWorklet", "ScriptProcessor"] as const;

describe.each(PROCESSORS)("%s", (processorType) => {
  test("start, pause, start, destroy", async () => {
    const states = await page.evaluate(async (processorType) => {
      const { census } = window;
      const states: object[] = [];
      const resumed: boolean[] = [];
      const given: MediaStream[] = [];
      const getStream = (): Promise<MediaStream> =>
        navigator.mediaDevices.getUserMedia({ audio: true });
      const vad = await window.page.MicVAD.new({
        processorType,
        startOnLoad: false,
        getStream: async () => {
          const stream = await getStream();
          given.push(stream);
          return stream;
        },
        resumeStream: (stream) => {
          resumed.push(stream === given[0]);
          return getStream();
        },
      });
      const note = (): unknown =>
        states.push({
          listening: vad.listening,
          errored: vad.errored,
          live: census.liveTracks(),
          open: census.openContexts(),
        });
      note();
      await vad.start();
      note();
      await vad.start();
      note();
      await vad.pause();
      note();
      await vad.start();
      note();
      await vad.destroy();
      note();
      return { states, resumed, asked: census.asked };
    }, processorType);
    const state = (listening: boolean, open: number): object => ({
      listening,
      errored: null,
      live: listening ? 1 : 0,
      open,
    });
    expect(states).toEqual({
      states: [
        state(false, 0),
        state(true, 1),
        state(true, 1),
        state(false, 1),
        state(true, 1),
        state(false, 0),
      ],
      resumed: [true],
      asked: 2,
    });
  });

  test("concurrent starts are one start", async () => {
    const asked = await page.evaluate(async (processorType) => {
      const vad = await window.page.MicVAD.new({ processorType, startOnLoad: false });
      await Promise.all([vad.start(), vad.start(), vad.start()]);
      const live = window.census.liveTracks();
      await vad.destroy();
      return { live, asked: window.census.asked };
    }, processorType);
    expect(asked).toEqual({ live: 1, asked: 1 });
    expect(await counts()).toEqual({ asked: 1, live: 0, open: 0 });
  });

  // From before the first await to long after the start.
  test.each(["pause", "destroy"] as const)("%s at any time during a start", async (how) => {
    const found = await page.evaluate(
      async ({ processorType, how }) => {
        const found: object[] = [];
        for (const delayMs of [-1, 0, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 150]) {
          const vad = await window.page.MicVAD.new({ processorType, startOnLoad: false });
          const starting = vad.start();
          if (delayMs >= 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
          await vad[how]();
          const live = window.census.liveTracks();
          const { listening, errored } = vad;
          await starting;
          await vad.destroy();
          // A stream that was under way arrives after the promise, and is stopped on arrival.
          await new Promise((resolve) => setTimeout(resolve, delayMs < 20 ? 200 : 0));
          found.push({
            ...{ listening, errored, later: window.census.liveTracks() },
            ...{ live, open: window.census.openContexts() },
          });
        }
        return found;
      },
      { processorType, how },
    );
    for (const one of found)
      expect(one).toEqual({ listening: false, errored: null, later: 0, live: 0, open: 0 });
  });

  test("random sequences of start and pause end as the last call says", async () => {
    const wrong = await page.evaluate(async (processorType) => {
      let seed = 12345;
      const random = (below: number): number => {
        seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
        return (seed >>> 16) % below;
      };
      const wrong: string[] = [];
      for (let round = 0; round < 25; round++) {
        const vad = await window.page.MicVAD.new({ processorType, startOnLoad: false });
        const script: string[] = [];
        const all: Promise<void>[] = [];
        const length = 2 + random(6);
        for (let i = 0; i < length; i++) {
          const call = random(2) ? ("start" as const) : ("pause" as const);
          script.push(call);
          all.push(vad[call]());
          const wait = random(4);
          if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * wait * 5));
        }
        await Promise.all(all);
        const started = script.at(-1) === "start";
        if (vad.listening !== started || window.census.liveTracks() !== (started ? 1 : 0))
          wrong.push(`${script}: ${vad.listening}, ${window.census.liveTracks()} tracks`);
        await vad.destroy();
        if (window.census.liveTracks() + window.census.openContexts() > 0)
          wrong.push(`${script}: something is left after destroy`);
      }
      return wrong;
    }, processorType);
    expect(wrong).toEqual([]);
  });

  test("a context closed by someone else", async () => {
    const result = await page.evaluate(async (processorType) => {
      const { census } = window;
      const errors: string[] = [];
      const vad = await window.page.MicVAD.new({
        processorType,
        onError: ({ code }) => {
          errors.push(`${code}, ${census.liveTracks()} live, listening ${vad.listening}`);
        },
      });
      await census.contexts[0]?.close();
      await new Promise((resolve) => setTimeout(resolve, 200));
      const { errored } = vad;
      await vad.start();
      const again = { listening: vad.listening, errored: vad.errored, live: census.liveTracks() };
      await vad.destroy();
      return { errors, errored, again };
    }, processorType);
    expect(result).toEqual({
      errors: ["CONTEXT_UNUSABLE, 0 live, listening false"],
      errored: "the AudioContext was closed",
      again: { listening: true, errored: null, live: 1 },
    });
    expect(await counts()).toEqual({ asked: 2, live: 0, open: 0 });
  });
});

test("destroy while the permission prompt is open: the late stream is stopped", async () => {
  await page.evaluate(async () => {
    let answer = (): void => {};
    window.census.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const vad = await window.page.MicVAD.new({ startOnLoad: false });
    const starting = vad.start();
    await new Promise((resolve) => setTimeout(resolve, 100));
    // Neither waits for the answer.
    await vad.destroy();
    await starting;
    if (vad.listening) throw new Error("listening");
    answer();
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  expect(await counts()).toEqual({ asked: 1, live: 0, open: 0 });
});

test("an aborted signal ends new() and leaves nothing", async () => {
  const reasons = await page.evaluate(async () => {
    const reasons: unknown[] = [];
    for (const delayMs of [0, 5, 10, 20, 30, 40, 60, 80, 120]) {
      const control = new AbortController();
      const making = window.page.MicVAD.new({ signal: control.signal });
      setTimeout(() => control.abort(`after ${delayMs} ms`), delayMs);
      reasons.push(
        await making.then(
          (vad) => vad.listening,
          (reason: unknown) => reason,
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (window.census.liveTracks() + window.census.openContexts() > 0)
        throw new Error(`left after ${delayMs} ms`);
    }
    return reasons;
  });
  expect(reasons[0]).toBe("after 0 ms");
  for (const reason of reasons)
    expect([true, expect.stringMatching(/^after/)]).toContainEqual(reason);
});

test("a failing getStream and a failing resumeStream", async () => {
  const seen = await page.evaluate(async () => {
    const seen: unknown[] = [];
    let fails = true;
    const vad = await window.page.MicVAD.new({
      startOnLoad: false,
      getStream: async () => {
        if (fails) throw new DOMException("no", "NotFoundError");
        return navigator.mediaDevices.getUserMedia({ audio: true });
      },
      resumeStream: async () => {
        throw new Error("gone");
      },
    });
    const failure = (error: Error): string => error.name;
    const note = (): unknown =>
      seen.push([
        vad.errored,
        vad.listening,
        window.census.liveTracks(),
        window.census.openContexts(),
      ]);
    seen.push(await vad.start().catch(failure));
    note();
    fails = false;
    await vad.start();
    note();
    await vad.pause();
    seen.push(await vad.start().catch(failure));
    note();
    await vad.start();
    note();
    await vad.destroy();
    note();
    return seen;
  });
  expect(seen).toEqual([
    "NotFoundError",
    ["no", false, 0, 0],
    [null, true, 1, 1],
    "Error",
    ["gone", false, 0, 0],
    [null, true, 1, 1],
    [null, false, 0, 0],
  ]);
});

test("a failing pauseStream still turns the microphone off", async () => {
  const failure = await page.evaluate(async () => {
    const vad = await window.page.MicVAD.new({
      pauseStream: async () => {
        throw new Error("will not");
      },
    });
    const paused = await vad.pause().catch((error: Error) => error.message);
    const live = window.census.liveTracks();
    await vad.destroy();
    return { paused, live };
  });
  expect(failure).toEqual({ paused: "will not", live: 0 });
  expect(await counts()).toEqual({ asked: 1, live: 0, open: 0 });
});

test("a stream without a live track is a named error", async () => {
  const codes = await page.evaluate(async () => {
    const dead = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of dead.getTracks()) track.stop();
    const codes: unknown[] = [];
    for (const stream of [dead, new MediaStream()])
      codes.push(
        await window.page.MicVAD.new({ stream }).catch((error: { code: string }) => error.code),
      );
    return codes;
  });
  expect(codes).toEqual(["MICROPHONE", "MICROPHONE"]);
  expect((await counts()).open).toBe(0);
});

test("0.0.24's stream is used and never stopped", async () => {
  const live = await page.evaluate(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const vad = await window.page.MicVAD.new({ stream });
    const live = [window.census.liveTracks()];
    // As 0.0.24's callers have it: nothing awaited.
    void vad.pause();
    void vad.start();
    void vad.pause();
    void vad.start();
    await vad.start();
    live.push(window.census.liveTracks(), Number(vad.listening));
    await vad.destroy();
    live.push(window.census.liveTracks(), Number(vad.listening));
    for (const track of stream.getTracks()) track.stop();
    return live;
  });
  expect(live).toEqual([1, 1, 1, 1, 0]);
  expect(await counts()).toEqual({ asked: 1, live: 0, open: 0 });
});

test("additionalAudioConstraints reach getUserMedia, beside the usual ones", async () => {
  const asked = await page.evaluate(async () => {
    const asked: unknown[] = [];
    const { mediaDevices } = navigator;
    const original = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (constraints) => {
      asked.push(constraints);
      return original(constraints);
    };
    const vad = await window.page.MicVAD.new({ additionalAudioConstraints: { groupId: "g" } });
    await vad.pause();
    await vad.start();
    await vad.destroy();
    const plain = await window.page.MicVAD.new();
    await plain.destroy();
    return asked;
  });
  const usual = {
    channelCount: 1,
    echoCancellation: true,
    autoGainControl: true,
    noiseSuppression: true,
  };
  expect(asked).toEqual([
    { audio: { groupId: "g", ...usual } },
    { audio: { groupId: "g", ...usual } },
    { audio: usual },
  ]);
});

describe("an application's own AudioContext", () => {
  test("is resumed when suspended, and never closed", async () => {
    const states = await page.evaluate(async () => {
      const audioContext = new AudioContext();
      await audioContext.suspend();
      const states: string[] = [audioContext.state];
      const vad = await window.page.MicVAD.new({ audioContext });
      for (let i = 0; i < 50 && audioContext.state !== "running"; i++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      states.push(audioContext.state);
      await vad.pause();
      states.push(audioContext.state);
      await vad.destroy();
      states.push(audioContext.state);
      return states;
    });
    expect(states).toEqual(["suspended", "running", "running", "running"]);
    expect(await counts()).toEqual({ asked: 1, live: 0, open: 1 });
  });

  test("can be suspended at a pause", async () => {
    await page.evaluate(async () => {
      const audioContext = new AudioContext();
      const vad = await window.page.MicVAD.new({ audioContext, submitUserSpeechOnPause: true });
      await audioContext.suspend();
      await vad.pause();
      await vad.destroy();
      if (audioContext.state !== "suspended") throw new Error(audioContext.state);
      await audioContext.close();
    });
    expect(await counts()).toEqual({ asked: 1, live: 0, open: 0 });
  });

  test("serves several VADs", async () => {
    const live = await page.evaluate(async () => {
      const audioContext = new AudioContext();
      const make = (): ReturnType<typeof window.page.MicVAD.new> =>
        window.page.MicVAD.new({ audioContext });
      const [a, b] = await Promise.all([make(), make()]);
      const live = [window.census.liveTracks()];
      await a.destroy();
      live.push(window.census.liveTracks(), Number(b.listening));
      await b.destroy();
      return live;
    });
    expect(live).toEqual([2, 1, 1]);
    expect(await counts()).toEqual({ asked: 2, live: 0, open: 1 });
  });

  test("when closed, a start says so and leaves nothing", async () => {
    const found = await page.evaluate(async () => {
      const audioContext = new AudioContext();
      await audioContext.close();
      return window.page.MicVAD.new({ audioContext }).catch(
        (error: { code: string }) => error.code,
      );
    });
    expect(found).toBe("CONTEXT_UNUSABLE");
    expect((await counts()).live).toBe(0);
  });

  test("closed or suspended in mid-pause", async () => {
    const found = await page.evaluate(async () => {
      const found: unknown[] = [];
      for (const how of ["close", "suspend"] as const)
        for (const delayMs of [0, 1, 2, 5]) {
          const audioContext = new AudioContext();
          const submitUserSpeechOnPause = delayMs % 2 === 0;
          const vad = await window.page.MicVAD.new({ audioContext, submitUserSpeechOnPause });
          const paused = vad.pause();
          setTimeout(() => audioContext[how](), delayMs);
          await paused;
          found.push(window.census.liveTracks());
          await vad.destroy();
        }
      return found;
    });
    expect(found).toEqual(Array(8).fill(0));
  });

  test("closed in mid-start", async () => {
    const found = await page.evaluate(async () => {
      const found: unknown[] = [];
      for (const delayMs of [0, 5, 10, 15, 20, 30, 50]) {
        const audioContext = new AudioContext();
        const vad = await window.page.MicVAD.new({ audioContext, startOnLoad: false });
        const starting = vad.start().then(
          () => "started",
          (error: { code: string }) => error.code,
        );
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await audioContext.close();
        found.push(await starting);
        await new Promise((resolve) => setTimeout(resolve, 100));
        found.push(vad.listening, window.census.liveTracks());
        await vad.destroy();
      }
      return found;
    });
    for (let i = 0; i < found.length; i += 3) {
      expect(["CONTEXT_UNUSABLE", "started", "WORKLET_FAILED"]).toContain(found[i]);
      expect(found.slice(i + 1, i + 3)).toEqual([false, 0]);
    }
  });
});

test("a device that disappears", async () => {
  // track.stop() fires no event, and nothing unplugs a fake device: the event is dispatched by hand.
  const result = await page.evaluate(async () => {
    const { census } = window;
    const errors: string[] = [];
    const voice: boolean[] = [];
    const vad = await window.page.MicVAD.new({
      onError: ({ code, message }) => {
        errors.push(`${code}: ${message}, ${census.liveTracks()} live`);
      },
      onVoiceChange: (active) => {
        voice.push(active);
      },
    });
    for (let i = 0; i < 400 && !voice.at(-1); i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    census.tracks[0]?.dispatchEvent(new Event("ended"));
    const { listening } = vad;
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { errored } = vad;
    const open = census.openContexts();
    await vad.start();
    const again = [vad.listening, vad.errored, census.liveTracks()];
    await vad.destroy();
    return { errors, listening, errored, open, again, voice: voice.slice(0, 2) };
  });
  expect(result).toMatchObject({ listening: false, open: 0, again: [true, null, 1] });
  expect(result.errors).toHaveLength(1);
  expect(result.errors[0]).toMatch(/^MICROPHONE: .* is gone, 0 live$/);
  expect(result.errored).toMatch(/ is gone$/);
  expect(result.voice).toEqual([true, false]);
  expect(await counts()).toEqual({ asked: 2, live: 0, open: 0 });
});

test("an ended track of a generator is a device that disappeared", async () => {
  const code = await page.evaluate(async () => {
    // Its writer's end ends the track, with a real event.
    type Generator = MediaStreamTrack & { readonly writable: WritableStream };
    const { MediaStreamTrackGenerator } = window as unknown as {
      MediaStreamTrackGenerator: new (options: { kind: "audio" }) => Generator;
    };
    const track = new MediaStreamTrackGenerator({ kind: "audio" });
    const failed = new Promise<string>((resolve) => {
      void window.page.MicVAD.new({
        stream: new MediaStream([track]),
        onError: ({ code }) => resolve(code),
      }).then(() => track.writable.close());
    });
    return Promise.race([
      failed,
      new Promise<string>((resolve) => setTimeout(() => resolve("nothing happened"), 3000)),
    ]);
  });
  expect(code).toBe("MICROPHONE");
  expect((await counts()).open).toBe(0);
});

test("many cycles leave nothing", async () => {
  await page.evaluate(async () => {
    for (let i = 0; i < 10; i++) await (await window.page.MicVAD.new()).destroy();
  });
  expect(await counts()).toEqual({ asked: 10, live: 0, open: 0 });
});

test("a denied microphone", async () => {
  const strict = await openSite({ allowed: false });
  const denied = await strict.open("index.html");
  const result = await denied.evaluate(async () => {
    const refused = await window.page.MicVAD.new().catch((error: Error) => error.name);
    const vad = await window.page.MicVAD.new({ startOnLoad: false });
    const again = await vad.start().catch((error: Error) => error.name);
    const { errored, listening } = vad;
    await vad.destroy();
    return { refused, again, errored: typeof errored, listening };
  });
  expect(result).toEqual({
    refused: "NotAllowedError",
    again: "NotAllowedError",
    errored: "string",
    listening: false,
  });
  await until(denied, () => window.census.openContexts() + window.census.liveTracks() === 0);
  await strict.close();
});
