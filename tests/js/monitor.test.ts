/** The monitor without a page: time is a fake clock's, collectors are the test's own. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  FakeClock,
  loadSession,
  Registry,
  type SessionModule,
  VoicepathError,
} from "../../dist/index.js";
import {
  type Collector,
  Monitor,
  type MonitorOptions,
  parseTaskStatistics,
  trendOf,
} from "../../dist/monitor/index.js";

let session: SessionModule;
let clock: FakeClock;
let registry: Registry;

beforeEach(async () => {
  session = await loadSession();
  clock = new FakeClock(1000);
  registry = Registry.create(session, { clock });
});

afterEach(async () => {
  await registry.dispose();
  expect(session.usedBytes).toBe(0);
});

const open = (options: MonitorOptions = {}): Monitor =>
  Monitor.create(registry, { collectors: [], ...options });

const errorOf = (run: () => unknown): VoicepathError => {
  try {
    run();
  } catch (error) {
    if (error instanceof VoicepathError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("each period makes a point of what was recorded", () => {
  const monitor = open();
  const mean = monitor.series("test/mean", { unit: "ms", point: "mean" });
  for (let period = 0; period < 100; period++) {
    mean.record(period);
    mean.record(period + 2);
    clock.advance(1000);
  }
  // The last 64 of 1, 2, 3, …
  expect([...monitor.recent("test/mean")]).toEqual(Array.from({ length: 64 }, (_, i) => 37 + i));
  expect(monitor.recent("test/mean", new Float64Array(3))).toEqual(Float64Array.of(98, 99, 100));
  // 64 were merged by twos at the 64th, so 32 and then one for each two more.
  expect([...monitor.life("test/mean")]).toEqual(Array.from({ length: 50 }, (_, i) => 1.5 + 2 * i));
  expect(monitor.stats("test/mean")).toMatchObject({ count: 200, last: 101, min: 0, max: 101 });
  expect(monitor.stats("test/mean").mean).toBeCloseTo(50.5, 9);
});

test("a rise is told a minute, a step by its time", () => {
  const monitor = open({ periodMs: 500 });
  const rising = monitor.series("test/rising", { unit: "count", point: "last" });
  const step = monitor.series("test/step", { unit: "count", point: "last" });
  const each = monitor.series("test/each", { unit: "ms", point: "each" });
  for (let period = 0; period < 40; period++) {
    rising.record(3 * period);
    step.record(period < 20 ? 5 : 9);
    each.record(10 * period);
    clock.advance(500);
  }
  const verdict = monitor.verdict("test/rising");
  expect(verdict).toMatchObject({ verdict: "rising", n: 40, per: "minute", windowMs: 20_000 });
  expect(verdict.slope).toBeCloseTo(3 * 120, 9);
  expect(verdict.rise).toBeCloseTo(3 * 39, 9);
  // From 1000 ms on by half seconds: the 21st value was recorded after 20 of them.
  expect(monitor.verdict("test/step")).toMatchObject({
    verdict: "step",
    stepAtMs: 1000 + 20 * 500,
  });
  expect(monitor.verdict("test/each")).toMatchObject({ per: "value", windowMs: null });
  expect(monitor.verdict("test/each").slope).toBeCloseTo(10, 9);
  expect(monitor.verdicts().map(({ name }) => name)).toEqual(monitor.names);
});

test("turns are timed from the end of the user's speech", () => {
  const monitor = open();
  const { turns } = monitor;
  turns.firstAudio(); // there is no turn
  turns.speechEnd();
  clock.advance(300);
  turns.transcription();
  clock.advance(2000);
  turns.firstAudio();
  turns.firstAudio(); // its second clip
  clock.advance(700);
  turns.end();
  turns.end();
  turns.speechEnd();
  clock.advance(5000);
  expect(turns.underWay).toBe(true);
  turns.speechEnd(); // interrupted
  turns.cancel();
  expect(turns.underWay).toBe(false);
  expect(turns.past).toEqual([
    { speechEndMs: 1000, transcriptionMs: 300, firstAudioMs: 2300, totalMs: 3000 },
    { speechEndMs: 4000, transcriptionMs: null, firstAudioMs: null, totalMs: null },
    { speechEndMs: 9000, transcriptionMs: null, firstAudioMs: null, totalMs: null },
  ]);
  expect(monitor.stats("turn/total")).toMatchObject({ count: 1, last: 3000 });
  // What an open turn has waited so far counts too, at the end of each period.
  expect(monitor.stats("turn/waiting").max).toBe(5000);
});

test("a collector begins, measures at each period, and is removed with all it opened", () => {
  const seen: number[] = [];
  const collector: Collector = {
    name: "test",
    start({ scope, series, onPeriod, periodMs }) {
      const level = series("test/level", { unit: "count", point: "last" });
      scope.interval(() => {}, 100);
      onPeriod((nowMs) => {
        seen.push(nowMs);
        level.record(periodMs);
      });
    },
  };
  const monitor = open({ periodMs: 250 });
  const before = registry.active();
  const remove = monitor.collect(collector);
  expect(errorOf(() => monitor.collect(collector)).code).toBe("OPTION");
  clock.advance(500);
  expect(seen).toEqual([1250, 1500]);
  remove();
  remove();
  clock.advance(500);
  expect(seen).toHaveLength(2);
  expect(registry.active()).toBe(before);
  monitor.collect(collector); // its series goes on
  clock.advance(250);
  expect(monitor.stats("test/level")).toMatchObject({ count: 3, last: 250 });
});

test("a collector that fails to begin leaves nothing, nor does a monitor", () => {
  const failing: Collector = {
    name: "failing",
    start({ scope }) {
      scope.interval(() => {}, 100);
      throw new Error("it cannot");
    },
  };
  const monitor = open();
  const before = registry.active();
  expect(() => monitor.collect(failing)).toThrow("it cannot");
  expect(registry.active()).toBe(before);
  monitor.dispose();
  expect(() => open({ collectors: [failing] })).toThrow("it cannot");
  expect(registry.active()).toBe(0);
});

test("periods and diagnoses are told, and a listener may end the monitor", () => {
  const monitor = open();
  const periods: number[] = [];
  monitor.on("period", ({ nowMs }) => {
    periods.push(nowMs);
    if (periods.length === 3) monitor.dispose();
  });
  monitor.on("diagnosis", () => {});
  clock.advance(10_000);
  expect(periods).toEqual([2000, 3000, 4000]);
  expect(monitor.disposed).toBe(true);
  monitor.dispose();
  for (const use of [
    () => monitor.stats("turn/total"),
    () => monitor.recent("turn/total"),
    () => monitor.verdict("turn/total"),
    () => monitor.diagnose(),
    () => monitor.report(),
    () => monitor.collect({ name: "late", start() {} }),
    () => monitor.series("late/one", { unit: "ms", point: "last" }),
  ])
    expect(errorOf(use).code).toBe("DISPOSED");
});

test("a report is plain JSON", () => {
  const monitor = open();
  monitor.recordServer({ total: 12, active: 3, finished: 9 });
  monitor.turns.speechEnd();
  clock.advance(1500);
  monitor.turns.end();
  const report = monitor.report();
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({ version: 1, durationMs: 1500, nowMs: 2500, periodMs: 1000 });
  expect(report.diagnosis).toEqual({ symptoms: [], causes: [], unknown: false });
  expect(report.series.find(({ name }) => name === "server/active")).toMatchObject({ last: 3 });
  expect(report.turns).toEqual([
    { speechEndMs: 1000, transcriptionMs: null, firstAudioMs: null, totalMs: 1500 },
  ]);
});

test("wrong input is a named error and changes nothing", () => {
  const monitor = open();
  const { names } = monitor;
  const make = (name: unknown, options: unknown) => () =>
    monitor.series(name as string, options as never);
  const good = { unit: "ms", point: "last" };
  for (const [option, run] of [
    ["name", make("", good)],
    ["name", make(7, good)],
    ["unit", make("a/b", { ...good, unit: "parsec" })],
    ["point", make("a/b", { ...good, point: "toString" })],
    ["signal", make("a/b", { ...good, signal: "smoke" })],
    ["tolerance", make("a/b", { ...good, tolerance: -1 })],
    ["tolerance", make("a/b", { ...good, tolerance: Number.NaN })],
    ["name", make("turn/total", good)],
    ["name", () => monitor.stats("turn/nothing")],
    ["periodMs", () => open({ periodMs: 9 })],
    ["periodMs", () => open({ periodMs: Number.POSITIVE_INFINITY })],
    ["total", () => monitor.recordServer({ total: -1, active: 0, finished: 0 })],
    ["active", () => monitor.recordServer({ total: 1, active: 0.5, finished: 0 })],
    ["total", () => monitor.recordServer(null as never)],
    ["tolerance", () => trendOf(session, [], { tolerance: -1 })],
    ["values", () => trendOf(session, new Float64Array(1025))],
    ["values", () => trendOf(session, null as never)],
  ] as const)
    expect(errorOf(run), run.toString()).toMatchObject({ code: "OPTION", option });
  expect(errorOf(make("a/b", { ...good, signal: "firstAudioMs" })).code).toBe("VP_E_SERIES");
  expect(errorOf(() => trendOf(session, [1, Number.NaN])).code).toBe("VP_E_VALUE");
  expect(monitor.names).toEqual(names);
  for (let i = monitor.names.length; i < 256; i++)
    monitor.series(`many/${i}`, { unit: "ms", point: "last" });
  expect(errorOf(make("one/more", good)).code).toBe("VP_E_CAPACITY");
});

test("any values in any order: it records or refuses by name, and the mean is right", () => {
  const value = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, 2 ** 53, 2 ** 54));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 200 }), (values) => {
      const monitor = open();
      try {
        const series = monitor.series("any/any", { unit: "count", point: "mean" });
        const kept: number[] = [];
        for (const one of values)
          if (Math.abs(one) <= 2 ** 53) {
            series.record(one);
            kept.push(one);
          } else expect(errorOf(() => series.record(one)).code).toBe("VP_E_VALUE");
        clock.advance(1000);
        const { count, min, max, mean } = monitor.stats("any/any");
        expect(count).toBe(kept.length);
        if (kept.length === 0) {
          expect([min, max, mean]).toEqual([null, null, null]);
          return;
        }
        expect([min, max]).toEqual([Math.min(...kept), Math.max(...kept)]);
        const sum = kept.reduce((a, b) => a + b, 0);
        const scale = Math.max(1, ...kept.map(Math.abs));
        expect(Math.abs((mean ?? Number.NaN) - sum / kept.length) / scale).toBeLessThan(1e-12);
      } finally {
        monitor.dispose();
      }
    }),
    { numRuns: 100 },
  );
});

test("task statistics are read as the reports show them, and nothing else is", () => {
  const all = { total: 12, active: 3, finished: 9 };
  for (const line of [
    "总任务=12, 活跃=3, 已完成=9",
    "2025-03-01 12:00:00 | INFO | 任务统计：总任务=12，活跃=3，完成=9",
    "总任务数：12 活跃任务：3 已完成：9",
    "Task statistics: total=12, active=3, finished=9",
    "tasks Total: 12 Active: 3 completed: 9",
    '{"type":"task-statistics","total":12,"active":3,"finished":9}',
  ])
    expect(parseTaskStatistics(line), line).toEqual(all);
  expect(parseTaskStatistics("total=5 active=0")).toEqual({ total: 5, active: 0, finished: null });
  for (const line of [
    "",
    "total=12",
    "active=3",
    "total=x, active=y",
    "总任务=1.5, 活跃=2",
    "subtotal",
  ])
    expect(parseTaskStatistics(line), line).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (line) => {
      const found = parseTaskStatistics(line);
      if (found) expect(Number.isSafeInteger(found.total)).toBe(true);
    }),
  );
});
