/** voicepath-patch with its own overlay, on the twins of both shapes. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { composeTwin } from "../../frontend-patch/app/compose.js";
import { exportsOf, membersOf, projectOf, sourceIn } from "../../frontend-patch/apply/contract.js";
import { PARTS, patch, planOf, revert } from "../../frontend-patch/apply/index.js";
import { read, source, treeHash } from "./patch-trees.js";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "voicepath-twins-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

/** What the tree's own check of types finds, by file and message. */
function typeErrors(root: string): string[] {
  const path = join(root, "tsconfig.web.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root, {
    composite: false,
    incremental: false,
    noEmit: true,
  });
  expect(fileNames).toContain(join(root, source("App.tsx")));
  return ts
    .getPreEmitDiagnostics(ts.createProgram(fileNames, options))
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.replace(root, "")}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
}

describe.each(["contexts", "store"] as const)("the twin with %s", (shape) => {
  const root = join(folder, shape);
  let before = "";
  beforeAll(() => {
    composeTwin(shape, root);
    before = treeHash(root);
  });

  test("is recognised whole: every promise of its files can be seen, and is kept", () => {
    const { manifest, mismatches, byHand, notes } = planOf(root);
    expect({ mismatches, byHand, notes }).toEqual({ mismatches: [], byHand: [], notes: [] });
    const replaced = PARTS.flatMap((part) =>
      part.shape === undefined || part.shape === shape ? part.replaces : [],
    );
    for (const path of replaced)
      expect(manifest.files.map((file) => file.path)).toContain(source(path));
  });

  test("has no type error when it is patched, and comes back to the byte", {
    timeout: 120_000,
  }, () => {
    expect(patch(root)).toMatchObject({ state: "patched", plan: { shape } });
    const patched = treeHash(root);
    expect(typeErrors(root)).toEqual([]);
    expect(patch(root).state).toBe("unchanged");
    expect(treeHash(root)).toBe(patched);

    // What the replaced files promise is written so that a later check of a tree can compare it.
    const paths = patch(root).plan.manifest.files.map(({ path }) => path);
    const sources = new Map(
      paths
        .filter((path) => path.startsWith(source("")) && /\.tsx?$/.test(path))
        .map((path) => [path.slice(source("").length), read(root, path)]),
    );
    const project = projectOf(sources);
    for (const [path, name] of [
      ["context/vad-context.tsx", "VADContext"],
      ["context/websocket-context.tsx", "WebSocketContext"],
      ["context/subtitle-context.tsx", "SubtitleContext"],
      ["context/bgurl-context.tsx", "BgUrlContextState"],
      ["services/websocket-service.tsx", "wsService"],
      ["hooks/utils/use-audio-task.ts", "useAudioTask"],
      ["hooks/utils/use-send-audio.tsx", "useSendAudio"],
      ["utils/task-queue.ts", "TaskQueue"],
      ["utils/audio-manager.ts", "audioManager"],
    ] as const) {
      const file = sourceIn(project, path);
      expect(file && exportsOf(file), path).toContain(name);
      expect(file && membersOf(file).get(name)?.size, `${name} of ${path}`).toBeGreaterThan(0);
    }

    revert(root);
    expect(treeHash(root)).toBe(before);
  });
});

test("each part alone leaves a tree without type errors", () => {
  // Parts that touch different files and know nothing of each other, two by two.
  const root = join(folder, "contexts");
  const before = treeHash(root);
  for (const only of [["vad", "subtitle"], ["socket", "background"], ["playback"]] as const) {
    const copy = `${root}-part`;
    cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
    patch(copy, { only });
    expect(typeErrors(copy), only.join()).toEqual([]);
    revert(copy);
    expect(treeHash(copy)).toBe(before);
    rmSync(copy, { recursive: true });
  }
});
