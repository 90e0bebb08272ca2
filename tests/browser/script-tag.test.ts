/** The build for pages without modules: a script tag and the global `vad`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sirv from "sirv";
import { expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.js";
import { writeSpokenFile } from "./spoken-file.js";

const PAGE = `<!doctype html>
<script src="/vad-web.global.js"></script>
<script>
  vad.MicVAD.new({
    onSpeechEnd(audio) {
      globalThis.heard = audio.length;
    },
  });
</script>`;

test("a script tag is enough to hear speech", async () => {
  const dist = sirv("dist", { dev: true });
  const server = createServer((request, response) => {
    if (request.url === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else dist(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await launchChromium({ microphone: await writeSpokenFile() });
  try {
    const context = await browser.newContext({ permissions: ["microphone"] });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const samples = await page.waitForFunction("globalThis.heard", undefined, { timeout: 30_000 });
    expect(await samples.jsonValue()).toBeGreaterThan(16_000);
    expect(await page.evaluate("Object.keys(vad).sort().join()")).toBe(
      "AudioNodeVAD,DEFAULT_MODEL,FrameProcessor,Message,MicVAD,NonRealTimeVAD,VoicepathError,baseAssetPath," +
        "defaultModelFetcher,getDefaultRealTimeVADOptions,utils",
    );
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
});
