/**
 * `js` runs in Node, `browser` drives Chromium, `engines` the other two browser engines. All test
 * what was built into dist/.
 */
import { defineConfig } from "vitest/config";

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
          name: "browser",
          include: [
            "tests/browser/**/*.test.ts",
            "tests/consumer/**/*.test.ts",
            "tests/engines/chromium.test.ts",
          ],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // One Chromium at a time, and nothing beside it.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "engines",
          include: ["tests/engines/*.test.ts"],
          testTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
