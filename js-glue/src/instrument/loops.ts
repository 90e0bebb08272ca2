/**
 * Which callback continues which. What a callback arms while it runs, and arms first, is the loop
 * going on, wherever that is done; anything else is new. After an `await` nobody can tell.
 */
import type { Call, Callable } from "./patch.js";

export interface Armed {
  /** Of the timer or frame. */
  readonly id: unknown;
  readonly loop: object;
}

export class Loops {
  /** The loop whose callback runs and has not armed itself again. */
  #running: object | undefined;

  /** Goes through with a call whose first argument is called back once; `fired` comes before that. */
  arm({ native, args }: Call, callback: Callable, fired: (id: unknown) => void): Armed {
    const loop = this.#running ?? {};
    this.#running = undefined;
    const run = (self: unknown, given: unknown[]): unknown => {
      fired(id);
      this.#running = loop;
      try {
        return Reflect.apply(callback, self, given);
      } finally {
        this.#running = undefined;
      }
    };
    const id = native([
      function (this: unknown, ...given: unknown[]): unknown {
        return run(this, given);
      },
      ...args.slice(1),
    ]);
    return { id, loop };
  }
}
