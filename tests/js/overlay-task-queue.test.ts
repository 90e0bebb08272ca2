/** The overlay's task queue against times worked out on paper. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TaskQueue } from "../../frontend-patch/overlay/common/utils/task-queue.js";

const INTERVAL_MS = 20;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Task {
  /** How often the queue was cleared before it was added. */
  readonly epoch: number;
  readonly addedMs: number;
  readonly durationMs: number;
  /** Cleared at this time, or never. */
  clearedMs: number;
}

/**
 * When tasks start, and when the last of them has ended: one after the other, with the pause between
 * two; what is cleared counts for nothing.
 */
function timetable(tasks: readonly Task[]): (number | null)[] {
  let freeMs = Number.NEGATIVE_INFINITY;
  let last = 0;
  return tasks.map(({ epoch, addedMs, durationMs, clearedMs }) => {
    if (epoch !== last) freeMs = Number.NEGATIVE_INFINITY;
    last = epoch;
    const startMs = Math.max(addedMs, freeMs);
    freeMs = startMs + durationMs + INTERVAL_MS;
    return startMs <= clearedMs ? startMs : null;
  });
}

type Step = { add: number } | { passMs: number } | { clear: true };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 4, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ clear: fc.constant(true as const) }) },
);

test("tasks start when those before them are over and the pause is, and cleared ones never", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const queue = new TaskQueue(INTERVAL_MS);
      const tasks: Task[] = [];
      const starts: (number | null)[] = [];
      const dropped = new Set<number>();
      const aborted = new Set<number>();
      const originMs = performance.now();
      let epoch = 0;
      const nowMs = (): number => performance.now() - originMs;
      for (const next of steps) {
        if ("add" in next) {
          const number = tasks.length;
          tasks.push({
            epoch,
            addedMs: nowMs(),
            durationMs: next.add,
            clearedMs: Number.POSITIVE_INFINITY,
          });
          starts.push(null);
          queue.addTask(
            (signal) => {
              starts[number] = nowMs();
              signal.addEventListener("abort", () => aborted.add(number));
              return after(next.add);
            },
            () => dropped.add(number),
          );
        } else if ("passMs" in next) {
          await vi.advanceTimersByTimeAsync(next.passMs);
        } else {
          for (const task of tasks)
            if (task.clearedMs === Number.POSITIVE_INFINITY) task.clearedMs = nowMs();
          epoch++;
          queue.clearQueue();
          expect(queue.hasTask()).toBe(false);
        }
      }
      await vi.advanceTimersByTimeAsync(10_000);
      const paper = timetable(tasks);
      expect(starts).toEqual(paper);
      for (const [number, { clearedMs, durationMs }] of tasks.entries()) {
        const startMs = paper[number] ?? null;
        const undone = startMs === null || startMs + durationMs > clearedMs;
        expect(dropped.has(number), `task ${number}`).toBe(undone);
        expect(aborted.has(number), `task ${number}`).toBe(undone && startMs !== null);
      }
      expect(queue.hasTask()).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test("the end is told when it comes, and makes no timers", async () => {
  const queue = new TaskQueue(INTERVAL_MS);
  await queue.waitForCompletion();
  const ends: number[] = [];
  queue.addTask(() => after(50));
  queue.addTask(() => after(30));
  void queue.waitForCompletion().then(() => ends.push(performance.now()));
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(ends).toEqual([50 + INTERVAL_MS + 30]);
  expect(vi.getTimerCount()).toBe(0);
});

test("who waits is told of a clearing too, and a task that was given up is not waited for", async () => {
  const queue = new TaskQueue(INTERVAL_MS);
  queue.addTask(() => new Promise(() => {}));
  queue.addTask(() => after(10));
  const waiting = queue.waitForCompletion();
  queue.clearQueue();
  await waiting;
  const next = vi.fn(() => after(10));
  queue.addTask(next);
  expect(next).toHaveBeenCalledOnce();
});

test("a task that fails, now or later, is named and the next one runs", async () => {
  const named = vi.spyOn(console, "error").mockImplementation(() => {});
  const queue = new TaskQueue(INTERVAL_MS);
  const order: string[] = [];
  queue.addTask(() => {
    order.push("thrown");
    throw new Error("at once");
  });
  queue.addTask(async () => {
    order.push("rejected");
    await after(5);
    throw new Error("later");
  });
  queue.addTask(async () => void order.push("done"));
  await vi.advanceTimersByTimeAsync(500);
  expect(order).toEqual(["thrown", "rejected", "done"]);
  expect(named).toHaveBeenCalledTimes(2);
  named.mockRestore();
});
