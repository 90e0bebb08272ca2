/** Runs suites one after another and tells whoever watches. */
import { loadSpeech } from "../speech";
import { SUITES, suiteId } from "../suites/index";
import type { Row, Suite } from "../suites/suite";

export interface RunOptions {
  /** `vad` or `vad/frame`; all suites when empty. */
  readonly suites?: readonly string[];
  readonly quick?: boolean;
}

export interface BenchState {
  readonly running: boolean;
  /** The suite under way. */
  readonly current: string | null;
  /** Its share done, 0 to 1. */
  readonly progress: number;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly error: string | null;
}

const IDLE: BenchState = {
  running: false,
  current: null,
  progress: 0,
  rows: new Map(),
  error: null,
};

function chooseSuites(names: readonly string[]): readonly Suite[] {
  const isCalled = (suite: Suite, name: string): boolean =>
    name === suite.suite || name === suiteId(suite);
  for (const name of names)
    if (!SUITES.some((suite) => isCalled(suite, name)))
      throw new Error(`no suite is called ${name}; there are ${SUITES.map(suiteId).join(", ")}`);
  return SUITES.filter(
    (suite) => names.length === 0 || names.some((name) => isCalled(suite, name)),
  );
}

export class Bench {
  #state = IDLE;
  #abort: AbortController | undefined;
  readonly #watchers = new Set<() => void>();

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly snapshot = (): BenchState => this.#state;

  /**
   * The suites that these names stand for.
   *
   * @throws when there is none of a name
   */
  select(names: readonly string[]): readonly string[] {
    return chooseSuites(names).map(suiteId);
  }

  /**
   * Replaces the rows of these suites.
   *
   * @throws when a suite fails, naming it; what was measured before stays
   */
  async run({ suites = [], quick = false }: RunOptions = {}): Promise<readonly Row[]> {
    if (this.#state.running) throw new Error("the benchmark is running already");
    const abort = new AbortController();
    this.#abort = abort;
    this.#update({ running: true, error: null });
    try {
      const chosen = chooseSuites(suites);
      const kept = new Map(this.#state.rows);
      for (const suite of chosen) kept.delete(suiteId(suite));
      this.#update({ rows: kept });
      const speech = await loadSpeech();
      for (const suite of chosen) {
        const id = suiteId(suite);
        this.#update({ current: id, progress: 0 });
        const progress = (done: number, total: number): Promise<void> => {
          this.#update({ progress: done / total });
          return new Promise((resolve) => setTimeout(resolve));
        };
        const rows = await suite
          .run({ speech, quick, signal: abort.signal, progress })
          .catch((cause: unknown) => {
            abort.signal.throwIfAborted();
            throw new Error(`${id} failed: ${String(cause)}`, { cause });
          });
        this.#update({ rows: new Map(this.#state.rows).set(id, rows) });
      }
      return chosen.flatMap((suite) => this.#state.rows.get(suiteId(suite)) ?? []);
    } catch (error) {
      if (!abort.signal.aborted) this.#update({ error: String(error) });
      throw error;
    } finally {
      this.#update({ running: false, current: null });
    }
  }

  stop(): void {
    this.#abort?.abort(new DOMException("stopped", "AbortError"));
  }

  get rows(): readonly Row[] {
    return [...this.#state.rows.values()].flat();
  }

  #update(change: Partial<BenchState>): void {
    this.#state = { ...this.#state, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}
