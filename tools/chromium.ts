/** Debian's Chromium, driven by playwright-core, with the flags that tests and benchmarks share. */
import { execFileSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

/** Pages with WebGL run where there is no GPU. */
export const SOFTWARE_GL: readonly string[] = [
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

export interface ChromiumOptions {
  /** A WAV file that the fake microphone plays in a loop. Without it, no microphone is granted. */
  readonly microphone?: string;
  readonly args?: readonly string[];
  /** Arguments of Playwright's to leave out. */
  readonly ignoreDefaultArgs?: readonly string[];
  /** Without a window. Default true. */
  readonly headless?: boolean;
}

/** Where it is. */
export function chromiumPath(): string {
  try {
    return execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  } catch (cause) {
    throw new Error("Chromium is not installed: run tools/setup", { cause });
  }
}

export function launchChromium({
  microphone,
  args = [],
  ignoreDefaultArgs = [],
  headless = true,
}: ChromiumOptions = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    headless,
    ignoreDefaultArgs: [...ignoreDefaultArgs],
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
      ...(microphone
        ? [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            `--use-file-for-fake-audio-capture=${microphone}`,
          ]
        : []),
      ...args,
    ],
  });
}
