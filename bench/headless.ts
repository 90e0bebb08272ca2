/** All suites, in Node and in headless Chromium: tables, JSON, pictures. */
import { join } from "node:path";
import { launchChromium } from "../tools/chromium.js";
import { chooseSuites } from "./choice.js";
import { siteTwins } from "./frontend/apps.js";
import { measureTwins } from "./frontend/measured.js";
import { layoutCounter, measureMainThread } from "./main-thread.js";
import { writeMicrophoneWav } from "./microphone-wav.js";
import type { Results } from "./page/benchmark/results.js";
import type { Row } from "./page/suites/suite.js";
import { commit, ROOT } from "./pages.js";
import { updateReadme } from "./readme.js";
import { describeMachine, table, writeResults } from "./report.js";
import { measureInNode } from "./resampler/in-node.js";
import { takeScreenshots } from "./screenshots.js";

const RESULTS = join(ROOT, "bench/results");
const MICROPHONE = join(ROOT, "build/microphone.wav");

export interface HeadlessOptions {
  readonly suites: readonly string[];
  readonly quick: boolean;
  /** Puts the table and pictures into the project's README. */
  readonly readme: boolean;
}

/** @throws when a suite fails */
export async function runHeadless(
  address: string,
  { suites, quick, readme }: HeadlessOptions,
): Promise<void> {
  const time = new Date();
  const choice = chooseSuites(suites);
  const nodeRows = await measureInNode(choice.node, { quick });
  if (choice.frontend)
    nodeRows.push(
      ...(await measureTwins(siteTwins("contexts"), { rounds: 1 }, (found) =>
        console.log(`${table(found)}\n`),
      )),
    );
  writeMicrophoneWav(MICROPHONE);
  const browser = await launchChromium({
    microphone: MICROPHONE,
    args: ["--enable-precise-memory-info", "--js-flags=--expose-gc"],
  });
  try {
    const engine = `Chromium ${browser.version()}`;
    const machine = describeMachine();
    console.log(`${engine}\n${machine}\ncommit ${commit()}${quick ? ", quick" : ""}\n`);

    const context = await browser.newContext({ deviceScaleFactor: 2 });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.error(`page: ${error.message}`));
    await page.exposeFunction("measureMainThread", (path: string, seconds: number) =>
      measureMainThread(browser, address + path, seconds),
    );
    await page.exposeFunction("countLayouts", await layoutCounter(page));
    await page.goto(address);
    await page.getByText("judged in").waitFor();
    if (!(await page.evaluate(() => crossOriginIsolated)))
      throw new Error("the page is not isolated, its clock is too coarse");

    const chosen =
      choice.all || choice.page.length > 0
        ? await page.evaluate((names) => globalThis.bench.select(names), choice.page)
        : [];
    const rows: Row[] = [];
    for (const id of chosen) {
      const start = performance.now();
      process.stdout.write(`${id} … `);
      const found = await page.evaluate(
        ([suite, fast]) => globalThis.bench.run({ suites: [suite], quick: fast }),
        [id, quick] as const,
      );
      rows.push(...found);
      console.log(`${((performance.now() - start) / 1000).toFixed(1)} s`);
      console.log(`${table(found)}\n`);
    }

    const all = [...rows, ...nodeRows];
    const results: Results = {
      engine,
      node: process.version,
      machine,
      commit: commit(),
      rows: all,
    };
    // Smoke tests and excerpts do not take the place of a full run.
    const folder = quick || suites.length > 0 ? join(RESULTS, "partial") : RESULTS;
    const written = [
      writeResults(folder, results, time),
      ...(await takeScreenshots(page, folder, quick)),
      ...(readme ? updateReadme(ROOT, folder, results) : []),
    ];
    console.log(`${table(rows)}\n`);
    for (const path of written) console.log(path);
  } finally {
    await browser.close();
  }
}
