/**
 * OrtProgram in Chromium, every mode, under a policy that forbids eval and foreign scripts: bit for bit
 * what onnxruntime-web gives the page. Bundled by esbuild, which follows the package's own imports of
 * onnxruntime-web.
 */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import sirv from "sirv";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.js";
import { Graph } from "../../wasm/ort/examples/graph.js";
import type { Outcome } from "./pages/ort-program.js";
import { until } from "./site.js";

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** x [batch, 3] to x * tanh(x) and the greatest's index. */
function model(): Uint8Array {
  const graph = new Graph("curve");
  graph.input("x", "float32", ["batch", 3]);
  graph.node("Mul", ["x", graph.node("Tanh", ["x"])], {}, "curved");
  graph.node("ArgMax", ["x"], { axis: 1, keepdims: 1 }, "greatest");
  graph.output("curved", "float32", ["batch", 3]);
  graph.output("greatest", "int64", ["batch", 1]);
  return graph.bytes();
}

/** y = x + 40 */
function one(): Uint8Array {
  const graph = new Graph("one");
  graph.input("x", "float32", [1]);
  graph.node("Add", ["x", graph.number(40)], {}, "y");
  graph.output("y", "float32", [1]);
  return graph.bytes();
}

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const FOLDERS = ["onnxruntime-web", "onnxruntime-web-1.14", "onnxruntime-web-1.18"];

async function bundlePage(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [root("tests/browser/pages/ort-program.ts")],
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    outdir: "/",
    write: false,
    logLevel: "error",
    external: ["node:*", "module", "worker_threads", "fs", "os", "path", "url", "util"],
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

let server: Server;
let browser: Browser;
let origin = "";
beforeAll(async () => {
  const files = await bundlePage();
  files.set("/model.onnx", model());
  files.set("/one.onnx", one());
  files.set(
    "/",
    new TextEncoder().encode(
      `<!doctype html><script type="module" src="/ort-program.js"></script>`,
    ),
  );
  const programs = sirv(root("build/wasm/wasm/ort"), { dev: true });
  const packages = FOLDERS.map(
    (folder) => [folder, sirv(root(`node_modules/${folder}/dist`), { dev: true })] as const,
  );
  server = createServer((request, response) => {
    response.setHeader("Content-Security-Policy", POLICY);
    const url = request.url ?? "/";
    const bytes = files.get(url);
    if (bytes) {
      const type = url === "/" ? "text/html" : url.endsWith(".js") ? "text/javascript" : "";
      response.setHeader("Content-Type", type || "application/octet-stream");
      response.end(bytes);
      return;
    }
    const missing = (): void => {
      response.writeHead(404).end();
    };
    const [, folder = ""] = url.split("/");
    const serve = folder === "ort" ? programs : packages.find(([name]) => name === folder)?.[1];
    if (!serve) return missing();
    request.url = url.slice(folder.length + 1);
    serve(request, response, missing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

async function open(): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(origin);
  await until(page, () => "ortProgram" in window);
  return page;
}

function expectRight(outcome: Outcome): void {
  expect(outcome.events).toEqual([1, 101, 42]);
  expect(outcome.names).toEqual(["x batch,3"]);
  expect(outcome.program).toEqual(outcome.direct);
  if (outcome.mode !== "callback") {
    expect(outcome.program.map((list) => list.length)).toEqual([12, 4]);
  }
}

test.each(["jspi", "sync", "asyncify", "callback"] as const)("mode %s", async (mode) => {
  const page = await open();
  const violations = await page.evaluate(() => {
    const violations: string[] = [];
    addEventListener("securitypolicyviolation", ({ blockedURI }) => violations.push(blockedURI));
    Object.assign(window, { violations });
    return violations.length;
  });
  expect(violations).toBe(0);
  const outcome = await page.evaluate((mode) => window.ortProgram.outcome(mode), mode);
  expect(outcome.mode).toBe(mode);
  expect(outcome.warnings).toEqual([]);
  expectRight(outcome);
  expect(
    await page.evaluate(() => (window as unknown as { violations: string[] }).violations),
  ).toEqual([]);
  await page.close();
});

test("auto is jspi here", async () => {
  const page = await open();
  const outcome = await page.evaluate(() => window.ortProgram.outcome("auto"));
  expect(outcome.mode).toBe("jspi");
  expectRight(outcome);
  await page.close();
});

// Versions before 1.19 are classic scripts.
test.each(FOLDERS.slice(1))("%s, a classic script", async (folder) => {
  const page = await open();
  for (const mode of ["jspi", "asyncify", "callback"] as const) {
    const outcome = await page.evaluate(
      ([mode, folder]) => window.ortProgram.outcome(mode, folder),
      [mode, folder] as const,
    );
    expect(outcome.mode).toBe(mode);
    expectRight(outcome);
  }
  await page.close();
});

test.each([
  ["jspi", "ORT_WAITS"],
  ["asyncify", "ORT_WAITS"],
  ["sync", "true"],
] as const)("%s: callNow, growth, a trap, a disposal", async (mode, now) => {
  const page = await open();
  const codes = await page.evaluate((mode) => window.ortProgram.ends(mode), mode);
  const disposed = mode === "sync" ? "done" : "DISPOSED";
  expect(codes).toEqual([now, "2", "ORT_TRAP", "ORT_TRAP", disposed]);
  await page.close();
});
