/** voicepath-patch when the disk fails, or the machine, at any step: all files or none. */
import { cpSync, rmSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";
import { Disk } from "../../frontend-patch/apply/disk.js";
import { patch, revert } from "../../frontend-patch/apply/index.js";
import { frontend, overlay, plant, put, read, treeHash } from "./patch-trees.js";

const OVERLAY = plant(overlay());
/** By which the shape is known, and what the model's part edits: few files make many short runs. */
const NEEDED =
  /package|config|vad-context|websocket-context|websocket-handler|local-storage|live2d-model/;
const TREE = Object.fromEntries(Object.entries(frontend()).filter(([path]) => NEEDED.test(path)));

vi.setConfig({ testTimeout: 120_000 });

class Failure extends Error {}

/** Fails at one of its changes, or, when it is unplugged, at that one and all that follow. */
class FailingDisk extends Disk {
  changes = 0;
  failed = 0;

  constructor(
    root: string,
    readonly failsAt: number,
    readonly unplugged: boolean,
  ) {
    super(root, false);
  }

  #step(): void {
    this.changes++;
    const fails = this.unplugged ? this.changes >= this.failsAt : this.changes === this.failsAt;
    if (!fails) return;
    this.failed++;
    throw new Failure(`no space left at step ${this.changes}`);
  }

  override write(path: string, bytes: Uint8Array, like?: string): void {
    // Half of it may be there when the plug is pulled.
    if (this.changes + 1 === this.failsAt && this.unplugged)
      super.write(path, bytes.subarray(0, bytes.length >> 1), like);
    this.#step();
    super.write(path, bytes, like);
  }

  override rename(from: string, to: string): void {
    this.#step();
    super.rename(from, to);
  }

  override remove(path: string): void {
    this.#step();
    super.remove(path);
  }

  override removeFolder(path: string): void {
    this.#step();
    super.removeFolder(path);
  }

  override removeEmptyFolder(path: string): void {
    this.#step();
    super.removeEmptyFolder(path);
  }
}

type Command = "patch" | "revert";

function run(root: string, command: Command, make?: (root: string) => Disk): unknown {
  const options = { overlay: OVERLAY, voicepath: "^0.1.0", disk: make ?? plain };
  return command === "patch" ? patch(root, { ...options, only: ["model"] }) : revert(root, options);
}

function plain(root: string): Disk {
  return new Disk(root, false);
}

/** A tree as it is before the command, and its hash before and after. */
function start(command: Command): { root: string; before: string; after: string } {
  const root = plant(TREE);
  if (command === "revert") run(root, "patch");
  const done = `${root}-done`;
  cpSync(root, done, { recursive: true });
  run(done, command);
  return { root, before: treeHash(root), after: treeHash(done) };
}

function stepsOf(command: Command): number {
  const { root } = start(command);
  let disk: FailingDisk | undefined;
  run(root, command, (folder) => {
    disk = new FailingDisk(folder, Number.POSITIVE_INFINITY, false);
    return disk;
  });
  return disk?.changes ?? 0;
}

/** Runs with a disk that fails at that step. */
function fail(root: string, command: Command, at: number, unplugged: boolean): unknown {
  try {
    run(root, command, (folder) => new FailingDisk(folder, at, unplugged));
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each<Command>(["patch", "revert"])("%s", (command) => {
  const steps = stepsOf(command);
  const every = Array.from({ length: steps }, (_, index) => index + 1);

  test("that fails once is taken back, whatever failed", () => {
    expect(steps).toBeGreaterThan(20);
    const { root, before } = start(command);
    for (const step of every) {
      const tree = `${root}-${step}`;
      cpSync(root, tree, { recursive: true });
      expect(fail(tree, command, step, false)).toMatchObject({
        code: "WRITE",
        message: expect.stringMatching(/no space left at step \d+; everything is as it was/),
      });
      expect(treeHash(tree), `step ${step} of ${steps}`).toBe(before);
      rmSync(tree, { recursive: true });
    }
  });

  test("that is cut off can be completed, and can be taken back", () => {
    const { root, before, after } = start(command);
    const original = command === "patch" ? before : after;
    for (const step of every)
      for (const next of ["patch", "revert"] as const) {
        const tree = `${root}-cut-${step}-${next}`;
        cpSync(root, tree, { recursive: true });
        expect(fail(tree, command, step, true)).toBeDefined();
        run(tree, next);
        const patched = command === "patch" ? after : before;
        expect(treeHash(tree), `step ${step} of ${steps}, then ${next}`).toBe(
          next === "patch" ? patched : original,
        );
        rmSync(tree, { recursive: true });
      }
  });
});

test("a run that was cut off is named where nothing is to be written", () => {
  const { root } = start("patch");
  const steps = stepsOf("patch");
  fail(root, "patch", steps - 10, true);
  expect(() => patch(root, { overlay: OVERLAY, dryRun: true })).toThrow(
    /a run \(apply\) was interrupted when \d+ of \d+ files were written/,
  );
});

test("a file that somebody else wrote in between is not overwritten", () => {
  const { root } = start("patch");
  fail(root, "patch", stepsOf("patch") - 10, true);
  put(root, "package.json", "mine");
  for (const command of ["patch", "revert"] as const)
    expect(() => run(root, command)).toThrow(/changed while a run was under way: package\.json/);
  expect(read(root, "package.json")).toBe("mine");
});
