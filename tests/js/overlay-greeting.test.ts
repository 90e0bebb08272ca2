/** The overlay's greeting: a server that forgot everything is told once what it has not answered. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Greeting, type Heard } from "../../frontend-patch/overlay/common/voicepath/greeting.js";

interface Said {
  readonly type: string;
  readonly n?: number;
  readonly history_uid?: string;
}

const spoken = (texts: readonly string[]): Said[] => texts.map((text) => JSON.parse(text) as Said);
const types = (texts: readonly string[]): string[] => spoken(texts).map(({ type }) => type);

/** The server says this. @returns what the frontend is told */
const hear = (greeting: Greeting<Heard>, type: string, fields: object = {}): readonly Heard[] =>
  greeting.received({ ...fields, type });

const QUESTIONS = ["fetch-backgrounds", "fetch-configs", "fetch-history-list"];

test("asks what the frontend asks, and for a new history only while there is none", () => {
  const greeting = new Greeting<Heard>();
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
  // The server died before it answered.
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
  hear(greeting, "new-history-created", { history_uid: "a" });
  expect(spoken(greeting.texts()).at(-1)).toEqual({
    type: "fetch-and-set-history",
    history_uid: "a",
  });
  const chosen = { type: "fetch-and-set-history", history_uid: "b" };
  greeting.sent(chosen.type, JSON.stringify(chosen), chosen, false);
  expect(spoken(greeting.texts()).at(-1)).toEqual(chosen);
  hear(greeting, "new-history-created", { history_uid: 7 });
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
      const greeting = new Greeting<Heard>();
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
          hear(greeting, "control", { text: "conversation-chain-start" });
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
  const greeting = new Greeting<Heard>();
  hear(greeting, "new-history-created", { history_uid: "a" });
  greeting.sent("text-input", '{"type":"text-input","n":1}', {}, false);
  greeting.sent("text-input", '{"type":"text-input","n":2}', {}, true);
  greeting.elsewhere();
  // The second goes with the socket's own queue.
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
  expect(spoken(greeting.texts()).at(-1)).toEqual({ type: "text-input", n: 2 });
});

test("keeps some minutes of speech, not all of it for ever", () => {
  const greeting = new Greeting<Heard>();
  const part = `{"type":"mic-audio-data","audio":[${"0,".repeat(500_000)}0]}`;
  for (let i = 0; i < 100; i++) greeting.sent("mic-audio-data", part, null, false);
  const kept = greeting.texts().filter((text) => text === part).length;
  expect(kept).toBeGreaterThan(20);
  expect(kept).toBeLessThan(40);
});

test("the character that was chosen is asked for first, and nobody sees the server's own before it", () => {
  const greeting = new Greeting<Heard>();
  const choose = (file: string): void => {
    const chosen = { type: "switch-config", file };
    greeting.sent(chosen.type, JSON.stringify(chosen), chosen, false);
  };
  const own = { model_info: { url: "own" }, conf_name: "Own", conf_uid: "own", client_uid: "2" };
  choose("sol.yaml");
  // Not answered: it is said again as what it is, and answered to the frontend.
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history", "switch-config"]);
  expect(hear(greeting, "set-model-and-conf", own)).toEqual([
    { type: "set-model-and-conf", ...own },
  ]);
  expect(hear(greeting, "config-switched")).toHaveLength(1);
  hear(greeting, "new-history-created", { history_uid: "a" });

  const back = ["switch-config", ...QUESTIONS, "fetch-and-set-history"];
  expect(types(greeting.texts())).toEqual(back);
  expect(spoken(greeting.texts())[0]).toEqual({ type: "switch-config", file: "sol.yaml" });
  expect(hear(greeting, "full-text", { text: "hello" })).toHaveLength(1);
  expect(hear(greeting, "set-model-and-conf", own)).toEqual([
    { type: "set-model-and-conf", client_uid: "2" },
  ]);
  const sol = { type: "set-model-and-conf", conf_uid: "sol" };
  expect(hear(greeting, sol.type, sol)).toEqual([sol]);
  // Whoever chooses another one meanwhile is answered, once.
  choose("luna.yaml");
  expect(hear(greeting, "config-switched")).toEqual([]);
  expect(hear(greeting, "config-switched")).toHaveLength(1);
  expect(spoken(greeting.texts())[0]).toEqual({ type: "switch-config", file: "luna.yaml" });

  // It is no more: the server stays with its own, and says why.
  hear(greeting, "set-model-and-conf", own);
  const gone = { type: "error", message: "there is no luna.yaml" };
  expect(hear(greeting, "error", gone)).toEqual([{ type: "set-model-and-conf", ...own }, gone]);
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "fetch-and-set-history"]);

  choose("sol.yaml");
  hear(greeting, "config-switched");
  greeting.elsewhere();
  expect(types(greeting.texts())).toEqual([...QUESTIONS, "create-new-history"]);
});
