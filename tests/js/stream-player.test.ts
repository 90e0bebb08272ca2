/** Speech that arrives while it plays, without an audio thread: blocks in, quanta out. */
import { build } from "esbuild";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadAudio } from "../../dist/index.js";
import { Playhead } from "../../js-glue/src/playback/playhead.js";
import { SampleRing } from "../../js-glue/src/playback/sample-ring.js";
import {
  StreamPlayer,
  type StreamPlayerOptions,
} from "../../js-glue/src/playback/stream-player.js";
import { Resampler } from "../../js-glue/src/resampler.js";
import { AudioModule } from "../../js-glue/src/wasm.js";

const { module } = await loadAudio();
const QUANTUM = 128;

const tone = (count: number, rateHz: number, hz = 997): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rateHz));

const OPTIONS: StreamPlayerOptions = {
  clipRateHz: 24000,
  rateHz: 48000,
  channels: 1,
  mode: "balanced",
  adjustable: false,
  bufferFrames: 24000,
  prebufferFrames: 0,
};

/** A player whose quanta are kept: `all` has everything that came out, `heard` what was speech. */
class Listener {
  readonly audio = new AudioModule(module);
  readonly player: StreamPlayer;
  readonly all: number[] = [];
  readonly heard: number[][];
  readonly #quantum: Float32Array[];

  constructor(options: Partial<StreamPlayerOptions> = {}) {
    const { channels } = { ...OPTIONS, ...options };
    this.player = new StreamPlayer(this.audio, { ...OPTIONS, ...options });
    this.heard = Array.from({ length: channels }, () => []);
    this.#quantum = Array.from({ length: channels }, () => new Float32Array(QUANTUM));
  }

  write(...planes: Float32Array[]): void {
    this.player.write(planes, planes[0]?.length ?? 0);
  }

  play(quanta: number): void {
    for (let i = 0; i < quanta; i++) {
      // The last quantum's content must not be heard again.
      for (const plane of this.#quantum) plane.fill(9);
      const frames = this.player.play(this.#quantum);
      this.#quantum.forEach((plane, channel) => {
        this.heard[channel]?.push(...plane.subarray(0, frames));
        expect(plane.subarray(frames).every((sample) => sample === 0)).toBe(true);
      });
      this.all.push(...(this.#quantum[0] ?? []));
    }
  }

  playToEnd(): void {
    this.player.end();
    for (let i = 0; this.player.state !== "drained"; i++) {
      if (i > 100_000) throw new Error("never drained");
      this.play(1);
    }
  }
}

const code = (code: string): unknown =>
  expect.objectContaining({ name: "VoicepathError", code: code });

describe("what is heard", () => {
  test("a tone, at once and without a gap", () => {
    const listener = new Listener();
    listener.write(tone(24000, 24000));
    listener.play(1);
    expect(listener.player.state).toBe("playing");
    listener.playToEnd();
    const [heard = []] = listener.heard;
    expect(heard.length).toBe(48000);
    // Away from the ends, where the tone begins and stops; 2e-4 is "balanced"'s ripple.
    for (let i = 500; i < 47500; i++) {
      const ideal = Math.sin((2 * Math.PI * 997 * i) / 48000);
      if (Math.abs((heard[i] ?? 0) - ideal) > 2e-4) expect.fail(`at ${i}`);
    }
    expect(listener.all.slice(0, 48000)).toEqual(heard);
  });

  test("the same samples, however they arrive and whenever the player runs dry", () => {
    const rates = fc.constantFrom(8000, 16000, 22050, 24000, 44100, 48000);
    const step = fc.oneof(
      fc.record({ write: fc.integer({ min: 0, max: 3000 }) }),
      fc.record({ play: fc.integer({ min: 1, max: 40 }) }),
    );
    fc.assert(
      fc.property(
        rates,
        rates,
        fc.constantFrom("balanced", "best", "lowlatency"),
        fc.integer({ min: 1, max: 2 }),
        fc.nat({ max: 2000 }),
        fc.array(step, { maxLength: 20 }),
        (clipRateHz, rateHz, mode, channels, prebufferFrames, steps) => {
          const options = { clipRateHz, rateHz, mode, channels, prebufferFrames };
          const listener = new Listener({ ...options, bufferFrames: 60_000 });
          const written = steps.reduce((sum, s) => sum + ("write" in s ? s.write : 0), 0);
          const clip = Array.from({ length: channels }, (_, c) =>
            tone(written, clipRateHz, 300 + 200 * c),
          );
          let at = 0;
          for (const s of steps) {
            if ("play" in s) {
              listener.play(s.play);
            } else {
              listener.write(...clip.map((plane) => plane.subarray(at, at + s.write)));
              at += s.write;
            }
          }
          listener.playToEnd();
          const whole = Resampler.create<Float32Array[]>(listener.audio, {
            inputRateHz: clipRateHz,
            outputRateHz: rateHz,
            mode,
            channels,
          });
          expect(listener.heard).toEqual(whole.convert(clip).map((plane) => [...plane]));
          whole.dispose();
          expect(listener.player.heardFrames).toBe(written);
          listener.player.dispose();
          expect(listener.audio.usedBytes).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("nothing before there is enough, then all of it", () => {
    const listener = new Listener({ prebufferFrames: 2400 });
    listener.write(tone(2399, 24000));
    listener.play(10);
    expect(listener.player.state).toBe("waiting");
    expect(listener.heard).toEqual([[]]);
    listener.write(tone(1, 24000));
    listener.play(1);
    expect(listener.player.state).toBe("playing");
    expect(listener.heard[0]?.length).toBe(QUANTUM);
  });

  test("an end without speech, and clips shorter than a quantum", () => {
    const listener = new Listener();
    listener.playToEnd();
    expect(listener.all.every((sample) => sample === 0)).toBe(true);
    for (let clip = 1; clip < 5; clip++) {
      listener.write(tone(clip, 24000));
      listener.playToEnd();
      expect(listener.player.heardFrames).toBe(clip);
    }
    expect(listener.heard[0]?.length).toBe(2 * (1 + 2 + 3 + 4));
  });
});

describe("what is refused", () => {
  test("more than there is room for, and nothing is lost by it", () => {
    const listener = new Listener();
    const written: Float32Array[] = [];
    const block = tone(1000, 24000, 450);
    expect(() => {
      for (;;) {
        listener.write(block);
        written.push(block);
      }
    }).toThrowError(code("QUEUE_FULL"));
    expect(written.length).toBeGreaterThanOrEqual(24);
    listener.playToEnd();
    expect(listener.heard[0]?.length).toBe(2 * 1000 * written.length);
  });

  test("more after the end, until it was heard", () => {
    const listener = new Listener();
    listener.write(tone(1000, 24000));
    listener.player.end();
    expect(() => listener.write(tone(1, 24000))).toThrowError(code("VP_E_FLUSHED"));
    listener.playToEnd();
    listener.write(tone(1000, 24000));
    listener.playToEnd();
    expect(listener.heard[0]?.slice(0, 2000)).toEqual(listener.heard[0]?.slice(2000));
  });
});

describe("barge-in", () => {
  test("the next quantum is silent, and the frames that were heard are known", () => {
    const listener = new Listener();
    listener.write(tone(12000, 24000));
    listener.play(100);
    // 100 quanta at half the rate.
    expect(listener.player.heardFrames).toBe(6400);
    listener.player.clear();
    expect(listener.player.heardFrames).toBe(0);
    listener.play(50);
    expect(listener.heard[0]?.length).toBe(12800);
  });

  test("nothing of the old stream is in the next", () => {
    const old = new Listener();
    const fresh = new Listener();
    old.write(tone(12000, 24000, 3000));
    old.play(77);
    old.player.end();
    old.player.clear();
    old.heard[0]?.splice(0);
    for (const listener of [old, fresh]) {
      listener.write(tone(3000, 24000, 500));
      listener.playToEnd();
    }
    expect(old.heard).toEqual(fresh.heard);
  });
});

test("a trim changes the speed by so much, and the time that was heard with it", () => {
  const listener = new Listener({ adjustable: true });
  listener.write(tone(24000, 24000));
  listener.play(40);
  listener.player.trim(0.01);
  listener.play(100);
  expect(listener.player.speed).toBeCloseTo(1 / 1.01, 12);
  const trimmed = (100 * QUANTUM) / 2 / 1.01;
  expect(listener.player.heardFrames).toBeCloseTo(40 * 64 + trimmed, 6);
  listener.playToEnd();
  expect(listener.player.heardFrames).toBe(24000);
  const count = listener.heard[0]?.length ?? 0;
  // What was resampled ahead before the trim is at most a block.
  const ideal = 40 * QUANTUM + (48000 - 40 * QUANTUM) * 1.01;
  expect(Math.abs(count - ideal)).toBeLessThan(4);
});

test("a quantum makes no garbage", () => {
  const player = new StreamPlayer(new AudioModule(module), { ...OPTIONS, bufferFrames: 240_000 });
  const quantum = [new Float32Array(QUANTUM)];
  const block = [tone(24000, 24000)];
  const round = (quanta: number): number => {
    for (let i = 0; i < 10; i++) player.write(block, 24000);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < quanta; i++) player.play(quantum);
    const grown = process.memoryUsage().heapUsed - before;
    player.clear();
    return grown;
  };
  // 3700 quanta are less than what is written: playing all the time.
  const grown = Array.from({ length: 30 }, () => round(3700));
  const late = grown.slice(10).sort((a, b) => a - b);
  // The median: compiling, and collecting what others left, happen in some rounds. One typed array
  // per quantum would be 300 kB a round.
  expect(Math.abs(late[10] ?? 0)).toBeLessThan(20_000);
});

test("who only listens downloads nothing of this", async () => {
  const bundled = async (name: string, from: string): Promise<string> => {
    const { outputFiles } = await build({
      stdin: { contents: `export { ${name} } from "./dist/${from}/index.js"`, resolveDir: "." },
      bundle: true,
      format: "esm",
      write: false,
      external: ["onnxruntime-web", "onnxruntime-web/*"],
    });
    return outputFiles[0]?.text ?? "";
  };
  const marks = /voicepath-player|class Playhead|parseWavFile|clipRateHz/;
  expect(await bundled("MicVAD", "vad-web")).not.toMatch(marks);
  expect(await bundled("MicNode, Mic, Vad, Resampler", ".")).not.toMatch(marks);
  expect(await bundled("PlayerNode", ".")).not.toContain("parseWavFile");
  expect(await bundled("createSpeechBuffer", ".")).not.toContain("voicepath-player");
});

test("the ring is a queue", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 16 }),
      fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 16 })), { maxLength: 50 }),
      (capacity, blockFrames, steps) => {
        const ring = new SampleRing(2, capacity, blockFrames);
        const queue: number[] = [];
        let next = 1;
        for (const [write, take] of steps) {
          const block = Float32Array.from({ length: write }, (_, i) => next + i);
          const fits = write <= capacity - queue.length;
          expect(ring.write([block, block.map((x) => -x)], write)).toBe(fits);
          if (fits) queue.push(...block);
          if (fits) next += write;
          const front = queue.slice(0, blockFrames);
          expect(ring.front().map((plane) => [...plane])).toEqual([front, front.map((x) => -x)]);
          const dropped = Math.min(take, front.length);
          ring.drop(dropped);
          queue.splice(0, dropped);
          expect(ring.frames).toBe(queue.length);
        }
      },
    ),
  );
});

describe("the playhead", () => {
  test("follows the clock while playing, and stands where it must have run dry", () => {
    const playhead = new Playhead(1000);
    playhead.push(2000, 0);
    expect(playhead.playedFrames(5)).toBe(0);
    playhead.play({ contextSeconds: 5, clipSeconds: 0 }, 1);
    expect(playhead.playedFrames(4.9)).toBe(0);
    expect(playhead.playedFrames(5.5)).toBeCloseTo(500);
    expect(playhead.bufferedFrames(5.5)).toBeCloseTo(1500);
    expect(playhead.playedFrames(9)).toBe(2000);
    // Nobody said yet that it ran dry.
    playhead.push(1000, 9);
    expect(playhead.playedFrames(10)).toBe(2000);
    playhead.play({ contextSeconds: 10, clipSeconds: 2 }, 0.5);
    expect(playhead.playedFrames(11)).toBeCloseTo(2500);
    playhead.stop(2.75);
    expect(playhead.playedFrames(20)).toBe(2750);
    playhead.clear();
    expect([playhead.playedFrames(30), playhead.bufferedFrames(30)]).toEqual([0, 0]);
  });
});
