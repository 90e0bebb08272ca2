/** What was said, kept while the server's object lives: a client that comes back finds its own. */
import { randomUUID } from "node:crypto";
import type { HistoryInfo, HistoryMessage } from "./messages.js";

/** A conversation, and how far the script has come in it. */
export class History {
  readonly uid: string;
  readonly messages: HistoryMessage[] = [];
  /** Utterances that were transcribed. */
  heard = 0;
  /** Turns of any kind. */
  turns = 0;

  constructor(uid: string) {
    this.uid = uid;
  }

  add(role: HistoryMessage["role"], content: string, who: Partial<HistoryMessage> = {}): void {
    this.messages.push({ ...who, role, content, timestamp: new Date().toISOString() });
  }

  get info(): HistoryInfo {
    const latest = this.messages.at(-1) ?? null;
    return { uid: this.uid, latest_message: latest, timestamp: latest?.timestamp ?? null };
  }
}

export class Histories {
  /** The newest last. */
  readonly #histories = new Map<string, History>();
  #made = 0;

  /** Ever created. */
  get made(): number {
    return this.#made;
  }

  get size(): number {
    return this.#histories.size;
  }

  create(): History {
    this.#made++;
    const day = new Date().toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");
    const history = new History(`${day}_${randomUUID().replaceAll("-", "")}`);
    this.#histories.set(history.uid, history);
    return history;
  }

  get(uid: string): History | undefined {
    return this.#histories.get(uid);
  }

  delete(uid: string): boolean {
    return this.#histories.delete(uid);
  }

  /** Those with messages, the newest first. As in the backend, asking removes the empty ones. */
  list(): HistoryInfo[] {
    for (const [uid, { messages }] of this.#histories)
      if (messages.length === 0 && this.#histories.size > 1) this.#histories.delete(uid);
    return [...this.#histories.values()]
      .filter(({ messages }) => messages.length > 0)
      .map(({ info }) => info)
      .sort((a, b) => (b.timestamp ?? "").localeCompare(a.timestamp ?? ""));
  }
}
