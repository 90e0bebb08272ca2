/** probe.ts and everything it needs as one script, session.wasm within. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What stack traces call it. */
export const PROBE_NAME = "voicepath-probe.js";

export async function bundleProbe(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("probe.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    loader: { ".wasm": "binary" },
    // Only asked for where the wasm file is, which is in the script.
    define: { "import.meta.url": '"about:blank"' },
    logLevel: "error",
  });
  const [script] = outputFiles;
  if (!script) throw new Error("esbuild gave no script");
  return `${script.text}\n//# sourceURL=${PROBE_NAME}`;
}
