/** One tab of an application that wants one socket and one microphone over all its tabs. */
import { type Leadership, loadSession, Registry, type Socket } from "voicepath";

/** What the only tab tells the server when it came back from the back/forward cache. */
export interface ShownReport {
  /** From pageshow until the socket was open. */
  readonly openMs: number;
}

const registry = Registry.create(await loadSession());
const scope = registry.scope("app");
const failures: string[] = [];
registry.on("failure", ({ name, error }) => failures.push(`${name}: ${String(error)}`));

class Tab {
  readonly #socket: Socket<string, string>;
  readonly #microphone: Leadership;

  /** @param endMs - how long it takes to end what leads */
  constructor(url: string, endMs: number) {
    this.#socket = scope.socket<string, string>({ url, leader: "app" });
    this.#microphone = scope.lead("app", async (leading) => {
      if (endMs > 0) leading.defer(() => new Promise((resolve) => setTimeout(resolve, endMs)));
      await leading.mediaStream({ audio: true });
    });
  }

  get socket(): Socket<string, string> {
    return this.#socket;
  }

  get microphone(): Leadership {
    return this.#microphone;
  }

  get facts() {
    return {
      leading: this.#microphone.leading,
      state: this.#socket.state,
      reason: this.#socket.reason,
      microphones: window.census.liveTracks(),
      failures,
      shown: stage.shown,
    };
  }
}

const stage = {
  tab: undefined as Tab | undefined,
  /** How often it came back from the back/forward cache. */
  shown: 0,
  open(url: string, endMs = 0): void {
    stage.tab = new Tab(url, endMs);
  },
};

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  const shownMs = performance.now();
  stage.shown++;
  const stop = stage.tab?.socket.on("open", () => {
    stop?.();
    const report: ShownReport = { openMs: performance.now() - shownMs };
    stage.tab?.socket.send(JSON.stringify(report));
  });
});

declare global {
  interface Window {
    tabs: typeof stage;
  }
}

window.tabs = stage;
