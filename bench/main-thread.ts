/** How busy a page's main thread is, and with what, seen from outside by the DevTools protocol. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";

const SETTLE_MS = 2000;
const START_TIMEOUT_MS = 60_000;

interface Metrics {
  readonly taskSeconds: number;
  readonly timeSeconds: number;
  readonly layouts: number;
}

async function readMetrics(session: CDPSession): Promise<Metrics> {
  const { metrics } = await session.send("Performance.getMetrics");
  const value = (name: string): number => {
    const found = metrics.find((metric) => metric.name === name);
    if (!found) throw new Error(`Chromium reports no ${name}`);
    return found.value;
  };
  return {
    taskSeconds: value("TaskDuration"),
    timeSeconds: value("Timestamp"),
    layouts: value("LayoutCount"),
  };
}

/** A question that asks how many layouts a page has had. */
export async function layoutCounter(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  return async () => (await readMetrics(session)).layouts;
}

/** Busy ms a second of a page whose session has Performance enabled, while `wait` lasts. */
export async function busyMsASecond(
  session: CDPSession,
  wait: () => Promise<void>,
): Promise<number> {
  const before = await readMetrics(session);
  await wait();
  const after = await readMetrics(session);
  return (
    (1000 * (after.taskSeconds - before.taskSeconds)) / (after.timeSeconds - before.timeSeconds)
  );
}

/** Opens a page of bench/page/live/ and returns its main thread's busy ms a second. */
export async function measureMainThread(
  browser: Browser,
  url: string,
  seconds: number,
): Promise<number> {
  const context = await browser.newContext({ permissions: ["microphone"] });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => globalThis.live?.state !== "loading", undefined, {
      timeout: START_TIMEOUT_MS,
      polling: 100,
    });
    const { state, error } = await page.evaluate(() => globalThis.live);
    if (state !== "listening") throw new Error(`${url}: ${error}`);
    await page.waitForTimeout(SETTLE_MS);
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable");
    const busy = await busyMsASecond(session, () => sleep(seconds * 1000));
    const { speechStarts } = await page.evaluate(() => globalThis.live);
    if (speechStarts === 0 && !url.includes("noop") && seconds > 5)
      throw new Error(`${url} heard no speech from the fake microphone`);
    return busy;
  } finally {
    await context.close();
  }
}
