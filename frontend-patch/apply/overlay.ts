/** The replacements: files by their path under src/renderer/src, in common/ or in the shape's folder. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { ts } from "ts-morph";
import { PatchError } from "./patch-error.js";
import type { Shape } from "./shape.js";

/** What the overlay's files share; the frontend has no such folder of its own. */
export const SHARED = "voicepath";
const ALIAS = "@/";
const ENDINGS = ["", ".ts", ".tsx", "/index.ts", "/index.tsx", ".d.ts"];
/** As bundlers write it: "./worker.ts?worker". */
const QUERY = /\?.*$/;

/** Whether a specifier leads to a file under the sources, and to which, without its ending. */
export function pathOf(specifier: string, importer: string): string | null {
  const bare = specifier.replace(QUERY, "");
  if (bare.startsWith(ALIAS)) return posix.normalize(bare.slice(ALIAS.length));
  return bare.startsWith(".") ? posix.join(posix.dirname(importer), bare) : null;
}

/** The file that is meant, by the endings that may be left out; ".js" may stand for ".ts". */
export function resolvePath(path: string, has: (path: string) => boolean): string | null {
  const stems = [path, path.replace(/\.jsx?$/, "")];
  return (
    stems.flatMap((stem) => ENDINGS.map((ending) => stem + ending)).find((file) => has(file)) ??
    null
  );
}

export class Overlay {
  readonly #folders: readonly string[];

  /** @param root with the folders common, contexts and store */
  constructor(root: string, shape: Shape) {
    this.#folders = [join(root, shape), join(root, "common")];
    if (!this.#folders.some((folder) => existsSync(folder)))
      throw new PatchError("OVERLAY", `there is no overlay at ${root}`);
  }

  #find(path: string): string | undefined {
    return this.#folders
      .map((folder) => join(folder, path))
      .find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  bytes(path: string): Buffer {
    const file = this.#find(path);
    if (file === undefined)
      throw new PatchError("OVERLAY", `the overlay has no ${path}; is voicepath whole?`);
    return readFileSync(file);
  }

  /** What these files need of the shared folder, and what that needs, and so on. */
  shared(files: readonly string[]): string[] {
    const found = new Set<string>();
    const open = [...files];
    for (let file = open.pop(); file !== undefined; file = open.pop())
      for (const needed of this.#needs(file))
        if (!found.has(needed)) {
          found.add(needed);
          open.push(needed);
        }
    return [...found].sort();
  }

  #needs(file: string): string[] {
    if (!/\.[jt]sx?$/.test(file)) return [];
    const { importedFiles } = ts.preProcessFile(this.bytes(file).toString("utf8"), true, true);
    return importedFiles.flatMap(({ fileName }) => {
      const path = pathOf(fileName, file);
      if (path === null || !path.startsWith(`${SHARED}/`)) return [];
      const resolved = resolvePath(path, (candidate) => this.has(candidate));
      if (resolved !== null) return [resolved];
      throw new PatchError("OVERLAY", `${file} needs ${fileName}, which the overlay does not have`);
    });
  }
}
