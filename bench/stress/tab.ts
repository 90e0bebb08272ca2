/**
 * The page that is driven. It is talked to through the DevTools protocol alone, because Playwright's
 * own way leaves handles in the page's heap. Whatever it does, an answer comes before the deadline.
 */
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import type { MetricName } from "./counters.js";
import { StressError } from "./stress-error.js";

export interface TabOptions {
  /** Runs in every document before its own scripts. */
  readonly script: string;
  readonly deadlineMs: number;
}

export type Metrics = ReadonlyMap<MetricName, number>;

const BLANK = "about:blank";
const ERRORS_MAX = 5;

export class Tab {
  readonly page: Page;
  readonly cdp: CDPSession;
  readonly deadlineMs: number;
  /** What the page asked with alert(), confirm() and prompt(); it was told no. */
  readonly dialogs: string[] = [];
  /** What the page threw and did not catch; the first ones. */
  readonly errors: string[] = [];
  readonly #context: BrowserContext;
  /** Of what is waited for now. */
  readonly #fail = new Set<(error: Error) => void>();
  #crashed = false;

  private constructor(context: BrowserContext, page: Page, cdp: CDPSession, deadlineMs: number) {
    this.#context = context;
    this.page = page;
    this.cdp = cdp;
    this.deadlineMs = deadlineMs;
    page.on("crash", () => {
      this.#crashed = true;
      for (const fail of this.#fail) fail(new StressError("the page crashed"));
    });
    page.on("pageerror", ({ message }) => {
      if (this.errors.length < ERRORS_MAX) this.errors.push(message.trim());
    });
    page.on("dialog", (dialog) => {
      const leaving = dialog.type() === "beforeunload";
      if (!leaving) this.dialogs.push(`${dialog.type()}(${JSON.stringify(dialog.message())})`);
      void (leaving ? dialog.accept() : dialog.dismiss()).catch(() => {});
    });
  }

  /** In a context, and so in a process, of its own. */
  static async open(browser: Browser, { script, deadlineMs }: TabOptions): Promise<Tab> {
    const context = await browser.newContext({
      bypassCSP: true,
      ignoreHTTPSErrors: true,
      permissions: ["microphone", "camera"],
    });
    const page = await context.newPage();
    await page.addInitScript({ content: script });
    const cdp = await context.newCDPSession(page);
    await cdp.send("Performance.enable");
    return new Tab(context, page, cdp, deadlineMs);
  }

  /** @throws StressError when it cannot be loaded */
  async goto(url: string): Promise<void> {
    const loading = this.page.goto(url, { waitUntil: "load", timeout: this.deadlineMs });
    const response = await this.within(
      loading.catch((cause: unknown) => {
        const [reason] = String(cause instanceof Error ? cause.message : cause).split("\n");
        const said = reason?.replace(/^page\.goto: /, "");
        throw new StressError(`${url} cannot be loaded: ${said}`, { cause });
      }),
      `loading ${url}`,
    );
    if (response && !response.ok())
      throw new StressError(`${url} answers ${response.status()} ${response.statusText()}`);
  }

  /** What is open on the page ends with it. */
  async leave(): Promise<void> {
    await this.goto(BLANK);
  }

  /** The value of an expression, or what its promise brings; JSON. @throws StressError */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.within(
      this.cdp.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }),
      expression,
    );
    if (!exceptionDetails) return result.value as T;
    const { exception, text } = exceptionDetails;
    const [reason] = String(exception?.description ?? exception?.value ?? text).split("\n    at ");
    throw new StressError(`${expression} failed: ${reason}`);
  }

  /** Evaluates until it is true. @throws StressError at the deadline */
  async until(expression: string, what: string): Promise<void> {
    const end = performance.now() + this.deadlineMs;
    while (!(await this.evaluate<boolean>(expression))) {
      if (performance.now() > end) throw this.#late(what);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async collectGarbage(): Promise<void> {
    // What the first one sets free may hold what the second one does.
    for (let round = 0; round < 2; round++)
      await this.within(this.cdp.send("HeapProfiler.collectGarbage"), "collecting garbage");
  }

  async metrics(): Promise<Metrics> {
    const { metrics } = await this.within(this.cdp.send("Performance.getMetrics"), "its metrics");
    return new Map(metrics.map(({ name, value }) => [name as MetricName, value]));
  }

  /** @throws StressError at the deadline, and when the page crashes */
  async within<T>(work: Promise<T>, what: string): Promise<T> {
    work.catch(() => {}); // it may fail later than we
    if (this.#crashed) throw new StressError("the page crashed");
    let timer: NodeJS.Timeout | undefined;
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
      timer = setTimeout(() => reject(this.#late(what)), this.deadlineMs);
    });
    this.#fail.add(fail);
    try {
      return await Promise.race([work, failed]);
    } catch (error) {
      if (error instanceof StressError) throw error;
      const [reason] = String(error instanceof Error ? error.message : error).split("\n");
      throw new StressError(`${what}: ${reason}`, { cause: error });
    } finally {
      clearTimeout(timer);
      this.#fail.delete(fail);
    }
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  #late(what: string): StressError {
    const [error] = this.errors;
    const cause = error === undefined ? "" : `; before, it threw: ${error}`;
    return new StressError(
      `the page hangs: ${what} is not done after ${this.deadlineMs} ms${cause}`,
    );
  }
}
