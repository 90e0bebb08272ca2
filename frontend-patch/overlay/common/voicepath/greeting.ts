/**
 * What a server is told first on every connection, because it has forgotten everything: which
 * character was chosen, the frontend's questions, which history goes on, and what the user said that
 * was never answered. The server ends a conversation with its connection, so to say it again asks
 * nothing twice.
 */

/** What is said again until the server has answered it, and by which message it answers. */
const ANSWERS: ReadonlyMap<string, string> = new Map([
  ["mic-audio-data", "conversation-chain-start"],
  ["mic-audio-end", "conversation-chain-start"],
  ["text-input", "conversation-chain-start"],
  ["ai-speak-signal", "conversation-chain-start"],
  ["switch-config", "config-switched"],
  ["delete-history", "history-deleted"],
]);
/** Collected by the server, and answered with the speech's end. */
const COLLECTED = "mic-audio-data";
/** Of what is kept to be said again: some minutes of speech. */
const KEPT_CHARACTERS = 32 * 2 ** 20;

const QUESTIONS = ["fetch-backgrounds", "fetch-configs", "fetch-history-list"];

/** A message of the server, as far as it matters here. */
export interface Heard {
  readonly type: string;
  readonly text?: unknown;
  readonly history_uid?: unknown;
  readonly model_info?: unknown;
  readonly conf_name?: unknown;
  readonly conf_uid?: unknown;
}

interface Unanswered {
  readonly type: string;
  readonly text: string;
}

function say(type: string, fields: object = {}): string {
  return JSON.stringify({ type, ...fields });
}

/** What a message answers to: a control message is what it controls. */
function answerOf({ type, text }: Heard): string {
  return type === "control" && typeof text === "string" ? text : type;
}

function fileOf(switchConfig: string): string | undefined {
  const { file } = JSON.parse(switchConfig) as { file?: unknown };
  return typeof file === "string" ? file : undefined;
}

export class Greeting<Message extends Heard> {
  #historyUid: string | undefined;
  /** The chosen character's file; undefined for the server's own. */
  #character: string | undefined;
  /** While the server is switched back to it: what it said of its own character before. */
  #switchingBack: { own: Message | undefined } | undefined;
  #unanswered: Unanswered[] = [];
  #characters = 0;
  /** How many of them, the newest, still wait for a connection. */
  #waiting = 0;

  /** The history that goes on; undefined before the first. */
  get historyUid(): string | undefined {
    return this.#historyUid;
  }

  /**
   * A message was handed to the socket.
   *
   * @param waits - it goes with the next connection by itself
   */
  sent(type: string, text: string, message: object | null, waits: boolean): void {
    if (type === "fetch-and-set-history" && message && "history_uid" in message)
      if (typeof message.history_uid === "string") this.#historyUid = message.history_uid;
    if (!ANSWERS.has(type)) return;
    this.#unanswered.push({ type, text });
    this.#characters += text.length;
    if (waits) this.#waiting++;
    while (this.#characters > KEPT_CHARACTERS) this.#forget(0);
  }

  /** The server said something. @returns what of it the frontend is told */
  received(message: Message): readonly Message[] {
    const back = this.#switchingBack;
    const told = back ? this.#switchedBack(message, back) : [message];
    if (told.length > 0) this.#note(message);
    return told;
  }

  /** What is said first on the connection that just opened. */
  texts(): string[] {
    const character = this.#character && say("switch-config", { file: this.#character });
    this.#switchingBack = character ? { own: undefined } : undefined;
    const history = this.#historyUid
      ? say("fetch-and-set-history", { history_uid: this.#historyUid })
      : say("create-new-history");
    const handed = this.#unanswered.slice(0, this.#unanswered.length - this.#waiting);
    this.#waiting = 0;
    return [
      ...(character ? [character] : []),
      ...QUESTIONS.map((type) => say(type)),
      history,
      ...handed.map(({ text }) => text),
    ];
  }

  /** Another server is greeted from now on: it has none of the histories, and owes no answers. */
  elsewhere(): void {
    this.#historyUid = undefined;
    this.#character = undefined;
    while (this.#unanswered.length > this.#waiting) this.#forget(0);
  }

  #note(message: Heard): void {
    if (message.type === "new-history-created" && typeof message.history_uid === "string")
      this.#historyUid = message.history_uid;
    const answer = answerOf(message);
    const index = this.#unanswered.findIndex(
      (said) => said.type !== COLLECTED && ANSWERS.get(said.type) === answer,
    );
    const said = this.#unanswered[index];
    if (!said) return;
    this.#forget(index);
    if (said.type === "switch-config") this.#character = fileOf(said.text);
    if (said.type === "mic-audio-end")
      for (let i = index - 1; i >= 0; i--)
        if (this.#unanswered[i]?.type === COLLECTED) this.#forget(i);
  }

  /** Nobody sees that the server had begun with its own character, unless it stays with it. */
  #switchedBack(message: Message, back: { own: Message | undefined }): Message[] {
    switch (message.type) {
      case "set-model-and-conf": {
        if (back.own) return [message];
        back.own = message;
        const { model_info: _model, conf_name: _name, conf_uid: _uid, ...client } = message;
        // What was taken out may be absent.
        return [client as Message];
      }
      case "config-switched":
        this.#switchingBack = undefined;
        return [];
      case "error":
        this.#switchingBack = undefined;
        this.#character = undefined;
        return back.own ? [back.own, message] : [message];
      default:
        return [message];
    }
  }

  #forget(index: number): void {
    const [said] = this.#unanswered.splice(index, 1);
    this.#characters -= said?.text.length ?? 0;
    this.#waiting = Math.min(this.#waiting, this.#unanswered.length);
  }
}
