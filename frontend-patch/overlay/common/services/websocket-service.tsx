/**
 * The page's one connection to the server: it comes back by itself, what is sent meanwhile waits, and
 * what arrives is let in as an object with a type, or not at all.
 */
import { resolveEndpoints, type Scope, type Socket, type StateEvent } from "voicepath";
import type { BrowserViewData } from "@/context/browser-context";
import type { ConfigFile } from "@/context/character-config-context";
import type { ModelInfo } from "@/context/live2d-config-context";
import type { HistoryInfo } from "@/context/websocket-context";
import { openApp } from "@/voicepath/app";
import { Greeting } from "@/voicepath/greeting";
import { Listeners, type Subscription } from "@/voicepath/listeners";
import { setSendText } from "@/voicepath/outgoing";
import { reason, toast, words } from "@/voicepath/toasts";
import { markTurn } from "@/voicepath/turn-marks";

export interface DisplayText {
  text: string;
  name: string;
  avatar: string;
}

interface BackgroundFile {
  name: string;
  url: string;
}

export interface Actions {
  expressions?: string[] | number[];
  pictures?: string[];
  sounds?: string[];
}

export interface AudioPayload {
  type: "audio";
  audio?: string;
  volumes?: number[];
  slice_length?: number;
  display_text?: DisplayText;
  actions?: Actions;
}

export interface Message {
  id: string;
  content: string;
  role: "ai" | "human";
  timestamp: string;
  name?: string;
  avatar?: string;
  /** "text" when absent. */
  type?: "text" | "tool_call_status";
  tool_id?: string;
  tool_name?: string;
  status?: "running" | "completed" | "error";
}

/** Every field that some message has. What came is checked where it is used. */
export interface MessageEvent {
  type: string;
  text?: string;
  message?: string;
  success?: boolean;
  audio?: string;
  volumes?: number[];
  slice_length?: number;
  display_text?: DisplayText;
  actions?: Actions;
  forwarded?: boolean;
  files?: BackgroundFile[];
  configs?: ConfigFile[];
  model_info?: ModelInfo;
  live2d_model?: string;
  conf_name?: string;
  conf_uid?: string;
  client_uid?: string;
  uids?: string[];
  members?: string[];
  is_owner?: boolean;
  messages?: Message[];
  history_uid?: string;
  histories?: HistoryInfo[];
  tool_id: string;
  tool_name: string;
  name: string;
  status: string;
  content: string;
  timestamp: string;
  browser_view?: BrowserViewData;
}

type State = "CONNECTING" | "OPEN" | "CLOSING" | "CLOSED";

/** Ten minutes of speech at 8 bytes a sample, and what else is said meanwhile. */
const QUEUE = { maxMessages: 8192, maxBytes: 80 * 2 ** 20 };
/** A sentence of five minutes at 48 kHz fits; what is longer was not made by a conversation. */
const LONGEST_MESSAGE = 48 * 2 ** 20;
const HEARTBEAT = {
  everyMs: 15_000,
  timeoutMs: 10_000,
  message: '{"type":"heartbeat"}',
  isReply: (data: unknown): boolean =>
    typeof data === "string" && /^\s*\{\s*"type"\s*:\s*"heartbeat-ack"/.test(data),
};

/** With one of these the person has spoken, and waits. */
const SPOKEN: ReadonlySet<string> = new Set(["mic-audio-end", "text-input"]);

/** A socket that waits for its next attempt is closed to those who look at it. */
const STATES: Readonly<Partial<Record<StateEvent["state"], State>>> = {
  open: "OPEN",
  connecting: "CONNECTING",
};

function isMessage(value: unknown): value is MessageEvent & Record<string, unknown> {
  return (
    typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
  );
}

class WebSocketService {
  readonly #messages = new Listeners<MessageEvent>();
  readonly #states = new Listeners<State>();
  readonly #greeting = new Greeting<MessageEvent>();
  #state: State = "CLOSED";
  #socket: Socket<unknown, string> | undefined;
  /** Where it is connected, or was last. */
  #url: string | undefined;
  #wanted = false;
  /** What is sent before there is a socket. */
  #early: (() => void)[] = [];

  constructor() {
    setSendText((text) => this.#send("mic-audio-data", text, null));
  }

  /** To this address; nothing happens when it is connected there, or just about to be. */
  connect(url: string): void {
    try {
      resolveEndpoints(window.location, { pinned: url });
    } catch (error) {
      toast("address", reason(error));
      return;
    }
    if (this.#url !== undefined && this.#url !== url) this.#greeting.elsewhere();
    this.#url = url;
    this.#wanted = true;
    if (this.#socket) this.#connectTo(this.#socket, url);
    else void this.#load();
  }

  /** What cannot be sent now is sent when it can, in order. */
  sendMessage(message: object): void {
    const type = "type" in message && typeof message.type === "string" ? message.type : "";
    if (SPOKEN.has(type)) markTurn("speechEnd");
    this.#send(type, JSON.stringify(message), message);
  }

  onMessage(callback: (message: MessageEvent) => void): Subscription {
    return this.#messages.add(callback);
  }

  onStateChange(callback: (state: State) => void): Subscription {
    return this.#states.add(callback);
  }

  /** Until the next connect. */
  disconnect(): void {
    this.#wanted = false;
    this.#socket?.disconnect();
    this.#setState("CLOSED");
  }

  getCurrentState(): State {
    return this.#state;
  }

  // ---- The socket ----

  async #load(): Promise<void> {
    this.#setState("CONNECTING");
    try {
      const { scope } = await openApp();
      if (this.#socket || this.#url === undefined || !this.#wanted) return;
      this.#socket = this.#open(scope, this.#url);
      const early = this.#early;
      this.#early = [];
      for (const send of early) send();
    } catch (error) {
      this.#setState("CLOSED");
      toast("library", `The connection cannot be made: ${reason(error)}`);
    }
  }

  #open(scope: Scope, url: string): Socket<unknown, string> {
    const socket = scope.socket<unknown, string>({
      url,
      heartbeat: HEARTBEAT,
      queue: QUEUE,
      backoffBaseMs: 500,
      greeting: () => this.#greeting.texts(),
    });
    this.#setState(STATES[socket.state] ?? "CLOSED");
    socket.on("state", ({ state }) => this.#setState(STATES[state] ?? "CLOSED"));
    socket.on("message", ({ data }) => this.#receive(data));
    socket.on("dropped", ({ reason: why }) => {
      if (why === "overflow")
        toast("overflow", "The server was away for so long that messages to it were dropped.");
    });
    return socket;
  }

  #connectTo(socket: Socket<unknown, string>, url: string): void {
    socket.setURL(url);
    if (socket.state === "closed") socket.connect();
    else if (socket.state !== "open" && socket.state !== "connecting") socket.reconnect();
  }

  #setState(state: State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#states.tell(state);
  }

  // ---- Messages ----

  #send(type: string, text: string, message: object | null): void {
    const socket = this.#socket;
    if (!socket) {
      this.#early.push(() => this.#send(type, text, message));
      return;
    }
    const outcome = socket.send(text);
    if (outcome !== "dropped") this.#greeting.sent(type, text, message, outcome === "queued");
  }

  #receive(data: unknown): void {
    if (typeof data !== "string") {
      toast("message", "The server sent bytes where a message was expected; they were dropped.");
      return;
    }
    if (data.length > LONGEST_MESSAGE) {
      const megabytes = Math.round(data.length / 2 ** 20);
      toast("message", `The server sent a message of ${megabytes} MB; it was dropped.`);
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(data);
    } catch (error) {
      toast("message", `${words("error.failedParseWebSocket")}: ${reason(error)}`);
      return;
    }
    if (!isMessage(message)) {
      toast("message", "The server sent something that is no message; it was dropped.");
      return;
    }
    for (const told of this.#greeting.received(message)) this.#messages.tell(told);
  }
}

export const wsService = new WebSocketService();
