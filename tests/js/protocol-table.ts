import type { ServerType } from "../server/protocol/messages.js";

/** The backend's table, of the facts about the frontend: fields and their kinds, "?" may be missing. */
export const SERVER_TABLE: { readonly [T in ServerType]: Readonly<Record<string, string>> } = {
  "group-update": { members: "string[]", is_owner: "boolean" },
  "full-text": { text: "string" },
  "set-model-and-conf": {
    model_info: "object",
    conf_name: "string",
    conf_uid: "string",
    client_uid: "string?",
  },
  control: { text: "string" },
  "background-files": { files: "string[]" },
  "config-files": { configs: "object[]" },
  "history-list": { histories: "object[]" },
  "new-history-created": { history_uid: "string" },
  "history-data": { messages: "object[]" },
  "history-deleted": { success: "boolean", history_uid: "string" },
  "config-switched": { message: "string" },
  "user-input-transcription": { text: "string" },
  tool_call_status: {
    tool_id: "string",
    tool_name: "string",
    name: "string",
    status: "string",
    content: "string",
    timestamp: "string",
  },
  audio: {
    audio: "string|null",
    volumes: "number[]",
    slice_length: "number",
    display_text: "object",
    actions: "object|null",
    forwarded: "boolean",
  },
  "backend-synth-complete": {},
  "force-new-message": {},
  "interrupt-signal": { text: "string" },
  "heartbeat-ack": {},
  error: { message: "string" },
  "group-operation-result": { success: "boolean", message: "string" },
};

/** "string", "null", "number[]" … */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return `${value.length > 0 ? kindOf(value[0]) : "any"}[]`;
  return value === null ? "null" : typeof value;
}

/** Whether a value is of a kind of the table; an empty list is of all lists. */
export function isOf(kind: string, value: unknown): boolean {
  const found = kindOf(value);
  return kind
    .replace("?", "|undefined")
    .split("|")
    .some((allowed) => allowed === found || (found === "any[]" && allowed.endsWith("[]")));
}
