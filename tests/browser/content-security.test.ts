/** The package under a policy that forbids eval, inline scripts and foreign addresses. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSite, type Site, until } from "./site.js";

declare global {
  interface Window {
    starts: number;
  }
}

let site: Site;
beforeAll(async () => {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
  site = await openSite({ headers: { "Content-Security-Policy": policy } });
});
afterAll(() => site.close());

test.each(["AudioWorklet", "ScriptProcessor"] as const)(
  "%s hears speech",
  async (processorType) => {
    const page = await site.open("index.html");
    const violations = await page.evaluate(async (processorType) => {
      const violations: string[] = [];
      addEventListener("securitypolicyviolation", ({ blockedURI }) => violations.push(blockedURI));
      window.starts = 0;
      window.vad = await window.page.MicVAD.new({
        processorType,
        onSpeechRealStart: () => {
          window.starts++;
        },
      });
      return violations;
    }, processorType);
    expect(violations).toEqual([]);
    await until(page, () => window.starts > 0);
    await page.evaluate(() => window.vad?.destroy());
    // The policy is really there. Later, because it does not bind the debugger's own evaluation.
    const forbidden = await page.evaluate(
      () =>
        new Promise((resolve) =>
          setTimeout(() => {
            try {
              resolve(new Function("return 1")());
            } catch (error) {
              resolve((error as Error).name);
            }
          }),
        ),
    );
    expect(forbidden).toBe("EvalError");
    await page.close();
  },
);
