/** voicepath-patch on whole trees: what it writes, that it writes it once, and that it takes it back. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Disk } from "../../frontend-patch/apply/disk.js";
import { type PartName, patch, planOf, revert } from "../../frontend-patch/apply/index.js";
import { parseCommand } from "../../frontend-patch/apply/options.js";
import { diffOf, patchReport } from "../../frontend-patch/apply/report.js";
import { frontend, overlay, plant, put, read, source, treeHash } from "./patch-trees.js";

vi.setConfig({ testTimeout: 60_000 });

const OVERLAY = plant(overlay());
const SPEC = "^0.1.0";

function run(root: string, options: Parameters<typeof patch>[1] = {}) {
  const disk = (folder: string) => new Disk(folder, false);
  return patch(root, { overlay: OVERLAY, voicepath: SPEC, disk, ...options });
}

function code(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
}

/** The refusal's code, and that it left everything alone. */
function refused(root: string, action: () => unknown): unknown {
  const before = treeHash(root);
  const found = code(action);
  expect(treeHash(root)).toBe(before);
  return found;
}

function git(root: string, ...args: string[]): void {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
  execFileSync("git", ["-C", root, ...who, ...args], { stdio: "pipe" });
}

describe.each(["contexts", "store"] as const)("the shape %s", (shape) => {
  const tree = frontend(shape);

  test("is patched, stays as it is the second time, and comes back to the byte", () => {
    const root = plant(tree);
    const before = treeHash(root);
    expect(run(root)).toMatchObject({
      state: "patched",
      plan: { shape, mismatches: [], byHand: [] },
    });
    const patched = treeHash(root);
    expect(patched).not.toBe(before);
    expect(run(root)).toMatchObject({ state: "unchanged", plan: { changes: [] } });
    expect(treeHash(root)).toBe(patched);
    expect(revert(root)).toMatchObject({ state: "reverted" });
    expect(treeHash(root)).toBe(before);
    expect(revert(root)).toMatchObject({ state: "unchanged" });
  });

  test("gets the overlay's files, what they share, and the edits", () => {
    const root = plant(tree);
    run(root);
    for (const path of Object.keys(overlay())) {
      const [layer, ...rest] = path.split("/");
      const within = rest.join("/");
      if (layer === "common" && !/unused/.test(path))
        expect(read(root, source(within))).toBe(overlay()[path]);
    }
    for (const path of ["voicepath/unused.ts", "voicepath/settings.ts"])
      expect(existsSync(join(root, source(path)))).toBe(false);
    expect(JSON.parse(read(root, "package.json"))).toEqual({
      name: "frontend",
      version: "1.2.1",
      dependencies: { react: "^18.3.1", voicepath: SPEC, zustand: "^5.0.3" },
    });
    const config = read(root, "vite.config.ts");
    expect(config).not.toMatch(/vad-web|onnxruntime/);
    expect(config).toMatch(/core\.js/);
    expect(config).toMatch(/exclude: \['voicepath'\]/);
    expect(read(root, source("hooks/canvas/use-live2d-model.ts"))).toBe(
      tree[source("hooks/canvas/use-live2d-model.ts")]
        ?.replace("initializeLive2D();", "switchModel(initializeLive2D);")
        .replace("main';\n", "main';\nimport { switchModel } from '@/voicepath/model-guard';\n"),
    );
    if (shape === "store")
      expect(read(root, source("store/index.ts"))).toBe(overlay()["store/store/index.ts"]);
  });

  test("shows a diff that says the same, and writes nothing for it", () => {
    const root = plant(tree);
    const copy = `${root}-by-diff`;
    cpSync(root, copy, { recursive: true });
    const before = treeHash(root);
    const { plan, state } = run(root, { dryRun: true });
    expect(state).toBe("planned");
    expect(treeHash(root)).toBe(before);
    execFileSync("git", ["apply", "--unsafe-paths", "-p1", "-"], {
      cwd: copy,
      input: diffOf(plan.changes),
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(copy, "..") },
    });
    run(root);
    rmSync(join(root, ".voicepath-patch"), { recursive: true });
    expect(treeHash(copy)).toBe(treeHash(root));
  });
});

describe("parts", () => {
  test("are chosen, added to each other in any order, and leave no trace", () => {
    const all = plant(frontend());
    run(all, { only: ["vad", "subtitle", "model"] });
    const root = plant(frontend());
    const before = treeHash(root);
    for (const part of ["model", "subtitle", "vad"] as const) run(root, { only: [part] });
    for (const path of ["package.json", "vite.config.ts", source("context/vad-context.tsx")])
      expect(read(root, path)).toBe(read(all, path));
    expect(run(root, { only: ["subtitle"] }).state).toBe("unchanged");
    revert(root);
    expect(treeHash(root)).toBe(before);
  });

  test("without the microphone's leave its packages where they are", () => {
    const root = plant(frontend());
    const { plan } = run(root, { only: ["subtitle"] });
    expect(plan.changes.map(({ path }) => path)).toEqual([
      "electron.vite.config.ts",
      "package.json",
      source("components/canvas/subtitle.tsx"),
      source("context/subtitle-context.tsx"),
      source("voicepath/panel.tsx"),
      source("voicepath/subtitle.css"),
      "vite.config.ts",
    ]);
    expect(read(root, "vite.config.ts")).toMatch(/vad-web.*a\.onnx/);
    expect(read(root, "package.json")).toMatch(/"onnxruntime-web": "1.14.0"/);
  });

  test("are, in the smallest form, one alias", () => {
    const root = plant(frontend());
    run(root, { only: ["alias"] });
    expect(read(root, "vite.config.ts")).toMatch(
      /alias: { '@': path\.resolve\('src'\), '@ricky0123\/vad-web': 'voicepath\/vad-web' }/,
    );
    expect(read(root, "electron.vite.config.ts")).toMatch(
      /{ find: '@ricky0123\/vad-web', replacement: 'voicepath\/vad-web' }\]/,
    );
    expect(read(root, "package.json")).toMatch(/"@ricky0123\/vad-web": "\^0\.0\.24"/);
    expect(existsSync(join(root, source("voicepath")))).toBe(false);
  });

  test("keep a package that something else imports, and say what", () => {
    const user = source("hooks/utils/use-mic.ts");
    const root = plant({ ...frontend(), [user]: "import { utils } from '@ricky0123/vad-web';\n" });
    const { plan } = run(root);
    expect(read(root, "package.json")).toMatch(/vad-web.*\n.*onnxruntime-web/);
    expect(read(root, "vite.config.ts")).toMatch(/vad-web/);
    expect(plan.notes.join()).toMatch(/stays: .*use-mic\.ts/);
  });

  test("find the carousel wherever it lies, and are content where there is none", () => {
    const tree = frontend("store");
    const lies = source("components/ad-carousel.tsx");
    const { [lies]: carousel = "", ...rest } = tree;
    const moved = plant({ ...rest, [source("pages/side/ad-carousel.jsx")]: carousel });
    const before = treeHash(moved);
    run(moved);
    expect(read(moved, source("pages/side/ad-carousel.tsx"))).toBe(
      overlay()["store/components/ad-carousel.tsx"],
    );
    expect(existsSync(join(moved, source("pages/side/ad-carousel.jsx")))).toBe(false);
    revert(moved);
    expect(treeHash(moved)).toBe(before);

    const without = plant(rest);
    expect(run(without).plan.notes).toEqual(["carousel: left out, there is no ad-carousel.tsx"]);
    expect(refused(plant(rest), () => run(plant(rest), { only: ["carousel"] }))).toBe("MISSING");
    const twice = plant({ ...tree, [source("a/ad-carousel.tsx")]: carousel });
    expect(refused(twice, () => run(twice))).toBe("MISSING");
  });

  test("put a file of later releases where it is not", () => {
    const { [source("utils/audio-manager.ts")]: _, ...older } = frontend();
    const root = plant(older);
    const before = treeHash(root);
    run(root);
    expect(existsSync(join(root, source("utils/audio-manager.ts")))).toBe(true);
    revert(root);
    expect(treeHash(root)).toBe(before);
  });
});

describe("line ends, marks and modes", () => {
  test("of Windows stay, and so do byte order marks and modes", () => {
    const tree = frontend();
    const windows = Object.fromEntries(
      Object.entries(tree).map(([path, text]) => [path, `\uFEFF${text.replaceAll("\n", "\r\n")}`]),
    );
    const root = plant(windows);
    const marked = source("utils/task-queue.ts");
    chmodSync(join(root, marked), 0o755);
    const before = treeHash(root);
    const { plan } = run(root);
    for (const { path, after } of plan.changes) {
      const text = after?.toString("utf8") ?? "";
      expect(text).not.toMatch(/[^\r]\n/);
      expect(text.startsWith("\uFEFF")).toBe(!path.includes("/voicepath/"));
    }
    expect(statSync(join(root, marked)).mode & 0o777).toBe(0o755);
    expect(run(root).state).toBe("unchanged");
    revert(root);
    expect(treeHash(root)).toBe(before);
  });
});

describe("a tree is refused, by name and untouched,", () => {
  const patched = (): string => {
    const root = plant(frontend());
    run(root);
    return root;
  };
  const SUBTITLE = source("components/canvas/subtitle.tsx");

  test.each<[string, string, (root: string) => void, PartName[]?]>([
    [
      "of an unknown shape",
      "SHAPE",
      (root) => rmSync(join(root, source("context/vad-context.tsx"))),
    ],
    [
      "with settings kept elsewhere",
      "SHAPE",
      (root) => rmSync(join(root, source("hooks/utils/use-local-storage.ts"))),
    ],
    [
      "without a file that is replaced",
      "MISSING",
      (root) => rmSync(join(root, source("utils/task-queue.ts"))),
    ],
    [
      "without the file of the model",
      "MISSING",
      (root) => rmSync(join(root, source("hooks/canvas/use-live2d-model.ts"))),
    ],
    ["for parts of the other shape", "SHAPE", () => {}, ["store"]],
    ["with package.json broken", "FORMAT", (root) => put(root, "package.json", '{"name": ')],
    [
      "with a file that is no UTF-8",
      "FORMAT",
      (root) => put(root, "vite.config.ts", Buffer.from("\uFEFFexport default {}", "utf16le")),
    ],
    ["with a read-only file", "NOT_WRITABLE", (root) => chmodSync(join(root, SUBTITLE), 0o444)],
    [
      "with a read-only folder",
      "NOT_WRITABLE",
      (root) => chmodSync(join(root, source("utils")), 0o555),
    ],
    [
      "with a linked folder",
      "NOT_WRITABLE",
      (root) => {
        const folder = join(root, source("utils"));
        cpSync(folder, `${root}-elsewhere`, { recursive: true });
        rmSync(folder, { recursive: true });
        mkdirSync(join(root, source("voicepath-not")));
        symlinkSync(`${root}-elsewhere`, folder);
      },
      ["playback"],
    ],
    [
      "with voicepath's folder, but no manifest",
      "HALF_PATCHED",
      (root) => put(root, source("voicepath/app.ts"), ""),
    ],
    [
      "with voicepath's files, but no manifest",
      "HALF_PATCHED",
      (root) => put(root, SUBTITLE, 'import { a } from "@/voicepath/a";'),
    ],
  ])("%s", (_, expected, harm, only) => {
    const root = plant(frontend());
    harm(root);
    const found = refused(root, () => run(root, { only }));
    // A link is a file that is not there, unless it is the file's folder.
    expect(expected === "NOT_WRITABLE" ? ["NOT_WRITABLE", "MISSING"] : [expected]).toContain(found);
  });

  test("half patched: a file was changed, or is gone", () => {
    for (const harm of [
      (root: string) => put(root, SUBTITLE, "mine"),
      (root: string) => rmSync(join(root, source("voicepath/listen.ts"))),
    ]) {
      const root = patched();
      harm(root);
      expect(refused(root, () => run(root))).toBe("EDITED");
      expect(refused(root, () => revert(root))).toBe("EDITED");
    }
  });

  test("half patched: the manifest or an original is damaged", () => {
    for (const path of ["manifest.json", `originals/${SUBTITLE}`]) {
      const root = patched();
      if (path === "manifest.json") put(root, ".voicepath-patch/manifest.json", "{");
      else rmSync(join(root, ".voicepath-patch", path));
      expect(refused(root, () => run(root))).toBe("HALF_PATCHED");
      expect(refused(root, () => revert(root))).toBe("HALF_PATCHED");
    }
  });

  test("where DIR is none, or has no package.json, or is voicepath", () => {
    const root = plant({ "package.json": '{"name": "voicepath"}', file: "" });
    expect(code(() => run(join(root, "nothing")))).toBe("DIR");
    expect(code(() => run(join(root, "file")))).toBe("DIR");
    expect(code(() => run(root))).toBe("DIR");
    expect(code(() => run(process.cwd()))).toBe("DIR");
    expect(code(() => run(plant({})))).toBe("DIR");
  });

  test("with uncommitted work, which --force allows", () => {
    const root = plant(frontend());
    git(root, "init", "-q");
    git(root, "add", ".");
    git(root, "commit", "-qm", "a");
    put(root, "notes.txt", "mine");
    expect(refused(root, () => run(root))).toBe("DIRTY");
    expect(run(root, { dryRun: true }).warnings.join()).toMatch(/uncommitted work: notes\.txt/);
    rmSync(join(root, "notes.txt"));
    expect(run(root, { only: ["vad"] })).toMatchObject({ state: "patched", warnings: [] });
    // What the first run changed is no uncommitted work for the second.
    expect(run(root)).toMatchObject({ state: "patched", warnings: [] });
    revert(root);
    git(root, "diff", "--exit-code");
    put(root, SUBTITLE, "export default function Subtitle(): null { return null; }");
    expect(run(root, { force: true }).state).toBe("patched");
  });
});

test("files that were edited since are kept beside when it is forced", () => {
  for (const again of [run, revert]) {
    const root = plant(frontend());
    const before = read(root, "package.json");
    run(root);
    put(root, "package.json", "mine");
    put(root, "package.json.voicepath-edit", "earlier");
    const { savedEdits } = again(root, { force: true });
    expect(savedEdits).toEqual(["package.json.voicepath-edit-2"]);
    expect(read(root, "package.json.voicepath-edit-2")).toBe("mine");
    expect(read(root, "package.json.voicepath-edit")).toBe("earlier");
    if (again === revert) expect(read(root, "package.json")).toBe(before);
    else expect(read(root, "package.json")).toMatch(/voicepath/);
  }
});

test("a newer overlay replaces an older one, and its files that are gone go", () => {
  const root = plant(frontend());
  const before = treeHash(root);
  run(root);
  const { "common/voicepath/panel.tsx": _, ...files } = overlay();
  const subtitle = "common/components/canvas/subtitle.tsx";
  const newer = plant({
    ...files,
    [subtitle]: `${files[subtitle]?.replace(/^import.*\n/m, "").replace(/^export const panel.*\n/m, "")}// newer\n`,
  });
  expect(run(root, { overlay: newer }).state).toBe("patched");
  expect(read(root, source("components/canvas/subtitle.tsx"))).toMatch(/newer/);
  expect(existsSync(join(root, source("voicepath/panel.tsx")))).toBe(false);
  revert(root);
  expect(treeHash(root)).toBe(before);
});

test("the plan names shape, release and files", () => {
  const root = plant(frontend());
  const plan = planOf(root, { overlay: OVERLAY, voicepath: SPEC });
  expect(plan).toMatchObject({
    shape: "contexts",
    release: { version: "1.2.1", name: null },
    parts: ["vad", "socket", "playback", "subtitle", "background", "storage", "model"],
  });
  const report = patchReport(run(root, { dryRun: true }));
  expect(report).toMatch(/replace {3}components\/canvas\/subtitle\.tsx/);
  expect(report).toMatch(
    /vite\.config\.ts: no static copies of @ricky0123\/vad-web, onnxruntime-web/,
  );
  expect(report).toMatch(/nothing was written/);
});

describe("the command", () => {
  const command = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "frontend-patch/apply/cli.ts", ...args], {
      encoding: "utf8",
    });

  test("says what it did and ends with a code", () => {
    const root = plant(frontend());
    const before = treeHash(root);
    const alias = command(root, "--only", "alias", "--json");
    expect(alias.status).toBe(0);
    expect(JSON.parse(alias.stdout)).toMatchObject({ state: "patched", parts: ["alias"] });
    expect(command(root, "--revert").stdout).toMatch(/reverted: 3 files/);
    expect(treeHash(root)).toBe(before);
    const gone = command(join(root, "nothing"));
    expect(gone).toMatchObject({ status: 2, stdout: "" });
    expect(gone.stderr).toMatch(/^voicepath-patch: DIR is .*nothing; it must be/);
  });

  test.each([
    [[], /DIR is missing/],
    [["a", "b"], /there is one DIR/],
    [["a", "--only", "vad,sound"], /--only has "sound"; there are vad, socket/],
    [["a", "--revert", "--only", "vad"], /--revert takes back everything/],
    [["a", "--voicepath", " "], /--voicepath is empty/],
    [["a", "--dry"], /--dry/],
  ])("refuses %j", (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });
});
