/** The class around vp_connection, whose rules tests/c checks. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  VP_ACTION_CLOSE,
  VP_ACTION_OPEN,
  VP_ACTION_PING,
  VP_CONNECTION_BACKOFF,
  VP_CONNECTION_CLOSED,
  VP_CONNECTION_CONNECTING,
  VP_CONNECTION_OPEN,
  VP_CONNECTION_PAUSED,
  VP_CONNECTION_TRIPPED,
  VP_EVENT_CONNECT,
  VP_EVENT_LEAD,
  VP_EVENT_LOST,
  VP_EVENT_OFFLINE,
  VP_EVENT_OPENED,
  VP_EVENT_PONG,
  VP_EVENT_RECONNECT,
  VP_EVENT_TIMER,
  VP_REASON_LOST,
  VP_REASON_OFFLINE,
} from "../../js-glue/src/abi.gen.js";
import { Connection, type ConnectionConfig } from "../../js-glue/src/socket/connection.js";
import { SessionModule } from "../../js-glue/src/wasm.js";

const session = new SessionModule(
  await WebAssembly.compile(readFileSync("dist/assets/session.wasm")),
);
const code = (code: string) => expect.objectContaining({ name: "VoicepathError", code });

/** Every number is another one, so that a getter that reads a wrong field is seen. */
test("the status says what C says", () => {
  using connection = Connection.create(session, {
    heartbeatMs: 15_000,
    breakerFailures: 2,
    breakerCooldownMs: 7000,
    budgetOpens: 4,
  });
  const never = {
    phase: VP_CONNECTION_CLOSED,
    dueMs: Number.POSITIVE_INFINITY,
    epoch: 0,
    rttMs: -1,
    smoothedRttMs: -1,
    openedMs: -1,
    failures: 0,
    opens: 0,
    stale: 0,
    overBudget: 0,
    trips: 0,
    halfOpen: false,
    reason: 0,
  };
  expect(connection).toMatchObject(never);

  expect(connection.step(VP_EVENT_CONNECT, 0, 1000, 0.5)).toBe(VP_ACTION_OPEN);
  expect(connection).toMatchObject({
    ...never,
    phase: VP_CONNECTION_CONNECTING,
    dueMs: 11_000,
    epoch: 1,
    opens: 1,
  });

  expect(connection.step(VP_EVENT_OPENED, 1, 1020, 0)).toBe(0);
  expect(connection).toMatchObject({ phase: VP_CONNECTION_OPEN, openedMs: 1020, dueMs: 16_020 });

  expect(connection.step(VP_EVENT_TIMER, 0, 16_020, 0)).toBe(VP_ACTION_PING);
  connection.step(VP_EVENT_PONG, 1, 16_060.5, 0);
  connection.step(VP_EVENT_TIMER, 0, 31_060.5, 0);
  connection.step(VP_EVENT_PONG, 1, 31_069, 0);
  expect(connection.rttMs).toBe(8.5);
  expect(connection.smoothedRttMs).toBe((7 * 40.5 + 8.5) / 8);

  // A good connection is lost: no failure, and a wait of half the base.
  connection.step(VP_EVENT_LOST, 1, 32_000, 0.5);
  expect(connection).toMatchObject({
    phase: VP_CONNECTION_BACKOFF,
    dueMs: 33_000,
    failures: 0,
    reason: VP_REASON_LOST,
  });
  for (const nowMs of [33_000, 35_000]) {
    connection.step(VP_EVENT_TIMER, 0, nowMs, 0);
    connection.step(VP_EVENT_LOST, connection.epoch, nowMs, 0.5);
    connection.step(VP_EVENT_LOST, 1, nowMs, 0);
  }
  expect(connection).toMatchObject({
    phase: VP_CONNECTION_TRIPPED,
    dueMs: 42_000,
    failures: 2,
    trips: 1,
    stale: 2,
    epoch: 3,
  });
  connection.step(VP_EVENT_TIMER, 0, 42_000, 0);
  expect(connection).toMatchObject({ halfOpen: true, opens: 4 });
  // Four opens in a minute: the fifth waits for the first, at 1000, to be a minute old.
  connection.step(VP_EVENT_LOST, 4, 42_000, 0);
  expect(connection).toMatchObject({ overBudget: 1, trips: 2, dueMs: 61_000, halfOpen: false });
  connection.step(VP_EVENT_OFFLINE, 0, 42_000, 0);
  expect(connection).toMatchObject({ phase: VP_CONNECTION_PAUSED, reason: VP_REASON_OFFLINE });
});

test("defaults are those that are documented, and C's own", () => {
  using connection = Connection.create(session);
  expect(connection.config).toEqual({
    connectTimeoutMs: 10_000,
    backoffBaseMs: 2000,
    backoffCapMs: 6000,
    minUptimeMs: 5000,
    budgetOpens: 20,
    budgetWindowMs: 60_000,
    breakerFailures: 3,
    breakerCooldownMs: 6000,
    heartbeatMs: 0,
    heartbeatTimeoutMs: 10_000,
    resumeJitterMs: 200,
    ignoreOffline: false,
  });
  // Documented: the comment of every option names its default.
  const source = readFileSync("js-glue/src/socket/connection.ts", "utf8");
  for (const [option, value] of Object.entries(connection.config)) {
    const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*readonly ${option}\\?`).exec(
      source,
    );
    const documented = option === "heartbeatMs" ? "0 for never, the default" : `Default ${value}`;
    expect(comment?.[1], option).toContain(documented);
  }
});

test("wrong options are named, and change nothing", () => {
  const before = session.usedBytes;
  using connection = Connection.create(session, { heartbeatMs: 1234 });
  const taken = session.usedBytes;
  const { config } = connection;
  const day = 86_400_000;
  const wrong: [keyof ConnectionConfig, unknown][] = [
    ["connectTimeoutMs", 0],
    ["connectTimeoutMs", day + 1],
    ["backoffBaseMs", 0],
    ["backoffCapMs", 0.5],
    ["minUptimeMs", -1],
    ["budgetOpens", 0],
    ["budgetOpens", 65],
    ["budgetWindowMs", Number.NaN],
    ["breakerFailures", 2 ** 32],
    ["breakerCooldownMs", "1"],
    ["heartbeatMs", day + 1],
    ["heartbeatTimeoutMs", 0],
    ["resumeJitterMs", null],
    ["ignoreOffline", 1],
  ];
  for (const [option, value] of wrong) {
    const error = expect.objectContaining({ code: "OPTION", option, value });
    const changes = { [option]: value } as ConnectionConfig;
    expect(() => Connection.create(session, changes), option).toThrowError(error);
    expect(() => connection.configure(changes), option).toThrowError(error);
  }
  expect(() => connection.configure({ backoffBaseMs: 2, backoffCapMs: 1 })).toThrowError(
    code("OPTION"),
  );
  expect(connection.config).toEqual(config);
  expect(session.usedBytes).toBe(taken);
  connection.dispose();
  expect(session.usedBytes).toBe(before);
});

test("a change keeps the rest, and takes effect with the next step", () => {
  using connection = Connection.create(session, { backoffBaseMs: 20_000 });
  expect(connection.config.backoffCapMs).toBe(20_000);
  connection.configure({ backoffCapMs: 100, heartbeatMs: undefined } as object);
  expect(connection.config).toMatchObject({ backoffBaseMs: 100, backoffCapMs: 100 });
  connection.step(VP_EVENT_CONNECT, 0, 0, 0);
  connection.step(VP_EVENT_OPENED, 1, 10, 0);
  connection.configure({ heartbeatMs: 300 });
  connection.step(VP_EVENT_TIMER, 0, 20, 0);
  expect(connection.dueMs).toBe(310);
  connection.step(VP_EVENT_LOST, 1, 20, 0.25);
  expect(connection.dueMs).toBe(45);
  connection.step(VP_EVENT_OFFLINE, 0, 21, 0);
  connection.configure({ ignoreOffline: true });
  connection.step(VP_EVENT_TIMER, 0, 22, 0.5);
  expect(connection.dueMs).toBe(122);
});

test("wrong steps have C's names", () => {
  using connection = Connection.create(session);
  for (const [name, event, nowMs, random] of [
    ["VP_E_EVENT", VP_EVENT_LEAD + 1, 0, 0],
    ["VP_E_EVENT", -1, 0, 0],
    ["VP_E_TIME", VP_EVENT_CONNECT, Number.NaN, 0],
    ["VP_E_TIME", VP_EVENT_CONNECT, -1, 0],
    ["VP_E_RANDOM", VP_EVENT_CONNECT, 0, 1],
    ["VP_E_RANDOM", VP_EVENT_CONNECT, 0, Number.NaN],
  ] as const)
    expect(() => connection.step(event, 0, nowMs, random)).toThrowError(code(name));
  expect(connection.phase).toBe(VP_CONNECTION_CLOSED);
});

test("a disposed connection throws, disposing twice does not", () => {
  const before = session.usedBytes;
  const connection = Connection.create(session);
  connection.dispose();
  connection.dispose();
  expect(connection.disposed).toBe(true);
  expect(session.usedBytes).toBe(before);
  for (const use of [
    () => connection.step(VP_EVENT_CONNECT, 0, 0, 0),
    () => connection.configure({}),
    () => connection.phase,
    () => connection.dueMs,
    () => connection.halfOpen,
  ])
    expect(use).toThrowError(code("DISPOSED"));
});

test("many connections in one heap do not touch each other, and it may grow", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          which: fc.nat(4),
          event: fc.integer({ min: 0, max: VP_EVENT_LEAD }),
          ms: fc.nat(20_000),
          random: fc.double({ min: 0, max: 0.99, noNaN: true }),
        }),
        { maxLength: 100 },
      ),
      (steps) => {
        const together = Array.from({ length: 5 }, () => Connection.create(session));
        const alone = Array.from({ length: 5 }, (_, i) => {
          const own = new SessionModule(session.module);
          const connection = Connection.create(own);
          const all = steps.filter(({ which }) => which === i);
          return { connection, all };
        });
        const tell = (connection: Connection, { event, ms, random }: (typeof steps)[number]) =>
          connection.step(event, connection.epoch, ms, random);
        const actions: number[][] = [[], [], [], [], []];
        const growth: number[] = [];
        steps.forEach((step, i) => {
          const connection = together[step.which];
          if (connection) actions[step.which]?.push(tell(connection, step));
          if (i === 50) growth.push(session.heap.allocate(session.memoryBytes));
        });
        alone.forEach(({ connection, all }, i) => {
          expect(all.map((step) => tell(connection, step))).toEqual(actions[i]);
          const shared = together[i];
          for (const field of ["phase", "dueMs", "epoch", "rttMs", "failures", "reason"] as const)
            expect(connection[field]).toBe(shared?.[field]);
        });
        for (const connection of together) connection.dispose();
        for (const at of growth) session.heap.free(at);
      },
    ),
    { numRuns: 20 },
  );
});

test("reconnecting is closing and opening", () => {
  using connection = Connection.create(session);
  connection.step(VP_EVENT_CONNECT, 0, 0, 0);
  expect(connection.step(VP_EVENT_RECONNECT, 0, 1, 0)).toBe(VP_ACTION_CLOSE | VP_ACTION_OPEN);
});
