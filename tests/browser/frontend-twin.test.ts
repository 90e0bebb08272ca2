/** The app of frontend-patch/app in both shapes, as it comes and after voicepath-patch. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { buildTwin, composeTwin, SHAPES, type Shape } from "../../frontend-patch/app/compose.js";
import { patch } from "../../frontend-patch/apply/index.js";
import { type Bench, openBench, testTwin } from "./frontend/twin.js";

let folder: string;
let bench: Bench;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "voicepath-twin-"));
  bench = await openBench(folder);
});
afterAll(async () => {
  await bench?.browser.close();
  rmSync(folder, { recursive: true });
});

function composePatched(shape: Shape): string {
  const twin = composeTwin(shape, join(folder, `${shape}-patched`));
  patch(twin);
  return twin;
}

/** Before the patch only with TWINS=all: the tests are the same, and what they cost too. */
const BEFORE: readonly Shape[] = process.env["TWINS"] === "all" ? SHAPES : [];
const theBench = (): Bench => bench;

for (const shape of BEFORE)
  testTwin(shape, "as it comes", theBench, () =>
    buildTwin(composeTwin(shape, join(folder, shape))),
  );
for (const shape of SHAPES)
  testTwin(shape, "patched", theBench, () => buildTwin(composePatched(shape)));
