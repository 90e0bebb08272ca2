import { test } from "vitest";
import { launchChromium } from "../../tools/chromium.js";
import { expectSameAsNode, poll } from "./heard.js";

test("Chromium hears what Node hears, bit for bit", async () => {
  const browser = await launchChromium();
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
