/** Opens and closes the stage, and does what a person would do on it: for the stress run. */
import type { Registry } from "voicepath";
import type { StressHooks } from "../../stress/hooks.js";

/** What a conversation offers once it is ready. */
export interface Conversation {
  startMic(): Promise<void>;
  stopMic(): Promise<void>;
  /** Until the answer has been heard. */
  say(text: string): Promise<void>;
  /** Until the next character is drawn. */
  nextModel(): Promise<void>;
}

const LOOK_MS = 2;
const FALLING_ASLEEP_MS = 200;

const sleep = (timeMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, timeMs));

export class Stagehand {
  readonly #registry: Registry;
  /** What is open on an empty stage. */
  readonly #idle: number;
  #show: (open: boolean) => void = () => {};
  #conversation: Conversation | null = null;
  #failure: string | null = null;
  /** Connections so far, and how many of them were asked about. */
  #opened = 0;
  #known = 1;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#idle = registry.active();
  }

  /** The stage tells how it is opened. */
  operate(show: (open: boolean) => void): void {
    this.#show = show;
  }

  /** A conversation tells that it is ready, or null that it is gone. */
  ready(conversation: Conversation | null): void {
    this.#conversation = conversation;
  }

  /** A conversation tells that it never will be. */
  failed(failure: string): void {
    this.#failure = failure;
  }

  /** The conversation is connected, for the first time or again. */
  opened(): void {
    this.#opened++;
  }

  readonly hooks: StressHooks = {
    "open-close": {
      open: async () => {
        this.#show(true);
        await this.#ready();
      },
      close: async () => {
        this.#show(false);
        await until(() => this.#conversation === null && this.#registry.active() === this.#idle);
      },
    },
    mic: {
      start: async () => (await this.#ready()).startMic(),
      stop: async () => {
        await (await this.#ready()).stopMic();
        // Until it sleeps, an AudioContext keeps the sources of streams that have ended.
        await sleep(FALLING_ASLEEP_MS);
      },
    },
    reconnect: {
      reconnected: async () => {
        await until(() => this.#opened > this.#known);
        this.#known = this.#opened;
      },
    },
    turns: { turn: async () => (await this.#ready()).say("Tell me something.") },
    "model-switch": { next: async () => (await this.#ready()).nextModel() },
  };

  async #ready(): Promise<Conversation> {
    await until(() => this.#conversation !== null || this.#failure !== null);
    if (this.#conversation) return this.#conversation;
    throw new Error(this.#failure ?? "there is no conversation");
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(LOOK_MS);
}
