/**
 * All files or none. What is to be written, and what was there, is put beside first, in
 * .voicepath-patch/transaction/:
 *
 *     before/PATH, after/PATH   the bytes
 *     journal.json              the list of changes, the manifest and the one to come; written last
 *
 * Then each file is copied beside and renamed into place. While the journal is there, every file of its list is either as
 * before or as after, whoever pulled the plug; so the run can be completed, or taken back, from there.
 */
import { posix } from "node:path";
import type { Disk } from "./disk.js";
import {
  type Manifest,
  originalPath,
  PATCH_FOLDER,
  readManifest,
  removeManifest,
  writeManifest,
} from "./manifest.js";
import { PatchError } from "./patch-error.js";
import { sha256 } from "./text-file.js";

const FOLDER = `${PATCH_FOLDER}/transaction`;
const JOURNAL = `${FOLDER}/journal.json`;
const ARRIVING = `${FOLDER}/arriving`;

/** Bytes before and after; null: no file. */
export interface Change {
  readonly path: string;
  readonly before: Buffer | null;
  readonly after: Buffer | null;
}

interface Entry {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface Journal {
  readonly kind: "apply" | "revert";
  readonly entries: readonly Entry[];
  /** Files whose original is kept from now on. */
  readonly originals: readonly string[];
  /** That come into being, deepest first. */
  readonly folders: readonly string[];
  /** That may go, deepest first, when they are empty. */
  readonly emptied: readonly string[];
  /** Before and after. */
  readonly previous: Manifest | null;
  readonly manifest: Manifest | null;
}

function digest(bytes: Buffer | null): string | null {
  return bytes && sha256(bytes);
}

/** The folders above these paths that pass, deepest first. */
export function foldersAbove(
  paths: readonly string[],
  passes: (folder: string) => boolean,
): string[] {
  const folders = new Set<string>();
  for (const path of paths)
    for (let up = posix.dirname(path); up !== "."; up = posix.dirname(up))
      if (passes(up)) folders.add(up);
  return [...folders].sort((a, b) => b.length - a.length);
}

export class Transaction {
  readonly #disk: Disk;
  readonly #journal: Journal;

  private constructor(disk: Disk, journal: Journal) {
    this.#disk = disk;
    this.#journal = journal;
  }

  get kind(): Journal["kind"] {
    return this.#journal.kind;
  }

  /** How many of its files are as they shall be. */
  get done(): number {
    return this.#journal.entries.filter(({ path, after }) => this.#now(path) === after).length;
  }

  get size(): number {
    return this.#journal.entries.length;
  }

  /** Puts everything beside; no file of the tree is touched. */
  static prepare(
    disk: Disk,
    changes: readonly Change[],
    next: Pick<Journal, "kind" | "previous" | "manifest" | "emptied">,
    keepOriginals: ReadonlySet<string>,
  ): Transaction {
    disk.removeFolder(FOLDER);
    for (const { path, before, after } of changes) {
      if (before) disk.write(`${FOLDER}/before/${path}`, before, path);
      if (after) disk.write(`${FOLDER}/after/${path}`, after, path);
    }
    const created = changes.filter(({ after }) => after).map(({ path }) => path);
    const journal: Journal = {
      ...next,
      entries: changes.map(({ path, before, after }) => ({
        path,
        before: digest(before),
        after: digest(after),
      })),
      originals: changes
        .filter(({ path, before }) => before && keepOriginals.has(path))
        .map(({ path }) => path),
      folders: foldersAbove(created, (folder) => disk.kind(folder) === null),
    };
    disk.write(`${JOURNAL}.new`, Buffer.from(JSON.stringify(journal)));
    disk.rename(`${JOURNAL}.new`, JOURNAL);
    return new Transaction(disk, journal);
  }

  /** One that a run left in the middle. */
  static pending(disk: Disk): Transaction | null {
    const bytes = disk.read(JOURNAL);
    return bytes && new Transaction(disk, JSON.parse(bytes.toString("utf8")) as Journal);
  }

  /** Away with what was put beside before there was a journal: nothing of the tree depends on it. */
  static forget(disk: Disk): void {
    if (disk.kind(FOLDER) !== null) disk.removeFolder(readManifest(disk) ? FOLDER : PATCH_FOLDER);
  }

  #now(path: string): string | null {
    return digest(this.#disk.read(path));
  }

  /** Files that are neither as before nor as after stop it: somebody else wrote them. */
  #check(): void {
    const others = this.#journal.entries.filter(({ path, before, after }) => {
      const now = this.#now(path);
      return now !== before && now !== after;
    });
    if (others.length === 0) return;
    const names = others.map(({ path }) => path).join(", ");
    throw new PatchError(
      "EDITED",
      `changed while a run was under way: ${names}; the bytes before and after are in ${FOLDER}/`,
    );
  }

  /** In one step; the bytes beside stay, so that either way can be gone more than once. */
  #place(kept: string, path: string): void {
    const bytes = this.#disk.read(`${FOLDER}/${kept}/${path}`);
    if (!bytes) throw new PatchError("INTERRUPTED", `${FOLDER}/${kept}/${path} is missing`);
    this.#disk.write(ARRIVING, bytes, `${FOLDER}/${kept}/${path}`);
    this.#disk.rename(ARRIVING, path);
  }

  #move(to: "before" | "after"): void {
    for (const entry of this.#journal.entries) {
      if (this.#now(entry.path) === entry[to]) continue;
      if (entry[to] === null) this.#disk.remove(entry.path);
      else this.#place(to, entry.path);
    }
  }

  /** From wherever it stands to its end. */
  complete(): void {
    const { originals, emptied, manifest } = this.#journal;
    this.#check();
    for (const path of originals) this.#keep(path, "before");
    this.#move("after");
    for (const folder of emptied) this.#disk.removeEmptyFolder(folder);
    this.#settle(manifest);
  }

  /** From wherever it stands to its beginning. */
  takeBack(): void {
    const { originals, folders, previous } = this.#journal;
    this.#check();
    this.#move("before");
    for (const folder of folders) this.#disk.removeEmptyFolder(folder);
    for (const path of originals) this.#disk.remove(originalPath(path));
    // A revert that was nearly done has thrown originals away: they are what it was to put in place.
    for (const { path, before } of previous?.files ?? [])
      if (before !== null && !this.#disk.read(originalPath(path))) this.#keep(path, "after");
    this.#settle(previous);
  }

  #keep(path: string, kept: "before" | "after"): void {
    const bytes = this.#disk.read(`${FOLDER}/${kept}/${path}`);
    if (bytes) this.#disk.write(originalPath(path), bytes, `${FOLDER}/${kept}/${path}`);
  }

  #settle(manifest: Manifest | null): void {
    if (manifest) writeManifest(this.#disk, manifest);
    else removeManifest(this.#disk);
    this.#disk.remove(JOURNAL);
    this.#disk.removeFolder(manifest ? FOLDER : PATCH_FOLDER);
  }
}
