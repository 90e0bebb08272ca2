/** Background tasks, counted as the reports' backend counts them. */
export interface TaskCounts {
  readonly total: number;
  readonly active: number;
  readonly finished: number;
}

export class Tasks {
  readonly #log: (line: string) => void;
  #begun = 0;
  #finished = 0;

  /** @param log - given a line of statistics whenever a task begins or ends */
  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  get counts(): TaskCounts {
    return {
      total: this.#begun,
      active: this.#begun - this.#finished,
      finished: this.#finished,
    };
  }

  /** Returns what ends it; harmless when repeated. */
  begin(): () => void {
    this.#begun++;
    this.#tell();
    let active = true;
    return () => {
      if (!active) return;
      active = false;
      this.#finished++;
      this.#tell();
    };
  }

  #tell(): void {
    const { total, active, finished } = this.counts;
    this.#log(`任务统计: 总任务=${total}, 活跃=${active}, 已完成=${finished}`);
  }
}
