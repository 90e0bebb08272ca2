/**
 * The example programs, and tensors of every kind, in Chromium: equal to onnxruntime-web called directly,
 * bit for bit, in every mode, and on WebGPU where there is an adapter. No bundler takes part in serving.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import sirv from "sirv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.js";
import { CASES, WAYS } from "../js/ort-tensors.js";
import type { samples } from "./pages/ort-samples.js";
import { until } from "./site.js";

declare global {
  interface Window {
    samples: typeof samples;
  }
}

/** OrtErrorCode ORT_EP_FAIL. */
const EP_FAIL = 11;

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

let server: Server;
const browsers: Browser[] = [];

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [path("pages/ort-samples.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["onnxruntime-web", "onnxruntime-web/*"],
  });
  const script = outputFiles[0]?.text ?? "";
  const files = sirv(path("../.."), { dev: true, dotfiles: false });
  server = createServer((request, response) => {
    if (request.url === "/ort-samples.js")
      response.setHeader("content-type", "text/javascript").end(script);
    else
      files(request, response, () => {
        response.writeHead(404).end();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  server.close();
});

async function openPage(...args: string[]): Promise<Page> {
  const browser = await launchChromium({ args });
  browsers.push(browser);
  const page = await browser.newPage();
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/tests/browser/pages/ort-samples.html`);
  await until(page, () => "samples" in window);
  return page;
}

describe("as Chromium comes", () => {
  let page: Page;
  beforeAll(async () => {
    page = await openPage();
  });

  test.each(["jspi", "sync", "asyncify"] as const)("mode %s: both examples", async (mode) => {
    const candy = await page.evaluate((mode) => window.samples.candy(mode), mode);
    expect(candy).toMatchObject({ opened: 1, said: "", different: [0, 0], left: 0 });
    expect(candy.colours).toBeGreaterThan(50);
    const named = await page.evaluate((mode) => window.samples.names(mode), mode);
    expect(named).toEqual({ different: Array(20).fill(0), misnamed: 0, left: 0 });
  });

  test.each(["jspi", "sync", "asyncify", "callback"] as const)("mode %s: tensors", async (mode) => {
    const { compared, differences, left } = await page.evaluate(
      (mode) => window.samples.tensors(mode),
      mode,
    );
    expect(differences).toEqual([]);
    expect(left).toBe(0);
    const outputs = CASES.reduce((sum, one) => sum + Object.keys(one.outputs).length, 0);
    expect(compared).toBe(outputs * WAYS.length * (mode === "callback" ? 1 / 3 : 1));
  });

  test("WebGPU without an adapter is a status, and the CPU does it", async ({ skip }) => {
    skip(await page.evaluate(() => window.samples.hasAdapter()), "this Chromium has an adapter");
    const candy = await page.evaluate(() => window.samples.candy("jspi", "WebGPU"));
    expect(candy).toMatchObject({ opened: 2, different: [0, 0], left: 0 });
    expect(candy.said).toMatch(/WebGPU/i);
    expect(candy.submitted).toBe(0);
    const refusal = await page.evaluate(() => window.samples.refusal("WebGPU"));
    expect(refusal).toEqual({ code: EP_FAIL, message: expect.stringMatching(/adapter/) });
  });
});

test("WebGPU: the same pixels as onnxruntime-web's", async ({ skip }) => {
  const page = await openPage("--enable-unsafe-webgpu");
  skip(
    !(await page.evaluate(() => window.samples.hasAdapter())),
    "no adapter, not even in software",
  );
  const candy = await page.evaluate(() => window.samples.candy("jspi", "WebGPU"));
  expect(candy).toMatchObject({ opened: 1, said: "", different: [0, 0], left: 0 });
  expect(candy.colours).toBeGreaterThan(50);
  expect(candy.submitted).toBeGreaterThan(0);
});
