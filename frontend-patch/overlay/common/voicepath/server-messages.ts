/**
 * What the server may say: one table of message types and their fields, from which come both the
 * types that the application sees and the check at the door. Python says None as null, so what may be
 * absent may be null.
 */
import type { BrowserViewData } from "@/context/browser-context";
import type { ConfigFile } from "@/context/character-config-context";
import type { ModelInfo } from "@/context/live2d-config-context";
import type { HistoryInfo } from "@/context/websocket-context";
import type { Actions, DisplayText, Message } from "@/services/websocket-service";

/** Says what is wrong with a value, or null: then it is a T. */
interface Check<T> {
  (value: unknown, name: string): string | null;
  /** Never there: it carries the type. */
  readonly checked?: T;
}

type Fields<Shape> = {
  [Name in keyof Shape]: Shape[Name] extends Check<infer T> ? T : never;
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (Array.isArray(value)) return "a list";
  return isRecord(value) ? "an object" : String(value);
}

function check<T>(expected: string, test: (value: unknown) => boolean): Check<T> {
  return (value, name) => (test(value) ? null : `${name} is ${shown(value)}, not ${expected}`);
}

const text = check<string>("a text", (value) => typeof value === "string");
const flag = check<boolean>("true or false", (value) => typeof value === "boolean");
const finite = check<number>("a number", Number.isFinite);

function oneOf<T extends string>(...words: T[]): Check<T> {
  return check(words.join(" or "), (value) => (words as unknown[]).includes(value));
}

function maybe<T>(inner: Check<T>): Check<T | null | undefined> {
  return (value, name) => (value === undefined || value === null ? null : inner(value, name));
}

/** No list of names, messages or histories is longer, and no page could show it. */
const LONGEST_LIST = 10_000;

function list<T>(inner: Check<T>, longest: number = LONGEST_LIST): Check<T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) return `${name} is ${shown(value)}, not a list`;
    if (value.length > longest) return `${name} has ${value.length} items, more than ${longest}`;
    for (const [i, item] of value.entries()) {
      const wrong = inner(item, `${name}[${i}]`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

/** An object that has at least these fields; T is what the frontend calls it. */
function record<T>(shape: Record<string, Check<unknown>>): Check<T> {
  return (value, name) => {
    if (!isRecord(value)) return `${name} is ${shown(value)}, not an object`;
    for (const [field, inner] of Object.entries(shape)) {
      const wrong = inner(value[field], name === "" ? field : `${name}.${field}`);
      if (wrong !== null) return wrong;
    }
    return null;
  };
}

function either<T>(expected: string, ...checks: Check<unknown>[]): Check<T> {
  return check(expected, (value) => checks.some((inner) => inner(value, "") === null));
}

const MESSAGE_TYPES = {
  control: { text },
  "set-model-and-conf": {
    model_info: maybe(
      record<ModelInfo>({
        url: text,
        name: maybe(text),
        description: maybe(text),
        kScale: maybe(finite),
        initialXshift: maybe(finite),
        initialYshift: maybe(finite),
        initialScale: maybe(finite),
        idleMotionGroupName: maybe(text),
        defaultEmotion: maybe(either("a name or a number", text, finite)),
        emotionMap: maybe(record({})),
        pointerInteractive: maybe(flag),
        scrollToResize: maybe(flag),
        tapMotions: maybe(record({})),
      }),
    ),
    conf_name: maybe(text),
    conf_uid: maybe(text),
    client_uid: maybe(text),
    audio_formats: maybe(list(text)),
  },
  "full-text": { text },
  "config-files": { configs: list(record<ConfigFile>({ filename: text, name: text })) },
  "config-switched": {},
  "background-files": {
    // The frontend's type says objects; the server sends names, and the settings show names.
    files: list(
      either<{ name: string; url: string }>(
        "a name, or an object with name and url",
        text,
        record({ name: text, url: text }),
      ),
    ),
  },
  audio: {
    audio: maybe(text),
    // Half an hour, by slices of 20 ms.
    volumes: maybe(list(finite, 90_000)),
    slice_length: maybe(finite),
    display_text: maybe(record<DisplayText>({ text, name: maybe(text), avatar: maybe(text) })),
    actions: maybe(
      record<Actions>({
        expressions: maybe(list(either("a name or a number", text, finite))),
        pictures: maybe(list(text)),
        sounds: maybe(list(text)),
      }),
    ),
    forwarded: maybe(flag),
  },
  "history-data": {
    messages: list(
      record<Message>({
        role: oneOf("ai", "human"),
        content: text,
        timestamp: maybe(text),
        name: maybe(text),
        avatar: maybe(text),
      }),
    ),
  },
  "new-history-created": { history_uid: text },
  "history-deleted": { success: maybe(flag), history_uid: maybe(text) },
  "history-list": {
    histories: list(
      record<HistoryInfo>({
        uid: text,
        latest_message: maybe(record({ content: text, timestamp: maybe(text) })),
        timestamp: maybe(text),
      }),
    ),
  },
  "user-input-transcription": { text },
  error: { message: text },
  "group-update": { members: maybe(list(text)), is_owner: maybe(flag) },
  "group-operation-result": { success: maybe(flag), message: text },
  "backend-synth-complete": {},
  "conversation-chain-end": {},
  "force-new-message": {},
  "interrupt-signal": {},
  "heartbeat-ack": {},
  tool_call_status: {
    tool_id: text,
    tool_name: text,
    name: maybe(text),
    status: oneOf("running", "completed", "error"),
    content: maybe(text),
    timestamp: maybe(text),
    browser_view: maybe(
      record<BrowserViewData>({
        debuggerFullscreenUrl: text,
        debuggerUrl: text,
        pages: list(record({})),
      }),
    ),
  },
} satisfies Record<string, Record<string, Check<unknown>>>;

/** Without the names that every object has. */
const TYPES = new Map<string, Record<string, Check<unknown>>>(Object.entries(MESSAGE_TYPES));

export type MessageType = keyof typeof MESSAGE_TYPES;

export type ServerMessage = {
  [Type in MessageType]: { readonly type: Type } & Readonly<Fields<(typeof MESSAGE_TYPES)[Type]>>;
}[MessageType];

/** The message of one type. */
export type MessageOf<Type extends MessageType> = Extract<ServerMessage, { type: Type }>;

/** A message at the door: let in, of a type that nobody here knows, or malformed. */
export type Visitor =
  | { readonly message: ServerMessage }
  | { readonly unknownType: string }
  | { readonly wrong: string };

/** Never throws, whatever it is given. */
export function readMessage(value: unknown): Visitor {
  if (!isRecord(value)) return { wrong: `the message is ${shown(value)}, not an object` };
  const { type } = value;
  if (typeof type !== "string") return { wrong: `type is ${shown(type)}, not a text` };
  const shape = TYPES.get(type);
  if (!shape) return { unknownType: type };
  const wrong = record(shape)(value, "");
  // What the table says of it was just checked, field by field.
  return wrong === null
    ? { message: value as unknown as ServerMessage }
    : { wrong: `${type}: ${wrong}` };
}
