import { execFileSync } from "node:child_process";
import puppeteer from "puppeteer-core";
import { test } from "vitest";
import { expectSameAsNode, poll } from "./heard.js";

test("Firefox hears what Node hears, bit for bit", async () => {
  const executablePath = execFileSync("sh", ["-c", "command -v firefox-esr"], {
    encoding: "utf8",
  }).trim();
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  try {
    await expectSameAsNode(async (url) => {
      const page = await browser.newPage();
      await page.goto(url);
      return poll(() => page.evaluate("window.heard"));
    });
  } finally {
    await browser.close();
  }
});
