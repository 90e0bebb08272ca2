/** Event types, by the `on…` property that every event target has. */

/** The event that `target.addEventListener(type, …)` hands out. */
export type EventOf<Target, Type extends string> = `on${Type}` extends keyof Target
  ? Exclude<Target[`on${Type}`], null> extends (
      this: never,
      event: infer E extends Event,
      ...rest: never[]
    ) => unknown
    ? E
    : Event
  : Event;

/** An observer of the platform: ResizeObserver, IntersectionObserver, PerformanceObserver, … */
export interface Observer<Args extends readonly unknown[]> {
  observe(...args: Args): void;
  disconnect(): void;
}
