/** The overlay's greeting: a server that forgot everything is told once what it has not answered. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Greeting } from "../../frontend-patch/overlay/common/voicepath/greeting.js";

interface Said {
  readonly type: string;
  readonly n?: number;
  readonly history_uid?: string;
}

const spoken = (texts: readonly string[]): Said[] => texts.map((text) => JSON.parse(text) as Said);
const types = (texts: readonly string[]): string[] => spoken(texts).map(({ type }) => type);

const QUESTIONS = ["fetch-backgrounds", "fetch-configs", "fetch-history-list"];

test("asks what the frontend asks, and for a new history only while there is none", () => {
  const greeting = new Greeting();
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
  // The server died before it answered.
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
  greeting.received("new-history-created", { history_uid: "a" });
  expect(spoken(greeting.texts()).at(-1)).toEqual({
    type: "fetch-and-set-history",
    history_uid: "a",
  });
  const chosen = { type: "fetch-and-set-history", history_uid: "b" };
  greeting.sent(chosen.type, JSON.stringify(chosen), chosen, false);
  expect(spoken(greeting.texts()).at(-1)).toEqual(chosen);
  greeting.received("new-history-created", { history_uid: 7 });
  expect(greeting.historyUid).toBe("b");
});

const TRIGGERS = ["mic-audio-end", "text-input"];

type Step = "mic-audio-data" | "mic-audio-end" | "text-input" | "heartbeat" | "answer" | "crash";

test("across crashes, the server's newest life has heard all that no life of it answered, in order", () => {
  const step = fc.constantFrom<Step>(
    "mic-audio-data",
    "mic-audio-data",
    "mic-audio-end",
    "text-input",
    "heartbeat",
    "answer",
    "crash",
  );
  fc.assert(
    fc.property(fc.array(fc.record({ step, waits: fc.boolean() })), (steps) => {
      const greeting = new Greeting();
      /** What this life of the server has heard and not answered. */
      let heard: Said[] = [];
      /** What was said, ever, and not answered. */
      let open: Said[] = [];
      /** What waits in the socket: all that is said while there is no connection. */
      let waiting: Said[] = [];
      let connected = true;
      const connect = (): void => {
        heard = spoken(greeting.texts()).filter(({ n }) => n !== undefined);
        heard.push(...waiting);
        waiting = [];
        connected = true;
      };
      let n = 0;
      for (const { step, waits } of steps) {
        if (step === "crash") {
          heard = [];
          connected = false;
          if (!waits) connect();
        } else if (step === "answer") {
          if (!connected) connect();
          const index = heard.findIndex(({ type }) => TRIGGERS.includes(type));
          const trigger = heard[index];
          if (!trigger) continue;
          const answered = heard.filter(
            ({ type }, i) =>
              i === index ||
              (i < index && trigger.type === "mic-audio-end" && type === "mic-audio-data"),
          );
          heard = heard.filter((said) => !answered.includes(said));
          open = open.filter(({ n }) => !answered.some((said) => said.n === n));
          greeting.received("control", { text: "conversation-chain-start" });
        } else {
          const said = { type: step, n: n++ };
          greeting.sent(step, JSON.stringify(said), said, !connected);
          if (connected) heard.push(said);
          else waiting.push(said);
          if (step !== "heartbeat") open.push(said);
        }
      }
      connect();
      expect(heard.filter(({ type }) => type !== "heartbeat")).toEqual(open);
    }),
    { numRuns: 500 },
  );
});

test("another server is told what waits, but nothing of the histories and questions of the first", () => {
  const greeting = new Greeting();
  greeting.received("new-history-created", { history_uid: "a" });
  greeting.sent("text-input", '{"type":"text-input","n":1}', {}, false);
  greeting.sent("text-input", '{"type":"text-input","n":2}', {}, true);
  greeting.elsewhere();
  // The second goes with the socket's own queue.
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
  expect(spoken(greeting.texts()).at(-1)).toEqual({ type: "text-input", n: 2 });
});

test("keeps some minutes of speech, not all of it for ever", () => {
  const greeting = new Greeting();
  const part = `{"type":"mic-audio-data","audio":[${"0,".repeat(500_000)}0]}`;
  for (let i = 0; i < 100; i++) greeting.sent("mic-audio-data", part, null, false);
  const kept = greeting.texts().filter((text) => text === part).length;
  expect(kept).toBeGreaterThan(20);
  expect(kept).toBeLessThan(40);
});
