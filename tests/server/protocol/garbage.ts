/**
 * What a server should never send. Messages are made from a good example of each type: every place in
 * it, however deep, is left out, and replaced by every kind of value that it is not.
 */
import { LUNA } from "./characters.js";
import type { HistoryMessage, ServerMessage, ServerType } from "./messages.js";

const SAID: HistoryMessage = {
  role: "ai",
  timestamp: "2026-01-01T00:00:00.000Z",
  content: "?",
  name: "Luna",
  avatar: "luna.svg",
};

const EXAMPLES: { readonly [T in ServerType]: ServerMessage<T> } = {
  "group-update": { type: "group-update", members: ["?"], is_owner: false },
  "full-text": { type: "full-text", text: "?" },
  "set-model-and-conf": {
    type: "set-model-and-conf",
    model_info: LUNA.model,
    conf_name: LUNA.name,
    conf_uid: LUNA.uid,
    client_uid: "?",
  },
  control: { type: "control", text: "?" },
  "background-files": { type: "background-files", files: ["?.svg"] },
  "config-files": { type: "config-files", configs: [{ filename: LUNA.file, name: LUNA.name }] },
  "history-list": {
    type: "history-list",
    histories: [{ uid: "?", latest_message: SAID, timestamp: SAID.timestamp }],
  },
  "new-history-created": { type: "new-history-created", history_uid: "?" },
  "history-data": { type: "history-data", messages: [SAID] },
  "history-deleted": { type: "history-deleted", success: false, history_uid: "?" },
  "config-switched": { type: "config-switched", message: "?" },
  "user-input-transcription": { type: "user-input-transcription", text: "?" },
  tool_call_status: {
    type: "tool_call_status",
    tool_id: "?",
    tool_name: "?",
    name: "Luna",
    status: "error",
    content: "?",
    timestamp: SAID.timestamp,
  },
  audio: {
    type: "audio",
    audio: null,
    volumes: [0.5],
    slice_length: 20,
    display_text: { text: "?", name: "Luna", avatar: "luna.svg" },
    actions: { expressions: [0] },
    forwarded: false,
  },
  "backend-synth-complete": { type: "backend-synth-complete" },
  "force-new-message": { type: "force-new-message" },
  "interrupt-signal": { type: "interrupt-signal", text: "?" },
  "heartbeat-ack": { type: "heartbeat-ack" },
  error: { type: "error", message: "?" },
  "group-operation-result": { type: "group-operation-result", success: false, message: "?" },
};

/** One of each kind that JSON has. */
const VALUES: readonly unknown[] = [null, true, -1e308, "?", [], {}];

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : typeof value;

/** Everything that a list or an object is with one place in it gone wrong. */
function* broken(whole: object): Generator<unknown> {
  if (Array.isArray(whole)) {
    for (const wrong of wrongFor(whole[0])) yield [wrong];
    return;
  }
  for (const [name, value] of Object.entries(whole)) {
    const { [name]: _, ...rest } = whole as Record<string, unknown>;
    yield rest;
    for (const wrong of wrongFor(value)) yield { ...whole, [name]: wrong };
  }
}

function* wrongFor(value: unknown): Generator<unknown> {
  yield* VALUES.filter((other) => kindOf(other) !== kindOf(value));
  if (typeof value === "object" && value !== null) yield* broken(value);
}

const NO_JSON = ["", " ", "?", "{", '{"type":"audio"', '{"type":"control",}', "NaN", "\u0000"];

export function* malformedMessages(): Generator<string> {
  yield* NO_JSON;
  for (const value of VALUES) yield JSON.stringify(value);
  yield JSON.stringify({ type: "no-such-type" });
  for (const example of Object.values(EXAMPLES))
    for (const wrong of broken(example)) yield JSON.stringify(wrong);
}

/** As they go over the wire (RFC 6455, 5.2). Each of them ends the connection. */
export const brokenFrames = (): readonly Buffer[] => [
  // Reserved bits, without an extension.
  Buffer.from([0xf1, 0x02, 0x7b, 0x7d]),
  // A text that is not UTF-8.
  Buffer.from([0x81, 0x02, 0xc3, 0x28]),
  // An opcode that is none.
  Buffer.from([0x83, 0x00]),
  // A continuation of nothing.
  Buffer.from([0x80, 0x01, 0x7b]),
  // A control frame in fragments.
  Buffer.from([0x09, 0x00]),
];
