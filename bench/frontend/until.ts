/** Waits until it holds, looking from outside the page. @throws Error that says what has not come */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs: number,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not after ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
