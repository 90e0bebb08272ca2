/** How pages of bench/page are built: Vite's configuration, and the stage alone. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build, type InlineConfig } from "vite";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const SITE = join(ROOT, "build/page");
const PAGE = join(ROOT, "bench/page");

/** What voicepath imports when asked to: bundled, it would come with more copies of ORT's wasm. */
const ORT = ["onnxruntime-web", "onnxruntime-web/ort-wasm-simd-threaded.mjs"];

/** VS Code publishes no package of its base; xterm ships its sources, which import each other as vs/…. */
const VS = join(ROOT, "node_modules/@xterm/xterm/src/vs");
const VSCODE = { "vscode-lifecycle": join(VS, "base/common/lifecycle.ts"), vs: VS };

/** What speex-resampler-wasm imports when it finds itself in Node. */
const NODE_ONLY = ["module"];

/** The commit, marked when the work tree differs from it. */
export function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
  try {
    return git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
  } catch {
    return "unknown";
  }
}

/** vad-web's own import of onnxruntime-web is bundled, as its users have it. */
function isExternal(id: string, importer: string | undefined): boolean {
  return (
    NODE_ONLY.includes(id) || (ORT.includes(id) && (importer?.includes("/dist/ort/") ?? false))
  );
}

/** Each group of pages is built alone, so that no page loads code that it shares with another. */
export function pages(folder: string, names: readonly string[]): InlineConfig {
  const root = join(PAGE, folder);
  return {
    configFile: false,
    root,
    base: folder === "" ? "/" : `/${folder}/`,
    publicDir: false,
    resolve: { alias: VSCODE },
    logLevel: "warn",
    plugins: [react()],
    worker: { format: "es", rolldownOptions: { external: isExternal } },
    define: { __COMMIT__: JSON.stringify(commit()) },
    build: {
      outDir: join(SITE, folder),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: "es2022",
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2100,
      rolldownOptions: { external: isExternal, input: names.map((name) => join(root, name)) },
    },
  };
}

/** The page that `npm run stress` drives by default; needs dist/. */
export async function buildStage(): Promise<void> {
  const { env } = process;
  const given = env["NODE_ENV"];
  // In development, as under a test runner, React keeps more.
  env["NODE_ENV"] = "production";
  try {
    await build(pages("stage", ["index.html"]));
  } finally {
    if (given === undefined) delete env["NODE_ENV"];
    else env["NODE_ENV"] = given;
  }
}
