/** What runs share: a browser, the script that is injected, the wasm that judges. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { loadSession, type SessionModule, sessionWasmURL } from "../../dist/index.js";
import { launchChromium, SOFTWARE_GL } from "../../tools/chromium.js";
import { bundleProbe } from "./probe-script.js";

/**
 * Compiled code comes and goes in the heap: with one compiler, that compiles each function when it is
 * called first and keeps it, only the page's own doing is left.
 */
const STEADY_CODE = [
  "--always-sparkplug",
  "--no-maglev",
  "--no-opt",
  "--no-lazy-feedback-allocation",
  "--no-flush-bytecode",
];

export interface RigOptions {
  /** A WAV file that the fake microphone plays. */
  readonly microphone: string;
  readonly headed?: boolean;
}

export class Rig {
  readonly browser: Browser;
  readonly script: string;
  readonly session: SessionModule;
  /** What measuring a blank page costs, by how it was measured; see blank-page.ts. */
  readonly blankSlopes = new Map<string, Promise<number>>();

  private constructor(browser: Browser, script: string, session: SessionModule) {
    this.browser = browser;
    this.script = script;
    this.session = session;
  }

  static async open({ microphone, headed = false }: RigOptions): Promise<Rig> {
    const wasm = await readFile(fileURLToPath(sessionWasmURL()));
    const [script, session] = await Promise.all([bundleProbe(), loadSession({ wasm })]);
    const browser = await launchChromium({
      microphone,
      headless: !headed,
      args: [
        ...SOFTWARE_GL,
        // A page that was left is gone, instead of waiting to be shown again.
        "--disable-features=BackForwardCache",
        `--js-flags=${STEADY_CODE}`,
      ],
    });
    return new Rig(browser, script, session);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
