/** Tasks one after another, with a pause between them. */

const POLL_MS = 100;

export class TaskQueue {
  private queue: (() => Promise<void>)[] = [];
  private running = false;
  private readonly intervalMs: number;

  constructor(taskIntervalMs = 3000) {
    this.intervalMs = taskIntervalMs;
  }

  addTask(task: () => Promise<void>): void {
    this.queue.push(task);
    void this.runNextTask();
  }

  clearQueue(): void {
    this.queue = [];
    // Defect: a task that runs goes on, and the next begins beside it.
    this.running = false;
  }

  public hasTask(): boolean {
    return this.queue.length > 0 || this.running;
  }

  public waitForCompletion(): Promise<void> {
    return new Promise((resolve) => {
      // Defect: each who waits polls, cannot be told to stop, and waits for ever on a clip that hangs.
      const poll = (): void => {
        if (this.hasTask()) setTimeout(poll, POLL_MS);
        else resolve();
      };
      poll();
    });
  }

  private async runNextTask(): Promise<void> {
    if (this.running) return;
    const task = this.queue.shift();
    if (!task) return;
    this.running = true;
    try {
      await task();
      await new Promise((resolve) => setTimeout(resolve, this.intervalMs));
    } catch (error) {
      console.error("a task failed:", error);
    }
    this.running = false;
    void this.runNextTask();
  }
}

export const audioTaskQueue = new TaskQueue(20);
