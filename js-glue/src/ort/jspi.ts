/**
 * Waiting by JavaScript Promise Integration: the engine puts the program's stack aside while an import's
 * promise is pending.
 */
import type { Answer, CallPath, Export, HostFunction } from "./call-path.js";

interface PromiseIntegration {
  readonly Suspending: new (answer: HostFunction) => WebAssembly.ImportValue;
  readonly promising: (call: Export) => (...args: number[]) => Promise<number | bigint | undefined>;
}

/** What the engine has of it; undefined without, or with only the interface that came before. */
function promiseIntegration(): PromiseIntegration | undefined {
  const wasm = WebAssembly as Partial<PromiseIntegration>;
  const { Suspending, promising } = wasm;
  return typeof Suspending === "function" && typeof promising === "function"
    ? { Suspending, promising }
    : undefined;
}

/** Whether an import wanted to wait in an export that was not entered by {@link JspiPath.enter}. */
export function isSuspendError(error: unknown): boolean {
  const { SuspendError } = WebAssembly as { SuspendError?: new () => Error };
  return SuspendError !== undefined && error instanceof SuspendError;
}

export class JspiPath implements CallPath {
  readonly #integration: PromiseIntegration;
  readonly #promising = new Map<Export, ReturnType<PromiseIntegration["promising"]>>();

  private constructor(integration: PromiseIntegration) {
    this.#integration = integration;
  }

  /** Undefined where the engine has none. */
  static create(): JspiPath | undefined {
    const integration = promiseIntegration();
    return integration && new JspiPath(integration);
  }

  import(answer: HostFunction): WebAssembly.ImportValue {
    return new this.#integration.Suspending(answer);
  }

  bind(): void {}

  enter(call: Export, args: readonly number[]): Answer {
    let promising = this.#promising.get(call);
    if (!promising) {
      promising = this.#integration.promising(call);
      this.#promising.set(call, promising);
    }
    return promising(...args).then((result) => Number(result ?? 0));
  }
}
