/** Tabs that answer each other on a BroadcastChannel: each call is answered by all who are there. */

type Message = { readonly type: "call" | "here"; readonly census: string };

/** An answer comes in milliseconds; a tab that is busy for longer is left out once. */
const ANSWER_MS = 200;

export class TabCensus {
  readonly #name: string;
  #channel: BroadcastChannel | undefined;
  /** The census under way, by a name that no other has, and its answers. */
  #census = "";
  #answers = 0;

  constructor(name: string) {
    this.#name = name;
  }

  enter(): void {
    if (this.#channel) return;
    const channel = new BroadcastChannel(this.#name);
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data.type === "call") channel.postMessage({ type: "here", census: data.census });
      else if (data.census === this.#census) this.#answers++;
    };
    this.#channel = channel;
  }

  leave(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Those that are there; 0 when this one is not. */
  async count(): Promise<number> {
    if (!this.#channel) return 0;
    // Not crypto.randomUUID(), which pages that are not secure do not have.
    this.#census = `${Math.random()} ${performance.now()}`;
    this.#answers = 0;
    this.#channel.postMessage({ type: "call", census: this.#census });
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return this.#answers + 1;
  }
}
