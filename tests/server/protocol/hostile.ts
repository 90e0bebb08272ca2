/** Messages that mean harm: well-formed, and too much or not what they say. */

export const HOSTILITIES = ["huge", "deep", "many", "prototype", "wav"] as const;
/**
 * - `huge`: a text of 100 MB
 * - `deep`: lists in lists, 100 000 deep
 * - `many`: lists with a million items
 * - `prototype`: keys and types that objects have of their own
 * - `wav`: sounds that lie about their length, rate and format, or are none
 */
export type Hostility = (typeof HOSTILITIES)[number];

const HUGE_CHARACTERS = 100_000_000;
const DEPTH = 100_000;
const MANY = 1_000_000;

const displayText = (text: string): object => ({ text, name: "Luna", avatar: "luna.svg" });

const sound = (audio: string, volumes: readonly number[] = [0.5, 1]): string =>
  JSON.stringify({
    type: "audio",
    audio,
    volumes,
    slice_length: 20,
    display_text: displayText("?"),
    actions: {},
    forwarded: false,
  });

/** A second of silence but for what is written over its header. */
function wav(change: (file: Buffer) => Buffer): string {
  const file = Buffer.alloc(44 + 2 * 16000);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(16000, 24);
  file.writeUInt32LE(32000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(2 * 16000, 40);
  return change(file).toString("base64");
}

/** A number of the header, set to what it cannot be. */
const lying = (at: number, value: number, bytes: 2 | 4): string =>
  wav((file) => {
    file.writeUIntLE(value, at, bytes);
    return file;
  });

const nested = (type: string, field: string): string =>
  `{"type":"${type}","${field}":${"[".repeat(DEPTH)}${"]".repeat(DEPTH)}}`;

const long = (type: string, field: string, item: string): string =>
  `{"type":"${type}","${field}":[${`${item},`.repeat(MANY - 1)}${item}]}`;

const POLLUTION = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';

const MESSAGES: Readonly<Record<Hostility, () => Generator<string>>> = {
  *huge() {
    yield JSON.stringify({ type: "full-text", text: "x".repeat(HUGE_CHARACTERS) });
  },
  *deep() {
    yield nested("audio", "volumes");
    yield nested("audio", "display_text");
    yield nested("history-data", "messages");
    yield nested("set-model-and-conf", "model_info");
  },
  *many() {
    yield long("audio", "volumes", "0.5");
    yield long("group-update", "members", '"?"');
    yield long("background-files", "files", '"?"');
    yield long("config-files", "configs", "{}");
    yield long("history-list", "histories", "{}");
    yield long("history-data", "messages", "{}");
  },
  *prototype() {
    for (const type of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])
      yield `{"type":"${type}"}`;
    for (const type of ["control", "audio", "set-model-and-conf", "tool_call_status", "error"])
      yield `{"type":"${type}",${POLLUTION}}`;
    yield `{"type":"audio","audio":null,"volumes":[],"display_text":{${POLLUTION}},"actions":{${POLLUTION}}}`;
    yield `{"type":"set-model-and-conf","model_info":{"url":"/live2d-models/luna/luna.model3.json",${POLLUTION}}}`;
    yield `{"type":"history-data","messages":[{${POLLUTION}}]}`;
  },
  *wav() {
    // The lengths of the file and of its data, the format, the channels, the rate, the bits.
    for (const at of [4, 40])
      for (const value of [0, 1, 0x7fffffff, 0xffffffff]) yield sound(lying(at, value, 4));
    for (const at of [20, 22, 34])
      for (const value of [0, 7, 0xffff]) yield sound(lying(at, value, 2));
    for (const value of [0, 1, 0xffffffff]) yield sound(lying(24, value, 4));
    for (const length of [0, 10, 43, 44, 45]) yield sound(wav((file) => file.subarray(0, length)));
    yield sound("no base64 at all: *** ---");
    yield sound(
      wav((file) => file),
      [-1, 1e308, 7],
    );
  },
};

/** Those of a kind, or of all. */
export function* hostileMessages(kind?: Hostility): Generator<string> {
  for (const each of kind ? [kind] : HOSTILITIES) yield* MESSAGES[each]();
}
