/** All verdicts of a monitor, for next to nothing: one is looked at again in each period. */
import type { Monitor } from "../monitor/monitor.js";
import type { Verdict } from "../monitor/verdict.js";

export class VerdictWatch {
  readonly #monitor: Monitor;
  /** In the order of the monitor's series. */
  readonly #verdicts: Verdict[] = [];
  #next = 0;

  constructor(monitor: Monitor) {
    this.#monitor = monitor;
  }

  get all(): readonly Verdict[] {
    return [...this.#verdicts];
  }

  /** At all new series, and at one other; whether a verdict is another than before. */
  look(): boolean {
    const { names } = this.#monitor;
    let changed = false;
    for (let i = this.#verdicts.length; i < names.length; i++) changed = this.#look(names, i);
    this.#next = (this.#next + 1) % Math.max(1, names.length);
    return this.#look(names, this.#next) || changed;
  }

  #look(names: readonly string[], index: number): boolean {
    const name = names[index];
    if (name === undefined) return false;
    const before = this.#verdicts[index]?.verdict;
    const verdict = this.#monitor.verdict(name);
    this.#verdicts[index] = verdict;
    return verdict.verdict !== before;
  }
}
