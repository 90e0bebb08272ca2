/**
 * Tells of collections of garbage: a sentinel is an object that nobody holds, so when it is gone, there
 * was one. Between collections it costs nothing. V8 finds it in every collection, also of the young
 * objects alone; engines that look at it in collections of the whole heap only tell of those.
 */
export class Sentinel {
  readonly #noticed: () => void;
  readonly #gone = new FinalizationRegistry<undefined>(() => {
    if (this.#stopped) return;
    this.#post();
    this.#noticed();
  });
  #stopped = false;

  constructor(noticed: () => void) {
    this.#noticed = noticed;
    this.#post();
  }

  stop(): void {
    this.#stopped = true;
  }

  #post(): void {
    this.#gone.register({}, undefined);
  }
}
