/** Pages that import the frontend's overlay as the patched frontend does, as "@/…", in Chromium. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { build, type InlineConfig, type Plugin, preview } from "vite";
import { launchChromium } from "../../tools/chromium.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export type Shape = "contexts" | "store";

export interface OverlaySite {
  /** Without a context, in one of its own. */
  open(query?: string, context?: BrowserContext): Promise<Page>;
  close(): Promise<void>;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The overlay's files, and below them those of the app. */
function fallThrough(shape: Shape): Plugin {
  const layers = ["common", shape].flatMap((layer) => [
    join(ROOT, "frontend-patch/overlay", layer),
    join(ROOT, "frontend-patch/app", layer, "src/renderer/src"),
  ]);
  const overlayFirst = layers.sort(
    (a, b) => Number(b.includes("overlay")) - Number(a.includes("overlay")),
  );
  return {
    name: "overlay",
    enforce: "pre",
    resolveId(id) {
      if (!id.startsWith("@/")) return null;
      for (const layer of overlayFirst)
        for (const end of ["", ".ts", ".tsx", "/index.ts"]) {
          const path = join(layer, id.slice(2)) + end;
          if (isFile(path)) return path;
        }
      return null;
    },
  };
}

/** @param file - of tests/browser/pages */
export async function openOverlaySite(shape: Shape, file: string): Promise<OverlaySite> {
  const dist = join(ROOT, "dist");
  const pages = join(ROOT, "tests/browser/pages");
  const site: InlineConfig = {
    configFile: false,
    logLevel: "error",
    root: pages,
    plugins: [fallThrough(shape)],
    resolve: {
      alias: [
        {
          find: /^voicepath\/(vad-web|react|instrument|monitor)$/,
          replacement: `${dist}/$1/index.js`,
        },
        { find: /^voicepath$/, replacement: `${dist}/index.js` },
      ],
    },
    build: {
      outDir: join(ROOT, "build/overlay", shape),
      emptyOutDir: true,
      target: "esnext",
      minify: false,
      rolldownOptions: { input: join(pages, file) },
    },
    preview: { port: 0, host: "127.0.0.1" },
  };
  await build(site);
  const server = await preview(site);
  const [origin] = server.resolvedUrls?.local ?? [];
  if (!origin) throw new Error("the server has no address");
  const browser = await launchChromium();
  return {
    async open(query = "", context) {
      const page = await (context ?? (await browser.newContext())).newPage();
      const errors: Error[] = [];
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(new URL(`${file}${query}`, origin).href);
      await page.waitForFunction(() => "view" in window);
      if (errors.length > 0) throw new AggregateError(errors, `errors in ${file}`);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
