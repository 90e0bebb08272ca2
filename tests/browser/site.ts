/** Pages of tests/browser/pages in Chromium, served by Vite's dev server. */
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { launchChromium } from "../../tools/chromium.js";
import { type Census, installCensus } from "./census.js";
import { writeSpokenFile } from "./spoken-file.js";

declare global {
  interface Window {
    census: Census;
  }
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export interface SiteOptions {
  /** Response headers of every page. */
  readonly headers?: Record<string, string>;
  /** Whether the fake microphone may be used. Default true. */
  readonly allowed?: boolean;
  /** More of Chromium's command line. */
  readonly args?: readonly string[];
  /** Arguments of Playwright's to leave out. */
  readonly ignoreDefaultArgs?: readonly string[];
}

export interface Site {
  readonly browser: Browser;
  /** A page in a context of its own. */
  open(file: string): Promise<Page>;
  /** Pages that share a context, and so locks and storage: a new one, or that of another page. */
  openTabs(file: string, count: number, beside?: Page): Promise<Page[]>;
  close(): Promise<void>;
}

export async function openSite({
  headers = {},
  allowed = true,
  args = [],
  ignoreDefaultArgs = [],
}: SiteOptions = {}): Promise<Site> {
  const server: ViteDevServer = await createServer({
    configFile: false,
    logLevel: "error",
    root: path("pages"),
    // Vitest's workers have one each.
    cacheDir: path(`../../build/vite/${process.env["VITEST_POOL_ID"] ?? 0}`),
    resolve: {
      alias: [
        {
          find: /^voicepath\/(vad-web|react|instrument|monitor)$/,
          replacement: path("../../dist/$1/index.js"),
        },
        { find: /^voicepath$/, replacement: path("../../dist/index.js") },
      ],
    },
    optimizeDeps: {
      exclude: ["voicepath"],
      include: ["react", "react-dom/client", "react/jsx-dev-runtime", "uplot"],
    },
    server: { port: 0, host: "127.0.0.1", headers, fs: { allow: [path("../..")] }, hmr: false },
  });
  await server.listen();
  const [origin] = server.resolvedUrls?.local ?? [];
  if (!origin) throw new Error("the dev server has no address");
  const browser = await launchChromium(
    allowed
      ? { microphone: await writeSpokenFile(), args, ignoreDefaultArgs }
      : { args: ["--use-fake-device-for-media-stream", ...args], ignoreDefaultArgs },
  );
  const contexts: BrowserContext[] = [];
  const openContext = async (): Promise<BrowserContext> => {
    const context = await browser.newContext({ permissions: allowed ? ["microphone"] : [] });
    contexts.push(context);
    return context;
  };
  const openPage = async (context: BrowserContext, file: string): Promise<Page> => {
    const page = await context.newPage();
    await page.addInitScript(installCensus);
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(new URL(file, origin).href);
    await until(page, () =>
      ["page", "panels", "playback", "probe", "observed", "stage", "tabs", "talk"].some(
        (name) => name in window,
      ),
    );
    if (errors.length > 0) throw new AggregateError(errors, `errors in ${file}`);
    return page;
  };
  return {
    browser,
    open: async (file) => openPage(await openContext(), file),
    async openTabs(file, count, beside) {
      const context = beside?.context() ?? (await openContext());
      return Promise.all(Array.from({ length: count }, () => openPage(context, file)));
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
      await server.close();
    },
  };
}

/** Polls from outside, because a strict CSP keeps Playwright's own waiting from working. */
export async function until(
  page: Page,
  condition: () => boolean,
  timeoutMs = 20_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await page.evaluate(condition))) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
