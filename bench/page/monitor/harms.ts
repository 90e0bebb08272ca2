/** What makes a page slow, done for real, the way applications do it: without owning what they open. */
import type { Scope } from "voicepath";
import type { CauseName } from "voicepath/monitor";
import { CHARACTERS, Model } from "../stage/character";
import { FaultyServer } from "../suites/faults";
import type { Conversation } from "./conversation";

/** What can be harmed. */
export interface Scene {
  /** Ends with the harm. */
  readonly scope: Scope;
  readonly gl: WebGL2RenderingContext | null;
  readonly conversation: Conversation;
  /** That the page's heartbeats go to. */
  readonly server: FaultyServer;
}

export interface Harm {
  readonly name: string;
  /** What the monitor should find. */
  readonly cause: CauseName;
  begin(scene: Scene): void | Promise<void>;
}

/** A cache that is always full: everything that is new, and everything that is old, is garbage soon. */
const CACHED = 900_000;
const REPLACED = 6000;
/** And copies of long lists, which fill the heap at once. */
const COPIES = 8;
const COPY_LENGTH = 150_000;
const REPLACE_EVERY_MS = 16;

const LOOPS_MAX = 120;
const LOOP_EVERY_MS = 250;

const SLOWER_MS = 9000;
const RECONNECT_MS = 250;

const BUSY_MS = 170;
const BUSY_EVERY_MS = 350;

/** By the browser's own timer, so that the browser can say which script it is that takes so long. */
function repeat(scope: Scope, periodMs: number, work: () => void): void {
  const timer = setInterval(work, periodMs);
  scope.defer(() => clearInterval(timer));
}

function makeGarbage({ scope }: Scene): void {
  const cache = new Map<number, object>();
  let newest = 0;
  const put = (): void => {
    cache.set(newest, { key: newest, words: [`message ${newest}`], next: { key: newest } });
    newest++;
  };
  while (newest < CACHED) put();
  const copies: unknown[][] = [];
  repeat(scope, REPLACE_EVERY_MS, () => {
    for (let i = 0; i < REPLACED; i++) {
      put();
      cache.delete(newest - CACHED);
    }
    for (let i = 0; i < COPIES; i++) copies[i] = new Array(COPY_LENGTH);
  });
  scope.defer(() => cache.clear());
}

/** Loops of a view that was opened again and again: each has its model, and draws it. */
function pileUpLoops({ scope, gl }: Scene): void {
  if (!gl) return;
  let loops = 0;
  const [character] = CHARACTERS;
  const adding = scope.interval(() => {
    if (!character || ++loops > LOOPS_MAX) return adding.dispose();
    const model = new Model(scope, gl, character);
    const draw = (timeMs: number): void => {
      if (scope.disposed) return;
      model.draw(timeMs, 0);
      requestAnimationFrame(draw);
    };
    requestAnimationFrame(draw);
  }, LOOP_EVERY_MS);
}

function slowTheAnswer({ scope, conversation }: Scene): void {
  conversation.delayMs = SLOWER_MS;
  scope.defer(() => {
    conversation.delayMs = 0;
  });
}

/** Its connections stand, and nothing comes through; in the end it is started again. */
async function stallTheBackend({ scope, server }: Scene): Promise<void> {
  scope.defer(async () => {
    await server.kill();
    await server.listen();
  });
  await server.halfOpen();
}

/** A client that comes back at once, and never gives up, at a server that is gone. */
async function reconnectForEver({ scope }: Scene): Promise<void> {
  const server = await scope.acquire(
    "server",
    () => FaultyServer.start(),
    (started) => started.end(),
  );
  await server.value.kill();
  let socket: WebSocket | undefined;
  const connect = (): void => {
    if (scope.disposed) return;
    socket = new WebSocket(server.value.url);
    socket.onclose = () => setTimeout(connect, RECONNECT_MS);
  };
  connect();
  scope.defer(() => socket?.close());
}

function keepBusy(): void {
  const end = performance.now() + BUSY_MS;
  while (performance.now() < end);
}

function runABusyScript({ scope }: Scene): void {
  repeat(scope, BUSY_EVERY_MS, keepBusy);
}

export const HARMS: readonly Harm[] = [
  { name: "Make garbage", cause: "collector", begin: makeGarbage },
  { name: "Pile up loops", cause: "rendering", begin: pileUpLoops },
  { name: "Slow the answer", cause: "model", begin: slowTheAnswer },
  { name: "Stall the backend", cause: "backend", begin: stallTheBackend },
  { name: "Reconnect for ever", cause: "reconnect", begin: reconnectForEver },
  { name: "Busy script", cause: "script", begin: runABusyScript },
];
