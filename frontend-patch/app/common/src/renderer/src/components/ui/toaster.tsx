/** Short notices in the corner. */
import { useSyncExternalStore } from "react";

interface ToastOptions {
  title?: string;
  description?: string;
  type?: "success" | "error" | "warning" | "info" | "loading";
  /** In milliseconds. */
  duration?: number;
}

interface Toast extends ToastOptions {
  readonly id: string;
}

const MOST = 5;
const DEFAULT_MS = 3000;

class ToastList {
  #toasts: readonly Toast[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();

  readonly create = (options: ToastOptions): string => {
    this.#lastId += 1;
    const id = `toast-${this.#lastId}`;
    this.#show([...this.#toasts, { ...options, id }].slice(-MOST));
    setTimeout(() => this.dismiss(id), options.duration ?? DEFAULT_MS);
    return id;
  };

  readonly dismiss = (id: string): void => {
    this.#show(this.#toasts.filter((toast) => toast.id !== id));
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): readonly Toast[] => this.#toasts;

  #show(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}

export const toaster = new ToastList();

export function Toaster() {
  const toasts = useSyncExternalStore(toaster.subscribe, toaster.current);
  return (
    <div className="toasts" data-testid="toasts" role="status">
      {toasts.map(({ id, title, description, type = "info" }) => (
        <button
          key={id}
          type="button"
          className={`toast glass ${type}`}
          onClick={() => toaster.dismiss(id)}
        >
          <span className="toast-title">{title}</span>
          {description && <span className="toast-description">{description}</span>}
        </button>
      ))}
    </div>
  );
}
