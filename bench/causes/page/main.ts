/**
 * A small page with the shape of a talking character's: it draws, it has a socket, it talks in turns,
 * and a monitor watches. Trials make it ill and read what the monitor says.
 */
import { loadSession, Registry, type Scope } from "voicepath";
import { instrument } from "voicepath/instrument";
import { Monitor } from "voicepath/monitor";
import { type AppOptions, DEFAULTS } from "./app-options.js";
import { Conversation } from "./conversation.js";
import { Doll } from "./doll.js";
import { FAULTS, type FaultName, type FaultOptions } from "./faults/index.js";
import { Log } from "./log.js";

class App {
  readonly #scope: Scope;
  readonly #options: AppOptions;
  readonly #monitor: Monitor;
  readonly #doll: Doll;
  readonly log: Log;

  constructor(registry: Registry, options: AppOptions) {
    this.#scope = registry.scope("app");
    this.#options = options;
    this.#monitor = Monitor.create(registry, { periodMs: options.periodMs });
    this.log = new Log(this.#monitor);
    instrument(globalThis, { registry });
    this.#doll = new Doll(options);
    new Conversation(this.#scope, this.#monitor.turns, options);
  }

  break<Name extends FaultName>(name: Name, options: FaultOptions[Name]): void {
    FAULTS[name](options, { doll: this.#doll, scope: this.#scope, url: this.#options.url });
  }
}

declare global {
  var app: App;
}

const given = JSON.parse(new URLSearchParams(location.search).get("options") ?? "{}");
globalThis.app = new App(Registry.create(await loadSession()), { ...DEFAULTS, ...given });
