import { openSubtitle } from "../../peers/voicepath";
import { type Operations, timeOperations } from "./operations";
import { interleave } from "./rounds";
import { LINE, LINE_MS, LINE_WORDS } from "./subtitle-text";
import { type Suite, VOICEPATH } from "./suite";
import { type Sweep, timeSweeps } from "./sweeps";

const COMPARISON = "comparison in an object";

// ---- Nothing changes ----

const TICKS = 1 << 16;
const NEVER_MS = 1e9;

/** What a tick needs at least in JavaScript. */
class Alarm {
  #dueMs: number;
  #revision = 0;

  constructor(dueMs: number) {
    this.#dueMs = dueMs;
  }

  tick(nowMs: number): number {
    if (nowMs >= this.#dueMs) {
      this.#revision++;
      this.#dueMs = nowMs + 1;
    }
    return this.#revision;
  }
}

/** A module with nothing but `(func (export "tick") (param i32 f64) (result i32) local.get 0)`. */
// biome-ignore format: by section
const EMPTY_WASM = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7c, 0x01, 0x7f,
  0x03, 0x02, 0x01, 0x00,
  0x07, 0x08, 0x01, 0x04, 0x74, 0x69, 0x63, 0x6b, 0x00, 0x00,
  0x0a, 0x06, 0x01, 0x04, 0x00, 0x20, 0x00, 0x0b,
);

/** Each has a loop of its own, so that nobody's tick is called through another's. */
const HOT: readonly Operations[] = [
  {
    name: VOICEPATH,
    batch: TICKS,
    async open() {
      const buffer = await openSubtitle();
      buffer.start(buffer.add(LINE, { clip: { durationMs: LINE_MS } }), { atMs: NEVER_MS });
      const revision = buffer.tick(0);
      let nowMs = 0;
      let changes = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i++) {
            nowMs += 0.01;
            if (buffer.tick(nowMs) !== revision) changes++;
          }
        },
        close() {
          buffer.dispose();
          if (changes > 0) throw new Error("something changed");
        },
      };
    },
  },
  {
    name: COMPARISON,
    batch: TICKS,
    async open() {
      const alarm = new Alarm(NEVER_MS);
      let nowMs = 0;
      let changes = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i++) {
            nowMs += 0.01;
            if (alarm.tick(nowMs) !== 0) changes++;
          }
        },
        close() {
          if (changes > 0) throw new Error("something changed");
        },
      };
    },
  },
  {
    name: "empty function in WebAssembly",
    batch: TICKS,
    async open() {
      const { instance } = await WebAssembly.instantiate(EMPTY_WASM);
      const tick = instance.exports["tick"] as (subtitle: number, nowMs: number) => number;
      let nowMs = 0;
      let changes = 0;
      return {
        run(count) {
          for (let i = 0; i < count; i++) {
            nowMs += 0.01;
            if (tick(1, nowMs) !== 1) changes++;
          }
        },
        close() {
          if (changes > 0) throw new Error("something changed");
        },
      };
    },
  },
];

export const subtitleTickHot: Suite = {
  suite: "subtitle",
  case: "tick-hot",
  peer: COMPARISON,
  title: "A tick that changes nothing",
  about:
    "What a frame costs between two changes: buffer.tick(), against an object in JavaScript that " +
    "compares the time with the next change’s, and against a call of WebAssembly that does nothing.",
  run(context) {
    const contenders = timeOperations(HOT, "ns", 10);
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    return interleave(this, "ns", contenders, rounds, context);
  },
};

// ---- One more cluster ----

const TIMES = "array of times in JavaScript";
const STEPS = LINE_WORDS.length - 1;
/** One is far shorter than the clock's step. */
const SHORT_SWEEPS = 100;
const TIMES_MS = Float64Array.from(LINE_WORDS, ({ atMs }) => atMs);

const REVEAL: readonly Sweep[] = [
  {
    name: VOICEPATH,
    async open() {
      const buffer = await openSubtitle({ widthPx: 512, lines: 8 });
      let startMs = 0;
      return {
        reset() {
          startMs += 2 * LINE_MS;
          buffer.start(buffer.add(LINE, { clip: { words: LINE_WORDS, durationMs: LINE_MS } }), {
            atMs: startMs,
          });
          buffer.tick(startMs);
        },
        run() {
          const before = buffer.revision;
          let visible = 0;
          for (let i = 1; i <= STEPS; i++) {
            buffer.tick(startMs + (TIMES_MS[i] ?? 0));
            visible = buffer.visible;
          }
          if (visible !== LINE.length) throw new Error(`${visible} units are visible`);
          return buffer.revision - before;
        },
        close: () => buffer.dispose(),
      };
    },
  },
  {
    name: TIMES,
    async open() {
      let startMs = 0;
      const reveal = (): void => {
        let visible = 1;
        startMs += 2 * LINE_MS;
        for (let i = 1; i <= STEPS; i++) {
          const nowMs = startMs + (TIMES_MS[i] ?? 0);
          while (startMs + (TIMES_MS[visible] ?? Number.POSITIVE_INFINITY) <= nowMs) visible++;
        }
        if (visible !== LINE.length) throw new Error(`${visible} units are visible`);
      };
      return {
        reset() {},
        run() {
          for (let i = 0; i < SHORT_SWEEPS; i++) reveal();
          return SHORT_SWEEPS * STEPS;
        },
      };
    },
  },
];

export const subtitleTickReveal: Suite = {
  suite: "subtitle",
  case: "tick-reveal",
  peer: TIMES,
  title: "A tick that reveals one more cluster",
  about:
    "Tick and reading how much is visible, for each of 98 clusters of a cue with sound. The peer " +
    "goes on in an array of times, and knows of no pages, tags or other cues.",
  run(context) {
    const contenders = timeSweeps(REVEAL, "ns", { sweeps: 20, samples: 5 });
    const rounds = context.quick ? { rounds: 3 } : { rounds: 25, warmups: 5 };
    return interleave(this, "ns", contenders, rounds, context);
  },
};
