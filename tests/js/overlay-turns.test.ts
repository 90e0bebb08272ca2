/** The overlay's turns: each is completed once, when it was heard, or not at all. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  GRACE_MS,
  SETTLE_MS,
  type Sentence,
  Turns,
} from "../../frontend-patch/overlay/common/voicepath/turns.js";

/** Time that passes when a test says so, and the turns in it. */
class World {
  nowMs = 0;
  readonly completedMs: number[] = [];
  readonly cut: number[] = [];
  readonly alarms = new Map<() => void, number>();
  readonly turns = new Turns({
    complete: () => this.completedMs.push(this.nowMs),
    after: (delayMs, callback) => {
      const alarm = (): void => callback();
      this.alarms.set(alarm, this.nowMs + delayMs);
      return () => this.alarms.delete(alarm);
    },
  });
  #sentences = 0;

  /** Cut sentences are over, as a voice does it. */
  sentence(durationMs: number): Sentence {
    const number = this.#sentences++;
    const sentence: Sentence = this.turns.sentence(durationMs, () => {
      this.cut.push(number);
      sentence.over();
    });
    return sentence;
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.alarms].sort(([, a], [, b]) => a - b);
      if (!next || next[1] > endMs) break;
      this.nowMs = next[1];
      this.alarms.delete(next[0]);
      next[0]();
    }
    this.nowMs = endMs;
  }
}

test("is completed when the last sentence is over and the server has said twice that all was sent", () => {
  const world = new World();
  world.turns.begin();
  const first = world.sentence(1000);
  const second = world.sentence(500);
  expect([first.first, second.first]).toEqual([true, false]);
  world.turns.synthComplete();
  world.turns.synthComplete();
  first.over();
  world.pass(700);
  expect(world.completedMs).toEqual([]);
  second.over();
  second.over();
  world.turns.synthComplete();
  world.pass(60_000);
  expect(world.completedMs).toEqual([700]);
  expect(world.alarms.size).toBe(0);
});

test("a silent turn waits for the second word of the server, but not long", () => {
  const world = new World();
  world.turns.begin();
  world.turns.synthComplete();
  expect(world.completedMs).toEqual([]);
  world.pass(10);
  world.turns.synthComplete();
  expect(world.completedMs).toEqual([10]);
  world.turns.begin();
  world.turns.synthComplete();
  world.pass(60_000);
  expect(world.completedMs).toEqual([10, 10 + SETTLE_MS]);
});

test("sound that is never heard is given up when it should long have been", () => {
  const world = new World();
  world.turns.begin();
  world.sentence(3000).over();
  world.sentence(2000);
  world.sentence(1000);
  world.turns.synthComplete();
  world.turns.synthComplete();
  world.pass(60_000);
  expect(world.completedMs).toEqual([3000 + GRACE_MS]);
  expect(world.cut).toEqual([1, 2]);
  expect(world.alarms.size).toBe(0);
});

test("in a group, the next member's answer is another turn of the same chain", () => {
  const world = new World();
  world.turns.begin();
  for (let member = 0; member < 3; member++) {
    const sentence = world.sentence(100);
    expect(sentence.first).toBe(true);
    world.turns.synthComplete();
    world.turns.synthComplete();
    sentence.over();
    expect(world.completedMs).toHaveLength(member + 1);
  }
});

type Step =
  | { do: "begin" | "sentence" | "synthComplete" | "abandon" }
  | { do: "over"; which: number }
  | { do: "pass"; ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant("begin" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("sentence" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("synthComplete" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("abandon" as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("over" as const), which: fc.nat(5) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(2 * GRACE_MS) }),
  },
);

/** What the server and the person see of one turn, written down as it happens. */
interface Seen {
  sentences: number;
  over: number;
  synthMs: number | null;
  /** Interrupted, or replaced by the next. */
  ended: boolean;
  completes: number;
}

test("whatever happens, a turn is completed once if it was heard or is late, and else never", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = new World();
      const seen: Seen[] = [];
      let turn: Seen | null = null;
      let pending: { sentence: Sentence; of: Seen }[] = [];
      const open = (): Seen => {
        if (turn) return turn;
        turn = { sentences: 0, over: 0, synthMs: null, ended: false, completes: 0 };
        seen.push(turn);
        return turn;
      };
      /** Gives each word to the server to the turn that is under way, and ends it. */
      let known = 0;
      const settle = (): void => {
        for (; known < world.completedMs.length; known++) {
          expect(turn, "nothing is completed that is not under way").not.toBeNull();
          if (turn) turn.completes++;
          turn = null;
        }
      };
      for (const next of steps) {
        if (next.do === "begin") {
          if (turn) (turn as Seen).ended = true;
          turn = null;
          world.turns.begin();
          open();
        } else if (next.do === "sentence") {
          const of = open();
          pending.push({ sentence: world.sentence(1000), of });
          of.sentences++;
        } else if (next.do === "synthComplete") {
          if (turn) (turn as Seen).synthMs ??= world.nowMs;
          world.turns.synthComplete();
        } else if (next.do === "abandon") {
          if (turn) (turn as Seen).ended = true;
          turn = null;
          world.turns.abandon();
        } else if (next.do === "over") {
          const [done] = pending.splice(next.which, 1);
          if (done) done.of.over++;
          done?.sentence.over();
        } else if (next.do === "pass") {
          // Step by step, so that what happens is seen where it happens.
          for (let left = next.ms; left > 0; left -= SETTLE_MS) {
            world.pass(Math.min(left, SETTLE_MS));
            settle();
          }
        }
        settle();
      }
      const openSynthMs = (turn as Seen | null)?.synthMs ?? null;
      world.pass(100_000);
      settle();
      pending = [];
      for (const one of seen) {
        const expected = one.synthMs !== null && !one.ended ? 1 : 0;
        if (one.completes === 1) expect(one.synthMs).not.toBeNull();
        else expect(one.completes).toBe(expected);
      }
      if (openSynthMs !== null) expect(turn).toBeNull();
      expect(world.alarms.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});
