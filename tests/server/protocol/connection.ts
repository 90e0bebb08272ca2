/** One client: what it asks for, and what it is answered. */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { joinSamples } from "../../../js-glue/src/samples.js";
import type { Backend } from "./backend.js";
import { type ConnectionRecord, nowMs } from "./books.js";
import { CHARACTERS, type Character, LUNA } from "./characters.js";
import { Conversation, type Input } from "./conversation.js";
import { History } from "./histories.js";
import { Line } from "./line.js";
import type { ClientType, DisplayText, ServerMessage } from "./messages.js";
import { BACKGROUND_FILES } from "./pictures.js";

type Fields = Readonly<Record<string, unknown>>;

/** The text of a field; "" when it is missing. */
function text(fields: Fields, name: string): string {
  const value = fields[name] ?? "";
  if (typeof value !== "string") throw new Error(`${name} is ${JSON.stringify(value)}, not a text`);
  return value;
}

function samplesOf(audio: unknown, pcm16: boolean): Float32Array {
  if (typeof audio === "string" && pcm16) {
    const bytes = Buffer.from(audio, "base64");
    if (bytes.length % 2) throw new Error(`audio has ${bytes.length} bytes, not pairs of them`);
    return Float32Array.from(
      { length: bytes.length / 2 },
      (_, i) => bytes.readInt16LE(2 * i) / 32768,
    );
  }
  if (!Array.isArray(audio)) throw new Error(`audio is ${typeof audio}, not a list of numbers`);
  const wrong = audio.findIndex((sample) => !Number.isFinite(sample));
  if (wrong >= 0)
    throw new Error(`audio[${wrong}] is ${JSON.stringify(audio[wrong])}, not a number`);
  return Float32Array.from(audio);
}

/** Speech that arrives, until its end does. */
class Utterance {
  readonly #parts: Float32Array[] = [];
  #firstMs: number | undefined;
  #bytes = 0;

  add(samples: Float32Array, bytes: number): void {
    this.#firstMs ??= nowMs();
    this.#parts.push(samples);
    this.#bytes += bytes;
  }

  /** @param bytes - of the message that ends it */
  end(bytes: number) {
    const samples = joinSamples(this.#parts);
    return {
      samples,
      sampleCount: samples.length,
      firstMs: this.#firstMs,
      endMs: nowMs(),
      bytes: this.#bytes + bytes,
    };
  }
}

export class Connection {
  readonly uid = randomUUID();
  readonly line: Line;
  /** When it is closed, and all of its turns are over. */
  readonly ended: Promise<void>;
  readonly #backend: Backend;
  readonly #record: ConnectionRecord;
  readonly #conversation: Conversation;
  readonly #endTask: () => void;
  #utterance = new Utterance();
  #character: Character = LUNA;

  constructor(backend: Backend, socket: WebSocket, stream: Socket) {
    this.#backend = backend;
    this.line = new Line(socket, stream);
    this.#record = backend.books.opens(this.uid);
    this.#conversation = new Conversation(backend, this);
    this.#endTask = backend.tasks.begin();
    backend.connections.set(this.uid, this);
    // A peer that breaks the rules is cut off by ws, which also says so here.
    socket.on("error", () => {});
    socket.on("message", (data) => {
      this.#record.wireBytes = stream.bytesRead;
      this.#receive(String(data));
    });
    this.ended = new Promise<void>((resolve) => {
      socket.once("close", () => void this.#end().then(resolve));
    });
  }

  get character(): Character {
    return this.#character;
  }

  readonly send = (message: ServerMessage): void => this.line.send(JSON.stringify(message));

  /** What a client is told that has just come. */
  welcome(): void {
    this.sendGroup();
    this.send({ type: "full-text", text: "Connection established" });
    this.#sendModel({ client_uid: this.uid });
    this.sendGroup();
    if (this.#backend.autoStartMic) this.send({ type: "control", text: "start-mic" });
  }

  sendGroup(): void {
    const group = this.#backend.groups.of(this.uid);
    this.send({
      type: "group-update",
      members: [...(group?.members ?? [])],
      is_owner: group?.owner === this.uid,
    });
  }

  /** As the backend does: what is no JSON is passed over, what is wrong otherwise is answered. */
  #receive(data: string): void {
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch {
      this.#backend.books.receives(this.uid, data, undefined);
      return;
    }
    const { type, bytes } = this.#backend.books.receives(this.uid, data, message);
    try {
      if (typeof message !== "object" || message === null || Array.isArray(message))
        throw new Error("a message is an object");
      if (type === null) return;
      if (!this.#knows(type)) throw new Error(`Unknown message type: ${type}`);
      this.#handlers[type](message as Fields, bytes);
    } catch (error) {
      this.send({ type: "error", message: error instanceof Error ? error.message : String(error) });
    }
  }

  #knows(type: string): type is ClientType {
    return Object.hasOwn(this.#handlers, type);
  }

  readonly #handlers: {
    readonly [T in ClientType]: (fields: Fields, bytes: number) => void;
  } = {
    "fetch-backgrounds": () => this.send({ type: "background-files", files: BACKGROUND_FILES }),
    "fetch-configs": () =>
      this.send({
        type: "config-files",
        configs: CHARACTERS.map(({ file, name }) => ({ filename: file, name })),
      }),
    "fetch-history-list": () =>
      this.send({ type: "history-list", histories: this.#histories.list() }),
    "create-new-history": () => {
      this.#conversation.history = this.#histories.create();
      this.send({ type: "new-history-created", history_uid: this.#conversation.history.uid });
    },
    "fetch-and-set-history": (fields) => this.#setHistory(text(fields, "history_uid")),
    "delete-history": (fields) => this.#deleteHistory(text(fields, "history_uid")),
    "switch-config": (fields) => this.#switch(text(fields, "file")),
    "mic-audio-data": ({ audio = [] }, bytes) => {
      const pcm16 = this.#backend.audioFormats.includes("pcm16-base64");
      this.#utterance.add(samplesOf(audio, pcm16), bytes);
    },
    "mic-audio-end": (_, bytes) => {
      const utterance = this.#utterance.end(bytes);
      this.#utterance = new Utterance();
      this.#backend.books.hears({ connection: this.uid, ...utterance });
      this.#converse({ by: "voice", samples: utterance.sampleCount });
    },
    "text-input": (fields) => this.#converse({ by: "text", text: text(fields, "text") }),
    "ai-speak-signal": () => {
      this.send({ type: "full-text", text: "AI wants to speak something..." });
      this.#converse({ by: "unasked" });
    },
    "audio-play-start": ({ display_text }) => this.#forward(display_text),
    "frontend-playback-complete": () => this.#conversation.playbackComplete(),
    "interrupt-signal": (fields) => this.#interrupt(text(fields, "text")),
    heartbeat: () => this.send({ type: "heartbeat-ack" }),
    "request-init-config": () => this.#sendModel({ client_uid: this.uid }),
    "request-group-info": () => this.sendGroup(),
    "add-client-to-group": (fields) =>
      this.#backend.regroup(this.uid, text(fields, "invitee_uid"), "add"),
    "remove-client-from-group": (fields) =>
      this.#backend.regroup(this.uid, text(fields, "target_uid"), "remove"),
  };

  #converse(input: Input): void {
    if (this.#backend.answers) this.#conversation.begin(input);
  }

  get #histories() {
    return this.#backend.histories(this.#character);
  }

  #sendModel(client: { readonly client_uid?: string }): void {
    const { model, name, uid } = this.#character;
    const { audioFormats } = this.#backend;
    this.send({
      type: "set-model-and-conf",
      model_info: model,
      conf_name: name,
      conf_uid: uid,
      ...client,
      ...(audioFormats.length > 1 && { audio_formats: audioFormats }),
    });
  }

  /** One that is not known is empty, as the backend has it. */
  #setHistory(uid: string): void {
    if (uid === "") return;
    this.#conversation.history = this.#histories.get(uid) ?? new History(uid);
    const messages = this.#conversation.history.messages.filter(({ role }) => role !== "system");
    this.send({ type: "history-data", messages });
  }

  #deleteHistory(uid: string): void {
    if (uid === "") return;
    this.send({
      type: "history-deleted",
      success: this.#histories.delete(uid),
      history_uid: uid,
    });
    if (uid === this.#conversation.history.uid) this.#conversation.history = new History("");
  }

  #switch(file: string): void {
    if (file === "") return;
    const character = this.#backend.character(file);
    if (!character) throw new Error(`Error switching configuration: there is no ${file}`);
    this.#character = character;
    this.#conversation.history = new History("");
    this.#sendModel({});
    this.send({ type: "config-switched", message: `Switched to config: ${file}` });
  }

  /** The others of a group see what is said, and hear nothing. */
  #forward(shown: unknown): void {
    if (typeof shown !== "object" || shown === null) return;
    for (const uid of this.#others())
      this.#backend.connections.get(uid)?.send({
        type: "audio",
        audio: null,
        volumes: [],
        slice_length: 20,
        display_text: shown as DisplayText,
        actions: null,
        forwarded: true,
      });
  }

  #interrupt(heard: string): void {
    this.#conversation.interrupt(heard);
    if (this.#backend.groups.of(this.uid))
      for (const uid of this.#backend.groups.members(this.uid))
        this.#backend.connections
          .get(uid)
          ?.send({ type: "interrupt-signal", text: "conversation-interrupted" });
  }

  #others(): string[] {
    return this.#backend.groups.members(this.uid).filter((uid) => uid !== this.uid);
  }

  async #end(): Promise<void> {
    this.#record.closedMs = nowMs();
    await this.#conversation.end();
    this.#backend.leave(this.uid);
    this.#endTask();
  }
}
