/** Tasks one after another, in the order of their coming. */
export class CallQueue {
  #busy = false;
  readonly #waiting: (() => void)[] = [];

  /** Starts the task now if nothing is under way, and else after all that came before. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    if (!this.#busy) return this.#start(task);
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        this.#start(task).then(resolve, reject);
      });
    });
  }

  #start<T>(task: () => T | Promise<T>): Promise<T> {
    this.#busy = true;
    let answer: T | Promise<T>;
    try {
      answer = task();
    } catch (error) {
      this.#next();
      return Promise.reject(error);
    }
    if (!(answer instanceof Promise)) {
      this.#next();
      return Promise.resolve(answer);
    }
    const next = (): void => this.#next();
    answer.then(next, next);
    return answer;
  }

  #next(): void {
    this.#busy = false;
    this.#waiting.shift()?.();
  }
}
