/** The files of one folder, by paths relative to it with "/": the only door to the file system. */
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, posix } from "node:path";

const ANY_WRITE = 0o222;
const PERMISSIONS = 0o7777;

export type EntryKind = "file" | "folder" | "link" | "other";

export class Disk {
  readonly root: string;
  readonly #durable: boolean;

  /** @param durable what is written outlives the machine's sudden end; it takes longer */
  constructor(root: string, durable = true) {
    this.root = root;
    this.#durable = durable;
  }

  #at(path: string): string {
    return join(this.root, path);
  }

  kind(path: string): EntryKind | null {
    const entry = lstatSync(this.#at(path), { throwIfNoEntry: false });
    if (!entry) return null;
    if (entry.isSymbolicLink()) return "link";
    if (entry.isDirectory()) return "folder";
    return entry.isFile() ? "file" : "other";
  }

  /** By the bits of its mode: what root may do all the same is not asked. */
  isReadOnly(path: string): boolean {
    return (statSync(this.#at(path)).mode & ANY_WRITE) === 0;
  }

  /** Null where there is no file. */
  read(path: string): Buffer | null {
    return this.kind(path) === "file" ? readFileSync(this.#at(path)) : null;
  }

  /** Names in a folder, sorted; none where there is no folder. */
  list(path: string): string[] {
    return this.kind(path) === "folder" ? readdirSync(this.#at(path)).sort() : [];
  }

  /** Files in a folder and the folders in it that pass, by path; links are not followed. */
  *files(folder: string, enter: (path: string) => boolean = () => true): Generator<string> {
    for (const name of this.list(folder)) {
      const path = posix.join(folder, name);
      const kind = this.kind(path);
      if (kind === "file") yield path;
      else if (kind === "folder" && enter(path)) yield* this.files(path, enter);
    }
  }

  /** The folders above are made. With the mode of the file at `like`. */
  write(path: string, bytes: Uint8Array, like = path): void {
    const model = statSync(this.#at(like), { throwIfNoEntry: false });
    mkdirSync(this.#at(posix.dirname(path)), { recursive: true });
    writeFileSync(this.#at(path), bytes, { flush: this.#durable });
    if (model) chmodSync(this.#at(path), model.mode & PERMISSIONS);
  }

  /** At once: whoever looks sees the old file or the new one. */
  rename(from: string, to: string): void {
    mkdirSync(this.#at(posix.dirname(to)), { recursive: true });
    renameSync(this.#at(from), this.#at(to));
  }

  /** The file, if it is there. */
  remove(path: string): void {
    rmSync(this.#at(path), { force: true });
  }

  /** The folder, if nothing is in it. */
  removeEmptyFolder(path: string): void {
    if (this.kind(path) === "folder" && this.list(path).length === 0) rmdirSync(this.#at(path));
  }

  /** The folder and all that is in it. */
  removeFolder(path: string): void {
    rmSync(this.#at(path), { recursive: true, force: true });
  }
}
