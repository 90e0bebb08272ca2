/**
 * The turns of one connection, in the backend's order:
 *
 *     conversation-chain-start, "Thinking...", what was heard, tool calls, the sentences with their
 *     voice, backend-synth-complete twice, [frontend-playback-complete], force-new-message,
 *     conversation-chain-end
 *
 * As there, the wait for frontend-playback-complete has no timeout, and only the newest turn that waits
 * can be answered: an older one waits until the connection ends. An interruption cancels the newest
 * turn, and nothing is answered.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "./backend.js";
import { nowMs, type TurnRecord } from "./books.js";
import { type Character, expressionsOf } from "./characters.js";
import { History } from "./histories.js";
import type { ServerMessage } from "./messages.js";
import { type ScriptTurn, type Sentence, type ToolCall, turnFor } from "./script.js";

export type Input =
  | { readonly by: "voice"; readonly samples: number }
  | { readonly by: "text"; readonly text: string }
  | { readonly by: "unasked" };

export interface Speaker {
  readonly uid: string;
  readonly character: Character;
  send(message: ServerMessage): void;
}

/** A turn under way. */
interface Turn {
  readonly record: TurnRecord;
  readonly stop: AbortController;
}

export class Conversation {
  readonly #backend: Backend;
  readonly #speaker: Speaker;
  /** Those under way. */
  readonly #turns = new Map<Turn, Promise<void>>();
  /** Waits for the playback's end. */
  #wake: (() => void) | undefined;
  #newest: Turn | undefined;
  /** Not in the lists until the client asks for one. */
  history = new History("");

  constructor(backend: Backend, speaker: Speaker) {
    this.#backend = backend;
    this.#speaker = speaker;
  }

  begin(input: Input): void {
    const { books, tasks } = this.#backend;
    const turn = { record: books.begins(this.#speaker.uid, input.by), stop: new AbortController() };
    const end = tasks.begin();
    this.#newest = turn;
    const done = this.#run(turn, input)
      .catch((error: unknown) => {
        if (turn.stop.signal.aborted) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.#speaker.send({ type: "error", message: `Conversation error: ${reason}` });
      })
      .finally(() => {
        turn.record.endedMs = nowMs();
        this.#turns.delete(turn);
        end();
      });
    this.#turns.set(turn, done);
  }

  /** @param heard - of the answer, as the client tells it */
  interrupt(heard: string): void {
    const turn = this.#newest;
    if (!turn) return;
    if (this.#turns.has(turn)) {
      turn.record.interrupted = true;
      turn.stop.abort();
    }
    this.#answered(heard);
    this.history.add("system", "[Interrupted by user]");
  }

  playbackComplete(): void {
    if (this.#newest) this.#newest.record.completes++;
    this.#wake?.();
  }

  /** The connection has ended. */
  async end(): Promise<void> {
    for (const { stop } of this.#turns.keys()) stop.abort();
    await Promise.all(this.#turns.values());
  }

  async #run({ record, stop: { signal } }: Turn, input: Input): Promise<void> {
    const { send } = this.#speaker;
    const { pace, script } = this.#backend;
    send({ type: "control", text: "conversation-chain-start" });
    send({ type: "full-text", text: "Thinking..." });
    const { user, reply, tool } = await this.#hear(input, signal);
    record.user = user;
    if (input.by !== "unasked") this.history.add("human", user, { name: "Human" });
    await sleep(pace.thinkingMs, undefined, { signal });
    if (tool) await this.#use(tool, signal);
    const shown: string[] = [];
    for (const sentence of reply) {
      await sleep(pace.synthesisMs, undefined, { signal });
      const message = this.#spoken(sentence);
      send(message);
      shown.push(message.display_text.text);
      record.sentences++;
    }
    send({ type: "backend-synth-complete" });
    send({ type: "backend-synth-complete" });
    record.synthesizedMs = nowMs();
    await this.#played(signal);
    send({ type: "force-new-message" });
    send({ type: "control", text: "conversation-chain-end" });
    this.#answered(shown.join(script.language === "zh" ? "" : " "));
  }

  async #hear(input: Input, signal: AbortSignal): Promise<ScriptTurn> {
    const { script, pace } = this.#backend;
    const { history } = this;
    if (input.by === "unasked") return { user: "", reply: script.unasked };
    const n = history.turns++;
    if (input.by === "text") return { ...turnFor(script, input.text, n), user: input.text };
    if (input.samples === 0) throw new Error("there is no audio to transcribe");
    const turn = turnFor(script, "", history.heard++);
    await sleep(pace.transcriptionMs, undefined, { signal });
    this.#speaker.send({ type: "user-input-transcription", text: turn.user });
    return turn;
  }

  async #use({ name, input, result }: ToolCall, signal: AbortSignal): Promise<void> {
    const call = {
      type: "tool_call_status",
      tool_id: `call_${randomUUID()}`,
      tool_name: name,
      name: this.#speaker.character.name,
    } as const;
    const tell = (status: "running" | "completed", content: string): void =>
      this.#speaker.send({ ...call, status, content, timestamp: new Date().toISOString() });
    tell("running", `Input: ${JSON.stringify(input)}`);
    await sleep(this.#backend.pace.toolMs, undefined, { signal });
    tell("completed", result);
  }

  #spoken({ text, tag }: Sentence): ServerMessage<"audio"> {
    const { character } = this.#speaker;
    const { name, avatar } = character;
    const clip = this.#backend.clip(character, text);
    const expressions = tag ? expressionsOf(character, tag) : [];
    return {
      type: "audio",
      audio: clip?.wav ?? null,
      volumes: clip?.volumes ?? [],
      slice_length: clip?.sliceMs ?? 20,
      display_text: { text: tag ? `${tag} ${text}` : text, name, avatar },
      actions: expressions.length > 0 ? { expressions } : {},
      forwarded: false,
    };
  }

  #played(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        if (this.#wake === wake) this.#wake = undefined;
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  #answered(text: string): void {
    const { name, avatar } = this.#speaker.character;
    this.history.add("ai", text, { name, avatar });
  }
}
