/** The overlay's door: what the server says is what it should be, or is not let in. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { malformedMessages } from "../server/protocol/garbage.js";

interface Visitor {
  readonly message?: { readonly type: string };
  readonly unknownType?: string;
  readonly wrong?: string;
}

/** By its address: what it imports as "@/…" are types, which nobody needs here. */
const door = new URL(
  "../../frontend-patch/overlay/common/voicepath/server-messages.ts",
  import.meta.url,
).pathname;
const { readMessage } = (await import(door)) as { readMessage(value: unknown): Visitor };

/** As the backend sends them, by the facts of its protocol. */
const GOOD: readonly object[] = [
  { type: "group-update", members: [], is_owner: false },
  { type: "full-text", text: "Thinking..." },
  {
    type: "set-model-and-conf",
    model_info: {
      name: "mao_pro",
      description: "",
      url: "/live2d-models/mao_pro/runtime/mao_pro.model3.json",
      kScale: 0.5,
      initialXshift: 0,
      initialYshift: 0,
      idleMotionGroupName: "Idle",
      emotionMap: { neutral: 0, anger: 2 },
      tapMotions: { HitAreaHead: { "": 1 } },
    },
    conf_name: "mao",
    conf_uid: "mao_001",
    client_uid: "e7b5",
  },
  { type: "control", text: "start-mic" },
  { type: "background-files", files: ["ceiling-window-room-night.jpeg"] },
  { type: "config-files", configs: [{ filename: "conf.yaml", name: "mao" }] },
  { type: "history-list", histories: [{ uid: "1", latest_message: null, timestamp: null }] },
  {
    type: "history-data",
    messages: [{ role: "human", timestamp: "2026", content: "hi", name: null }],
  },
  { type: "new-history-created", history_uid: "1" },
  { type: "history-deleted", success: true, history_uid: "1" },
  { type: "config-switched", message: "Switched to config: mao" },
  { type: "user-input-transcription", text: "" },
  {
    type: "tool_call_status",
    tool_id: "call_1",
    tool_name: "search",
    name: "Mao",
    status: "running",
    content: "{}",
    timestamp: "2026",
  },
  {
    type: "audio",
    audio: null,
    volumes: [],
    slice_length: 20,
    display_text: { text: "Hello.", name: "Mao", avatar: null },
    actions: null,
    forwarded: false,
  },
  {
    type: "audio",
    audio: "UklGRg==",
    volumes: [0, 0.5, 1],
    slice_length: 20,
    display_text: { text: "Hello.", name: "Mao", avatar: "mao.png" },
    actions: { expressions: [3] },
    forwarded: false,
  },
  { type: "backend-synth-complete" },
  { type: "force-new-message" },
  { type: "control", text: "conversation-chain-end" },
  { type: "interrupt-signal", text: "conversation-interrupted" },
  { type: "heartbeat-ack" },
  { type: "error", message: "no such file" },
  { type: "group-operation-result", success: false, message: "no such member" },
];

test("what the backend sends is let in as it is", () => {
  for (const message of GOOD) expect(readMessage(message)).toEqual({ message });
});

test("what lacks something, or has it in another kind, is refused by the name of the field", () => {
  expect(readMessage({ type: "control" })).toEqual({
    wrong: "control: text is missing, not a text",
  });
  expect(readMessage({ type: "audio", volumes: [0.5, "x"] })).toEqual({
    wrong: 'audio: volumes[1] is "x", not a number',
  });
  expect(readMessage({ type: "history-data", messages: [{ role: "ai", content: {} }] })).toEqual({
    wrong: "history-data: messages[0].content is an object, not a text",
  });
  expect(readMessage({ type: "set-model-and-conf", model_info: { url: 5 } })).toEqual({
    wrong: "set-model-and-conf: model_info.url is 5, not a text",
  });
  expect(readMessage([])).toEqual({ wrong: "the message is a list, not an object" });
  expect(readMessage({ type: 7 })).toEqual({ wrong: "type is 7, not a text" });
});

test("names that every object has are types that nobody knows", () => {
  for (const type of ["constructor", "__proto__", "toString", "hasOwnProperty", "", "nonsense"])
    expect(readMessage({ ...JSON.parse("{}"), type })).toEqual({ unknownType: type });
});

test("what a server should never send: none of it throws, and a wrong kind is never let in", () => {
  let letIn = 0;
  let refused = 0;
  for (const text of malformedMessages()) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      continue;
    }
    const { message, wrong, unknownType } = readMessage(value);
    if (message) letIn++;
    else if (wrong !== undefined || unknownType !== undefined) refused++;
  }
  expect(refused).toBeGreaterThan(200);
  // Fields that nobody reads, and those that may be missing.
  expect(letIn).toBeLessThan(refused);
});

test("any JSON at all, and any JSON in place of any field of a good message", () => {
  const kinds = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(undefined, Number.NaN, () => 1),
  );
  fc.assert(
    fc.property(fc.constantFrom(...GOOD), fc.nat(12), kinds, (good, which, value) => {
      const fields = Object.keys(good);
      const field = fields[which % fields.length] ?? "type";
      const visitor = readMessage({ ...good, [field]: value });
      expect(Object.keys(visitor)).toHaveLength(1);
      readMessage(value);
    }),
    { numRuns: 2000 },
  );
});
