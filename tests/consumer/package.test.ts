/** The package as npm delivers it: linted, installed into a fresh application, built, and heard. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { composeTwin } from "../../frontend-patch/app/compose.js";
import { launchChromium } from "../../tools/chromium.js";
import { writeSpokenFile } from "../browser/spoken-file.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const work = mkdtempSync(join(tmpdir(), "voicepath-consumer-"));
const app = join(work, "app");
let tarball: string;

async function run(command: string, args: readonly string[], cwd = root): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, maxBuffer: 1 << 24 });
    return stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
  }
}

beforeAll(async () => {
  await run("npm", ["pack", "--ignore-scripts", "--pack-destination", work]);
  const [name] = readdirSync(work).filter((file) => file.endsWith(".tgz"));
  if (!name) throw new Error("npm pack made nothing");
  tarball = join(work, name);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

test("the tarball has what the exports promise, and no sources", async () => {
  const files = (await run("tar", ["-tf", tarball])).split("\n");
  for (const file of [
    "index",
    "inline",
    "instrument/index",
    "ort/index",
    "vad-web/index",
    "react/index",
  ])
    for (const type of ["js", "d.ts"]) expect(files).toContain(`package/dist/${file}.${type}`);
  expect(files.filter((file) => file.startsWith("package/dist/assets/")).sort()).toEqual(
    [
      "audio.wasm",
      "mic-processor.js",
      "player-processor.js",
      "session.wasm",
      "silero-legacy.onnx",
      "silero-onnx.asyncify.wasm",
      "silero-onnx.wasm",
      "silero-v5-f16.vpw",
      "silero-v5-f32.vpw",
      "silero-v6-f16.vpw",
      "silero-v6-f32.vpw",
    ].map((name) => `package/dist/assets/${name}`),
  );
  expect(files.filter((file) => /\/(js-glue|wasm|tests|node_modules)\//.test(file))).toEqual([]);
});

test("voicepath-patch runs from the package, with its overlay, and says what it needs", async () => {
  const folder = join(work, "patch");
  await run("mkdir", ["-p", folder]);
  await run("tar", ["-xf", tarball, "-C", folder]);
  const command = join(folder, "package/dist/patch/bin.js");
  await expect(run("node", [command, "--help"])).rejects.toThrow("npm install --no-save ts-morph");
  for (const name of ["ts-morph", "diff"]) {
    await run("mkdir", ["-p", join(folder, "node_modules")]);
    await run("ln", ["-s", join(root, "node_modules", name), join(folder, "node_modules", name)]);
  }
  expect(await run("node", [command, "--help"])).toContain("usage: voicepath-patch DIR");
  const twin = composeTwin("contexts", join(folder, "twin"));
  expect(await run("node", [command, twin, "--dry-run"])).toContain("+++");
});

test("publint", async () => {
  const said = await run("npx", ["publint", "run", tarball, "--strict"]);
  expect(said).toContain("All good!");
});

test("are the types wrong?", async () => {
  await run("npx", ["attw", tarball, "--profile", "esm-only"]);
});

test("importing any entry in plain Node has no side effects", async () => {
  const files = await run("tar", ["-xf", tarball, "-C", work]);
  expect(files).toBe("");
  const entries = ["index.js", "vad-web/index.js", "ort/index.js", "inline.js"].map((name) =>
    JSON.stringify(join(work, "package/dist", name)),
  );
  const program = `
    const before = Object.getOwnPropertyNames(globalThis).length;
    for (const entry of [${entries}]) await import(entry);
    console.log(Object.getOwnPropertyNames(globalThis).length - before);`;
  expect(await run("node", ["--input-type=module", "-e", program])).toBe("0\n");
});

test("esbuild bundles the drop-in where onnxruntime-web is not installed", async () => {
  const { warnings } = await build({
    entryPoints: [join(work, "package/dist/vad-web/index.js")],
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  expect(
    warnings.map(({ text }) => text).filter((text) => !text.includes("onnxruntime-web")),
  ).toEqual([]);
});

test("a React application, built by Vite, hears speech", { timeout: 300_000 }, async () => {
  cpSync(join(root, "tests/consumer/app"), app, {
    recursive: true,
    filter: (source) => !source.includes("node_modules"),
  });
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...quiet, tarball], app);
  await run("npx", ["vite", "build"], app);

  let server: PreviewServer | undefined;
  let browser: Browser | undefined;
  try {
    server = await preview({
      configFile: false,
      root: app,
      logLevel: "error",
      preview: { port: 0, host: "127.0.0.1" },
    });
    const [origin] = server.resolvedUrls?.local ?? [];
    if (!origin) throw new Error("the server has no address");
    browser = await launchChromium({ microphone: await writeSpokenFile() });
    for (const path of ["index.html", "drop-in.html"]) {
      const page = await browser.newPage();
      const requests: string[] = [];
      const errors: Error[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => errors.push(error));
      await page.goto(new URL(path, origin).href);
      await page.locator("#heard li", { hasText: /^end / }).first().waitFor({ timeout: 30_000 });
      const heard = await page.locator("#heard li").allTextContents();
      const end = heard.findIndex((name) => name.startsWith("end "));
      expect(heard.slice(end - 2, end)).toEqual(["start", "real start"]);
      expect(Number(heard[end]?.slice(4))).toBeGreaterThan(16000);
      expect(errors).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(origin) && !url.startsWith("blob:"))).toEqual(
        [],
      );
      // One model, and nothing of ONNX Runtime.
      expect(requests.filter((url) => url.includes(".vpw"))).toHaveLength(1);
      expect(requests.filter((url) => /onnx|ort-|libs/.test(url))).toEqual([]);
      await page.close();
    }
  } finally {
    await browser?.close();
    await server?.close();
  }
});
