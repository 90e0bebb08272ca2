/**
 * Waits for `work` no longer than until `signal` aborts. What arrives too late is given to `undo`, so
 * that nothing is left open.
 *
 * @throws the signal's reason when it aborts first, else what `work` throws
 */
export function abortable<T>(
  work: Promise<T>,
  signal: AbortSignal,
  undo: (late: T) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const abort = (): void => {
      waiting = false;
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    work.then(
      (value) => {
        signal.removeEventListener("abort", abort);
        if (waiting) resolve(value);
        else undo(value);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", abort);
        reject(error);
      },
    );
  });
}
