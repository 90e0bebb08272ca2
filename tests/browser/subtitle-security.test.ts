/** <Subtitle> under a policy that forbids inline styles. */
import { expect, test } from "vitest";
import { openSite } from "./site.js";

test("it is styled, and nothing is violated", async () => {
  const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'";
  const site = await openSite({ headers: { "Content-Security-Policy": policy } });
  const page = await site.open("subtitle.html");
  const seen = await page.evaluate(async () => {
    const { talk } = window;
    const violations: string[] = [];
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      violations.push(`${violatedDirective} ${blockedURI}`),
    );
    await talk.render({ view: { width: 400 } });
    const cue = talk.buffer.add("Hello there.", { clip: { durationMs: 5000 } });
    talk.buffer.start(cue, { atMs: 0 });
    await talk.at(1000);
    const { backgroundColor } = getComputedStyle(talk.element("-box"));
    const { width } = talk.element("").getBoundingClientRect();
    const [range] = talk.hiddenRanges();
    const hidden = range?.startContainer as Element;
    const { color } = getComputedStyle(
      hidden.parentElement as Element,
      "::highlight(voicepath-unspoken)",
    );
    return { violations, backgroundColor, width, color, shown: talk.shownPlaces().length };
  });
  await site.close();
  expect(seen).toMatchObject({
    violations: [],
    backgroundColor: "rgba(0, 0, 0, 0.7)",
    width: 400,
    color: "rgba(0, 0, 0, 0)",
  });
  expect(seen.shown).toBeGreaterThan(0);
  expect(seen.shown).toBeLessThan(12);
});
