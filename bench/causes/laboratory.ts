/** Where trials are held: the page, built and served, and a Chromium that slows hidden pages down. */
import type { Server } from "node:http";
import { join } from "node:path";
import puppeteer, { type Browser, type BrowserContext, type Page } from "puppeteer-core";
import { build } from "vite";
import { chromiumPath } from "../../tools/chromium.js";
import { ROOT } from "../pages.js";
import { addressOf, serve } from "../server.js";
import { buildBackend } from "./backend.js";
import type { AppOptions } from "./page/app-options.js";

const SITE = join(ROOT, "build/causes");
const PAGE = join(ROOT, "bench/causes/page");

/** A small device's: where it is near, the browser collects garbage again and again. */
const HEAP_MB = 128;

/** By which automated browsers keep hidden pages awake. */
const AWAKE = [
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

export class Laboratory {
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(server: Server, browser: Browser) {
    this.#server = server;
    this.#browser = browser;
  }

  /** Needs dist/. */
  static async open(): Promise<Laboratory> {
    await buildBackend();
    await build({
      configFile: false,
      root: PAGE,
      publicDir: false,
      logLevel: "warn",
      build: { outDir: SITE, emptyOutDir: true, assetsInlineLimit: 0, target: "es2022" },
    });
    const server = await serve(SITE, 0);
    const browser = await puppeteer.launch({
      executablePath: chromiumPath(),
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        `--js-flags=--max-old-space-size=${HEAP_MB}`,
      ],
      ignoreDefaultArgs: AWAKE,
    });
    return new Laboratory(server, browser);
  }

  /** Tabs of one context share storage and locks. */
  openContext(): Promise<BrowserContext> {
    return this.#browser.createBrowserContext();
  }

  /** The page, as soon as it is watched. */
  async openPage(context: BrowserContext, options: Partial<AppOptions>): Promise<Page> {
    const page = await context.newPage();
    const errors: unknown[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(`${addressOf(this.#server)}/?options=${JSON.stringify(options)}`);
    await page
      .waitForFunction(() => "app" in globalThis, { timeout: 10_000 })
      .catch((cause) => {
        throw new AggregateError([...errors, cause], "the page does not start");
      });
    return page;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
