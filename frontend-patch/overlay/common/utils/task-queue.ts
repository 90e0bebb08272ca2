/**
 * Tasks one after the other, with a pause between two of them. Nothing is polled: who waits for the
 * end is told when it comes, and only a task that waits for its pause has a timer.
 */

/** Its signal is aborted when the queue is cleared; nobody waits for it any more then. */
export type QueuedTask = (signal: AbortSignal) => Promise<void>;

interface Entry {
  readonly task: QueuedTask;
  readonly dropped: (() => void) | undefined;
}

interface Running extends Entry {
  readonly life: AbortController;
}

export class TaskQueue {
  readonly #intervalMs: number;
  #waiting: Entry[] = [];
  #running: Running | undefined;
  /** No task starts before. */
  #nextStartMs = Number.NEGATIVE_INFINITY;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #waiters: (() => void)[] = [];

  constructor(taskIntervalMs = 3000) {
    this.#intervalMs = taskIntervalMs;
  }

  /**
   * Runs it at once when nothing else runs, else when what came before has ended.
   *
   * @param dropped - told when the queue is cleared before the task has ended
   */
  addTask(task: QueuedTask, dropped?: () => void): void {
    this.#waiting.push({ task, dropped });
    this.#advance();
  }

  /** Forgets what waits and gives up what runs: as if nothing had ever been added. */
  clearQueue(): void {
    const running = this.#running;
    const given = running ? [running, ...this.#waiting] : this.#waiting;
    this.#running = undefined;
    this.#waiting = [];
    this.#nextStartMs = Number.NEGATIVE_INFINITY;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    running?.life.abort();
    for (const { dropped } of given) dropped?.();
    this.#tellWaiters();
  }

  hasTask(): boolean {
    return this.#running !== undefined || this.#waiting.length > 0;
  }

  /** Resolves when nothing runs and nothing waits, whether it was done or cleared. */
  waitForCompletion(): Promise<void> {
    if (!this.hasTask()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  #advance(): void {
    if (this.#running || this.#pause !== undefined || this.#waiting.length === 0) return;
    const pauseMs = this.#nextStartMs - performance.now();
    if (pauseMs <= 0) {
      const entry = this.#waiting.shift();
      if (entry) void this.#run({ ...entry, life: new AbortController() });
      return;
    }
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      // Timers may ring a little early by the finer clock: the pause is over all the same.
      this.#nextStartMs = Number.NEGATIVE_INFINITY;
      this.#advance();
    }, pauseMs);
  }

  async #run(running: Running): Promise<void> {
    this.#running = running;
    try {
      await running.task(running.life.signal);
    } catch (error) {
      if (this.#running === running) console.error("Task queue:", error);
    }
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#nextStartMs = performance.now() + this.#intervalMs;
    this.#advance();
    if (!this.hasTask()) this.#tellWaiters();
  }

  #tellWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const tell of waiters) tell();
  }
}

export const audioTaskQueue = new TaskQueue(20);
