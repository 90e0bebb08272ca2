/**
 * Natives replaced by proxies, and put back exactly as they were. A proxy has the native's name,
 * length, static members and prototype, hands `this` and `new.target` on, and can be extended; only
 * `Function.prototype.toString` tells them apart.
 */

/** Any function, to be called through Reflect. */
export type Callable = (...args: never[]) => unknown;

/** A call of a native, on its way. */
export interface Call {
  /** `this` of a method; undefined when it is called as a bare function, or with `new`. */
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** The first function of the guard on the stack: the frames above it are the application's. */
  readonly wrapper: Callable;
  /** Goes through with it, with other arguments if given. */
  native(args?: readonly unknown[]): unknown;
}

export type Intercept = (call: Call) => unknown;

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The object itself, or the one it inherits the property from. */
function holderOf(object: unknown, name: string): object | undefined {
  let holder: unknown = object;
  while (isObject(holder) && !Object.hasOwn(holder, name)) holder = Object.getPrototypeOf(holder);
  return isObject(holder) ? holder : undefined;
}

export class Patches {
  readonly #proxies = new Map<Callable, Callable>();
  readonly #undo: (() => void)[] = [];
  #restored = false;

  /** Wraps a function or method where `object` has it from; nothing if it has none. */
  method(object: unknown, name: string, intercept: Intercept): void {
    this.replace(object, name, (native) => this.#wrapCalls(native, intercept));
  }

  /** Wraps a constructor, also where its instances refer to it. */
  construction(namespace: unknown, name: string, intercept: Intercept): void {
    const wrap = (native: Callable): Callable => this.#wrapConstructions(native, intercept);
    const native = this.replace(namespace, name, wrap);
    const prototype: unknown = native && Reflect.get(native, "prototype");
    if (isObject(prototype) && Object.hasOwn(prototype, "constructor"))
      this.replace(prototype, "constructor", wrap);
  }

  /**
   * Puts the natives back. Where somebody else has wrapped the wrapper meanwhile, it stays, and lets
   * everything through.
   */
  restore(): void {
    this.#restored = true;
    for (const undo of this.#undo.splice(0).reverse()) undo();
  }

  /**
   * Puts what `wrap` makes in the native's place. After {@link restore} it must let everything through.
   *
   * @returns the native, if there was one to replace
   */
  replace(
    object: unknown,
    name: string,
    wrap: (native: Callable) => Callable,
  ): Callable | undefined {
    const holder = holderOf(object, name);
    const descriptor = holder && Object.getOwnPropertyDescriptor(holder, name);
    if (!holder || typeof descriptor?.value !== "function") return undefined;
    if (!descriptor.configurable && !descriptor.writable) return undefined;
    const native = descriptor.value as Callable;
    const proxy = this.#proxies.get(native) ?? wrap(native);
    this.#proxies.set(native, proxy);
    // A wrapper that is reached by two ways stays as it is.
    this.#proxies.set(proxy, proxy);
    Object.defineProperty(holder, name, { ...descriptor, value: proxy });
    this.#undo.push(() => {
      if (Object.getOwnPropertyDescriptor(holder, name)?.value === proxy)
        Object.defineProperty(holder, name, descriptor);
    });
    return native;
  }

  #wrapCalls(native: Callable, intercept: Intercept): Callable {
    const apply = (_: Callable, self: unknown, args: readonly unknown[]): unknown => {
      const run = (given = args): unknown => Reflect.apply(native, self, given);
      return this.#restored ? run() : intercept({ self, args, wrapper: apply, native: run });
    };
    return new Proxy(native, { apply });
  }

  #wrapConstructions(native: Callable, intercept: Intercept): Callable {
    const construct = (_: Callable, args: readonly unknown[], newTarget: Callable): object => {
      const target = newTarget === proxy ? native : newTarget;
      const run = (given = args): object => Reflect.construct(native, given, target) as object;
      if (this.#restored) return run();
      return intercept({ self: undefined, args, wrapper: construct, native: run }) as object;
    };
    const proxy: Callable = new Proxy(native, { construct });
    return proxy;
  }
}
