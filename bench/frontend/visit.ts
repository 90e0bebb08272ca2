/** A person at the frontend: opens it, clicks, types, speaks. */
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import type { Books } from "../../tests/server/protocol/books.js";
import { type ProtocolOptions, ProtocolServer } from "../../tests/server/protocol/server.js";
import type { Stage } from "./measure.js";
import { installProbe, type ProbeOptions } from "./probe.js";
import { BACKEND_PORT } from "./twins.js";
import { until } from "./until.js";

const DEADLINE_MS = 20_000;
const CONNECTED = "[data-testid=connection][data-state=OPEN]";

export interface VisitOptions extends ProbeOptions {
  readonly server?: ProtocolOptions;
}

export class Visit {
  readonly page: Page;
  readonly server: ProtocolServer;
  readonly #context: BrowserContext;

  private constructor(page: Page, server: ProtocolServer, context: BrowserContext) {
    this.page = page;
    this.server = server;
    this.#context = context;
  }

  /** Works in an own context, with nothing stored, and gives everything back. */
  static async during<T>(
    { browser, twin }: Stage,
    work: (visit: Visit) => Promise<T>,
    { server: options = {}, ...probe }: VisitOptions = {},
  ): Promise<T> {
    const server = await ProtocolServer.start({
      autoStartMic: false,
      ...options,
      app: twin.app,
      port: BACKEND_PORT,
    });
    const context = await browser.newContext({
      permissions: ["microphone"],
      reducedMotion: probe.still ? "reduce" : "no-preference",
    });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(DEADLINE_MS);
      // tsx gives functions their names by it.
      await page.addInitScript("globalThis.__name = (named) => named");
      await page.addInitScript(installProbe, probe);
      await page.goto(server.url);
      const visit = new Visit(page, server, context);
      await visit.connected();
      return await work(visit);
    } finally {
      await context.close();
      await server.close();
    }
  }

  /** Until the server has told it everything that it tells at the beginning. */
  async connected(): Promise<void> {
    await this.page.locator(CONNECTED).waitFor();
  }

  get books(): Books {
    return this.server.books;
  }

  isConnected(): Promise<boolean> {
    return this.page.locator(CONNECTED).isVisible();
  }

  devtools(): Promise<CDPSession> {
    return this.#context.newCDPSession(this.page);
  }

  async toggleMic(): Promise<void> {
    await this.page.getByTestId("mic").click();
  }

  /** Until it hears, or no longer does. */
  async mic(on: boolean): Promise<void> {
    const pressed = `[data-testid=mic][aria-pressed=${on}]`;
    if ((await this.page.locator(pressed).count()) === 0) await this.toggleMic();
    await this.page.locator(pressed).waitFor();
  }

  async say(text: string): Promise<void> {
    const input = this.page.getByTestId("say");
    await input.fill(text);
    await input.press("Enter");
  }

  /** Types into a field of the settings, as a person does. */
  async set(name: string, value: string): Promise<void> {
    await this.page.getByTestId("settings").click();
    await this.page.locator(`[name=${name}]`).fill(value);
    await this.page.getByTestId("settings-close").click();
  }

  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    return until(what, holds, DEADLINE_MS);
  }

  wait(ms: number): Promise<void> {
    return this.page.waitForTimeout(ms);
  }
}
