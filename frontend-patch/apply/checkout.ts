/** The frontend's folder: its files as they are, and as they were before a patch. */
import { realpathSync, statSync } from "node:fs";
import { posix } from "node:path";
import { Disk } from "./disk.js";
import { type Manifest, originalPath, PATCH_FOLDER, readManifest } from "./manifest.js";
import { OWN_PACKAGE } from "./own-package.js";
import { PatchError } from "./patch-error.js";
import { SOURCE_FOLDER } from "./shape.js";
import { decode, sha256, type TextFile } from "./text-file.js";

/** Folders of src/ in which nothing of the frontend's own is: libraries and pictures. */
const FOREIGN = /\/(WebSDK|MotionSync|public|assets|node_modules)$/;
const SOURCE = /\.[cm]?[jt]sx?$/;

export class Checkout {
  readonly root: string;
  readonly disk: Disk;
  readonly manifest: Manifest | null;
  readonly #before: ReadonlyMap<string, boolean>;

  private constructor(root: string, disk: Disk) {
    this.root = root;
    this.disk = disk;
    this.manifest = readManifest(disk);
    this.#before = new Map(
      this.manifest?.files.map(({ path, before }) => [path, before !== null]) ?? [],
    );
  }

  /** @param makeDisk for tests: one that fails */
  static open(folder: string, makeDisk = (root: string) => new Disk(root)): Checkout {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new PatchError("DIR", `DIR is ${folder}; it must be the frontend's folder`);
    const root = realpathSync(folder);
    const disk = makeDisk(root);
    if (disk.kind("package.json") === null)
      throw new PatchError(
        "DIR",
        `DIR is ${root}, which has no package.json; it must be the frontend's top folder`,
      );
    if (root === OWN_PACKAGE.root || isVoicepath(disk))
      throw new PatchError("DIR", `DIR is ${root}, which is voicepath itself`);
    return new Checkout(root, disk);
  }

  /** What is there now; null: nothing. */
  current(path: string): Buffer | null {
    return this.disk.read(path);
  }

  /** What was there before the patch, or is there if there was none. */
  bytes(path: string): Buffer | null {
    const original = this.#before.get(path);
    if (original === undefined) return this.disk.read(path);
    return original ? this.disk.read(originalPath(path)) : null;
  }

  text(path: string): TextFile | null {
    const bytes = this.bytes(path);
    return bytes && decode(bytes, path);
  }

  /** Paths of the sources before the patch: src/, and what configures the build. */
  sources(): string[] {
    const found = new Set<string>();
    for (const name of this.disk.list("."))
      if (SOURCE.test(name) && this.disk.kind(name) === "file") found.add(name);
    for (const path of this.disk.files("src", (folder) => !FOREIGN.test(folder)))
      if (SOURCE.test(path)) found.add(path);
    for (const [path, there] of this.#before) {
      if (!SOURCE.test(path)) continue;
      if (there) found.add(path);
      else found.delete(path);
    }
    return [...found].sort();
  }

  /** Files that are not as the patch left them. */
  edited(): string[] {
    return (this.manifest?.files ?? [])
      .filter(({ path, after }) => {
        const now = this.current(path);
        return (now && sha256(now)) !== after;
      })
      .map(({ path }) => path);
  }

  /** voicepath's files in a tree of which nothing was kept: it cannot be said what was there before. */
  strays(): string[] {
    if (this.manifest) return [];
    const own = [...this.disk.files(`${SOURCE_FOLDER}/voicepath`)];
    const replaced = this.sources().filter((path) =>
      /from\s*["']@\/voicepath\//.test(this.disk.read(path)?.toString("utf8") ?? ""),
    );
    return [...new Set([...own, ...replaced])];
  }

  /** @throws PatchError for the first of these that cannot be written with a good conscience */
  checkWritable(paths: readonly string[]): void {
    for (const path of [...paths, `${PATCH_FOLDER}/manifest.json`]) {
      const above: string[] = [];
      for (let up = path; up !== "."; up = posix.dirname(up)) above.unshift(up);
      for (const step of ["", ...above]) this.#checkStep(step, step === path);
    }
  }

  #checkStep(path: string, isFile: boolean): void {
    const kind = this.disk.kind(path);
    if (kind === null) return;
    const refuse = (what: string): never => {
      throw new PatchError("NOT_WRITABLE", `${path === "" ? this.root : path} ${what}`);
    };
    if (kind === "link") refuse("is a symbolic link; what it leads to is not changed");
    if (isFile ? kind !== "file" : kind !== "folder")
      refuse(isFile ? "is no file" : "is no folder");
    if (this.disk.isReadOnly(path)) refuse("is read-only");
  }
}

function isVoicepath(disk: Disk): boolean {
  try {
    const { name } = JSON.parse(disk.read("package.json")?.toString("utf8") ?? "") as {
      name?: unknown;
    };
    return name === "voicepath";
  } catch {
    return false;
  }
}
