/**
 * `js` runs in Node, `pages` and `browser` drive Chromium, `engines` the other two browser engines. All
 * test what was built into dist/.
 */
import { defineConfig } from "vitest/config";

/** What another Chromium beside it does not disturb: nothing that must come within some ms. */
const PAGES = [
  ...[
    "content-security",
    "frontend-overlay",
    "frontend-view",
    "instrument",
    "monitor-panel",
    "ort-program",
    "ort-samples",
  ],
  ...["registry-inspector", "script-tag", "stress", "subtitle-captions", "subtitle-security"],
  ...["use-connection", "use-scope"],
].map((name) => `tests/browser/${name}.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "js",
          include: ["tests/js/**/*.test.ts"],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "pages",
          include: [...PAGES, "tests/consumer/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "browser",
          exclude: PAGES,
          include: ["tests/browser/**/*.test.ts", "tests/engines/chromium.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // One Chromium at a time, and nothing beside it.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "engines",
          include: ["tests/engines/*.test.ts"],
          testTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
