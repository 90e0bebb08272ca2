/**
 * Random stories (a million with STORIES=1000000) of opening, closing, closing twice, using what is closed, ending scopes
 * while something opens, sockets that come and go, pages that freeze and tabs that take over. After
 * each: nothing is open, nothing called back after its end, and every misuse was counted or thrown.
 */
import { expect, test } from "vitest";
import {
  FakeClock,
  type Leadership,
  loadSession,
  type Owned,
  type Platform,
  Registry,
  type Resource,
  type Scope,
  type SessionModule,
  type Socket,
  type Timer,
  VoicepathError,
} from "../../dist/index.js";
import { Random } from "../../tools/random.js";
import { FakeLocks, FakePage, FakeWebSocket, PAGE_EVENTS } from "./fake-page.js";

const STORIES = Number(process.env["STORIES"] ?? 150_000);
const FIRST_SEED = Number(process.env["SEED"] ?? 1);
/** Stories that share a registry. */
const CHAPTER = 1000;

interface OpenScope {
  readonly scope: Scope;
  readonly parent: OpenScope | undefined;
}

interface Thing {
  readonly owner: OpenScope;
  readonly resource: Resource;
  closed: boolean;
}

/** Something the story settles when it likes. */
interface Pending {
  settle(ok: boolean): void;
}

interface Counts {
  doubleClosed: number;
  refused: number;
}

const fail = (what: string): never => {
  throw new Error(what);
};

/** What surrounds the stories of a chapter. */
class World {
  readonly clock = new FakeClock();
  readonly page = new FakePage();
  readonly locks = new FakeLocks();
  readonly registry: Registry;
  /** Misuse that the registry must have counted. */
  readonly expected: Counts = { doubleClosed: 0, refused: 0 };
  readonly errors: unknown[] = [];

  constructor(session: SessionModule) {
    const platform = {
      window: this.page,
      document: this.page,
      locks: this.locks,
      WebSocket: FakeWebSocket,
    } as unknown as Platform;
    const chance = new Random(7);
    this.registry = Registry.create(session, {
      clock: this.clock,
      platform,
      random: () => chance.next(),
    });
    this.registry.on("failure", ({ error }) => this.errors.push(error));
  }
}

class Story {
  readonly #world: World;
  readonly #bytes: Uint8Array;
  readonly #scopes: OpenScope[];
  readonly #things: Thing[] = [];
  readonly #pending: Pending[] = [];
  readonly #sockets: Socket<unknown, string>[] = [];
  readonly #leaderships: Leadership[] = [];
  #at = 0;
  #opened = 0;
  #closed = 0;

  constructor(world: World, bytes: Uint8Array) {
    this.#world = world;
    this.#bytes = bytes;
    FakeWebSocket.all.length = 0;
    this.#scopes = [{ scope: world.registry.scope("story"), parent: undefined }];
  }

  async run(): Promise<void> {
    while (this.#at < this.#bytes.length) {
      const pause = this.#step(this.#take(STEPS));
      if (pause) await pause;
    }
    await this.#end();
  }

  #take(below: number): number {
    return (this.#bytes[this.#at++] ?? 0) % below;
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.#take(Math.max(1, list.length))];
  }

  #ended(owner: OpenScope | undefined): boolean {
    for (let scope = owner; scope; scope = scope.parent) if (scope.scope.disposed) return true;
    return false;
  }

  /** Opens something in some scope; in one that has ended, that must be refused by name. */
  #open(open: (owner: OpenScope, guard: () => void) => Resource | undefined): void {
    const owner = this.#pick(this.#scopes);
    if (!owner) return;
    const thing: { is?: Thing } = {};
    const guard = (): void => {
      if (thing.is?.closed || this.#ended(owner)) fail("called back after its end");
    };
    if (this.#ended(owner)) {
      this.#world.expected.refused++;
      this.#mustThrow(() => open(owner, guard));
      return;
    }
    const resource = open(owner, guard);
    if (!resource) return;
    thing.is = { owner, resource, closed: false };
    this.#things.push(thing.is);
  }

  #mustThrow(action: () => unknown): void {
    try {
      action();
    } catch (error) {
      if (error instanceof VoicepathError && error.code === "DISPOSED") return;
      throw error;
    }
    fail("misuse was not noticed");
  }

  #acquire(): void {
    const owner = this.#pick(this.#scopes);
    if (!owner) return;
    if (this.#ended(owner)) this.#world.expected.refused++;
    let arrivedAfterTheEnd = false;
    const promise = owner.scope.acquire(
      "thing",
      () =>
        new Promise<number>((resolve, reject) => {
          this.#pending.push({
            settle: (ok) => {
              arrivedAfterTheEnd = this.#ended(owner);
              if (ok) resolve(++this.#opened);
              else reject(new Error("no"));
            },
          });
        }),
      () => this.#closed++,
    );
    promise.then(
      (resource: Owned<number>) => {
        if (arrivedAfterTheEnd) this.#world.errors.push("acquired after the end");
        this.#things.push({ owner, resource, closed: false });
      },
      (error: unknown) => {
        const disposed = error instanceof VoicepathError && error.code === "DISPOSED";
        if (!disposed && (error as Error).message !== "no") this.#world.errors.push(error);
      },
    );
  }

  #task(): void {
    const owner = this.#pick(this.#scopes);
    if (!owner) return;
    const deadlineMs = this.#take(2) ? 3 : undefined;
    let doneAfterTheEnd = false;
    const work = new Promise<void>((resolve, reject) => {
      this.#pending.push({
        settle: (ok) => {
          doneAfterTheEnd = this.#ended(owner);
          if (ok) resolve();
          else reject(new Error("no"));
        },
      });
    });
    work.catch(() => {});
    if (this.#ended(owner)) {
      this.#world.expected.refused++;
      this.#mustThrow(() => owner.scope.task(work));
      return;
    }
    const options = deadlineMs === undefined ? {} : { deadlineMs };
    owner.scope.task(work, options).then(
      () => {
        if (doneAfterTheEnd) this.#world.errors.push("a task resolved after the end");
      },
      () => {},
    );
  }

  #close(): void {
    const thing = this.#pick(this.#things);
    if (!thing) return;
    if (thing.resource.disposed) this.#world.expected.doubleClosed++;
    thing.closed = true;
    thing.resource.dispose();
  }

  #use(): void {
    const thing = this.#pick(this.#things);
    if (!thing) return;
    const { resource } = thing;
    if ("start" in resource) {
      const timer = resource as Timer;
      if (timer.disposed) this.#mustThrow(() => timer.start(1));
      else timer.start(1 + this.#take(4));
    } else if ("value" in resource && resource.disposed) {
      this.#mustThrow(() => (resource as Owned<number>).value);
    }
  }

  #endScope(): void {
    const scope = this.#pick(this.#scopes)?.scope;
    if (!scope) return;
    // A part of something that ended has not been closed twice the first time it is told itself.
    if (scope.disposed) this.#world.expected.doubleClosed++;
    void scope.dispose({ deadlineMs: this.#take(4) });
  }

  #socket(): void {
    const leader = this.#take(2) ? "lock" : undefined;
    this.#open((owner, guard) => {
      const socket = owner.scope.socket<unknown, string>({
        url: "ws://example.com/",
        backoffBaseMs: 2,
        backoffCapMs: 8,
        budgetOpens: 4,
        budgetWindowMs: 20,
        minUptimeMs: 2,
        connectTimeoutMs: 5,
        breakerCooldownMs: 9,
        resumeJitterMs: 2,
        heartbeat: {
          everyMs: 4,
          timeoutMs: 3,
          message: "ping",
          isReply: (data) => data === "pong",
        },
        queue: { maxMessages: 3 },
        ...(leader && { leader }),
      });
      socket.on("message", guard);
      socket.on("open", guard);
      socket.on("pong", guard);
      this.#sockets.push(socket);
      return socket;
    });
  }

  #useSocket(): void {
    const socket = this.#pick(this.#sockets);
    const action = this.#take(5);
    if (!socket) return;
    if (action === 3) {
      socket.disconnect();
      return;
    }
    const act = (): unknown => {
      if (action === 0) return socket.send("hello");
      if (action === 1) return socket.connect();
      if (action === 2) return socket.reconnect();
      return socket.setURL(`ws://example.com/${this.#take(2)}`);
    };
    if (socket.disposed) this.#mustThrow(act);
    else act();
  }

  #lead(): void {
    this.#open((owner) => {
      const leadership = owner.scope.lead("lock", (leading) => {
        if (leading.disposed || this.#ended(owner)) fail("leads after the end");
        this.#world.locks.leaders++;
        leading.defer(() => this.#world.locks.leaders--);
      });
      this.#leaderships.push(leadership);
      return leadership;
    });
  }

  #server(): void {
    const socket = this.#pick(FakeWebSocket.all);
    const action = this.#take(6);
    if (!socket) return;
    if (action === 0) socket.accept();
    if (action === 1) socket.receive("hello");
    if (action === 2) socket.receive("pong");
    if (action >= 3) socket.drop();
  }

  #step(step: number): Promise<void> | undefined {
    const { clock, page } = this.#world;
    switch (step) {
      case 0:
        this.#open(({ scope }, guard) => scope.timeout(guard, this.#take(8)));
        break;
      case 1:
        this.#open(({ scope }, guard) => scope.interval(guard, 1 + this.#take(8)));
        break;
      case 2:
        this.#open(({ scope }, guard) => scope.raf(guard));
        break;
      case 3:
        this.#open(({ scope }) => {
          const resource = scope.defer(() => {
            this.#closed++;
          });
          this.#opened++;
          return resource;
        });
        break;
      case 4:
        this.#open(({ scope }) => {
          const resource = scope.defer(() => {
            this.#closed++;
            return new Promise<void>((resolve, reject) => {
              this.#pending.push({ settle: (ok) => (ok ? resolve() : reject(new Error("no"))) });
            });
          });
          this.#opened++;
          return resource;
        });
        break;
      case 5:
        this.#open(({ scope }, guard) => scope.listen(page, "ping", guard));
        break;
      case 6:
        this.#open(({ scope }, guard) => scope.timer(guard));
        break;
      case 7:
        this.#acquire();
        break;
      case 8:
        this.#task();
        break;
      case 9: {
        const parent = this.#pick(this.#scopes);
        if (!parent) break;
        if (this.#ended(parent)) {
          this.#world.expected.refused++;
          this.#mustThrow(() => parent.scope.scope("part"));
        } else this.#scopes.push({ scope: parent.scope.scope("part"), parent });
        break;
      }
      case 10:
      case 11:
        this.#close();
        break;
      case 12:
        this.#use();
        break;
      case 13:
        if (this.#take(3) === 0) this.#endScope();
        break;
      case 14:
        clock.advance(this.#take(12));
        break;
      case 15:
        this.#pending.splice(this.#take(8), 1)[0]?.settle(this.#take(4) > 0);
        break;
      case 16:
        page.dispatchEvent(new Event("ping"));
        break;
      case 17:
        return turns(1 + this.#take(6));
      case 18:
        this.#socket();
        break;
      case 19:
        this.#useSocket();
        break;
      case 20:
      case 21:
        this.#server();
        break;
      case 22:
        page.tell(this.#pick(PAGE_EVENTS) ?? "online");
        break;
      case 23:
        this.#lead();
        break;
      case 24:
        this.#world.locks.otherTab(this.#take(3));
        break;
      case 25: {
        const leadership = this.#pick(this.#leaderships);
        if (leadership?.disposed) this.#mustThrow(() => leadership.takeOver());
        else leadership?.takeOver();
        break;
      }
    }
    return undefined;
  }

  /** Ends everything, lets everything settle, and looks what is left. */
  async #end(): Promise<void> {
    const { registry, clock, locks, expected, errors, page } = this.#world;
    const [first] = this.#scopes;
    if (first && !first.scope.disposed) void first.scope.dispose();
    locks.otherTab(0);
    for (let turn = 0; turn < 50; turn++) {
      for (const pending of this.#pending.splice(0)) pending.settle(true);
      clock.advance(10);
      page.dispatchEvent(new Event("ping"));
      await turns(4);
      if (this.#pending.length === 0 && registry.active() + locks.size === 0) break;
    }
    const { doubleClosed, refused } = registry.stats();
    const state = {
      active: registry.active(),
      doubleClosed,
      refused,
      closed: this.#closed,
      sockets: FakeWebSocket.all.filter(({ readyState }) => readyState < 2).length,
      leaders: locks.leaders,
      locks: locks.size,
      alarms: Math.min(1, clock.pending),
      errors: errors.filter((error) => (error as Error).message !== "no").map(String),
    };
    const wanted = {
      active: 0,
      doubleClosed: expected.doubleClosed,
      refused: expected.refused,
      closed: this.#opened,
      sockets: 0,
      leaders: 0,
      locks: 0,
      alarms: state.alarms,
      errors: [],
    };
    if (JSON.stringify(state) !== JSON.stringify(wanted))
      fail(`left ${JSON.stringify(state)}, not ${JSON.stringify(wanted)}`);
  }
}

const STEPS = 26;

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}

function storyOf(seed: number): Uint8Array {
  const random = new Random(seed);
  const bytes = new Uint8Array(random.integer(2, 41));
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.integer(0, 255);
  return bytes;
}

async function failureOf(session: SessionModule, bytes: Uint8Array): Promise<unknown> {
  const world = new World(session);
  try {
    await new Story(world, bytes).run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Leaves out what is not needed to fail. */
async function shrink(session: SessionModule, bytes: Uint8Array): Promise<Uint8Array> {
  for (let size = bytes.length >> 1; size > 0; size >>= 1)
    for (let from = 0; from + size <= bytes.length; ) {
      const shorter = new Uint8Array([...bytes.subarray(0, from), ...bytes.subarray(from + size)]);
      if (await failureOf(session, shorter)) bytes = shorter;
      else from += size;
    }
  return bytes;
}

test(`${STORIES} stories end with nothing open`, { timeout: 600_000 }, async () => {
  const session = await loadSession();
  let rejected: unknown;
  const onRejection = (error: unknown): void => {
    rejected ??= error;
  };
  process.on("unhandledRejection", onRejection);
  const totals = { doubleClosed: 0, refused: 0, opened: 0, late: 0 };
  for (let from = 0; from < STORIES; from += CHAPTER) {
    const world = new World(session);
    for (let seed = FIRST_SEED + from; seed < FIRST_SEED + from + CHAPTER; seed++) {
      const bytes = storyOf(seed);
      try {
        await new Story(world, bytes).run();
        if (rejected) throw rejected;
      } catch (error) {
        rejected = undefined;
        const short = await shrink(session, bytes);
        const why = await failureOf(session, short);
        throw new Error(
          `story ${seed}, as short as ${JSON.stringify([...short])}: ${why ?? error}`,
          {
            cause: why ?? error,
          },
        );
      }
    }
    const { doubleClosed, refused, opened, late } = world.registry.stats();
    totals.doubleClosed += doubleClosed;
    totals.refused += refused;
    totals.opened += opened;
    totals.late += late;
    await world.registry.dispose();
  }
  process.off("unhandledRejection", onRejection);
  console.log(totals);
  expect(totals.doubleClosed).toBeGreaterThan(STORIES / 100);
  expect(totals.refused).toBeGreaterThan(STORIES / 100);
  expect(session.usedBytes).toBe(0);
});
