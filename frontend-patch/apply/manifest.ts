/**
 * What a patch did, kept in DIR/.voicepath-patch/ so that it can be taken back:
 *
 *     manifest.json       the list below
 *     originals/PATH      the bytes that were there before, for every file that was replaced or edited
 *     transaction/        only while a run writes (see transaction.ts)
 */
import type { Disk } from "./disk.js";
import type { PartName } from "./parts.js";
import { messageOf, PatchError } from "./patch-error.js";
import type { Shape } from "./shape.js";

export const PATCH_FOLDER = ".voicepath-patch";
const MANIFEST = `${PATCH_FOLDER}/manifest.json`;
const ORIGINALS = `${PATCH_FOLDER}/originals`;
const FORMAT = 1;

export interface ManifestFile {
  readonly path: string;
  /** SHA-256 of the original; null: there was none. */
  readonly before: string | null;
  /** SHA-256 of what the patch put there; null: it was removed. */
  readonly after: string | null;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  /** The version of voicepath that patched. */
  readonly voicepath: string;
  readonly shape: Shape;
  readonly parts: readonly PartName[];
  /** What package.json was asked to say of voicepath; null: what suits. */
  readonly spec: string | null;
  readonly files: readonly ManifestFile[];
  /** Made by the patch, deepest first. */
  readonly folders: readonly string[];
}

export function originalPath(path: string): string {
  return `${ORIGINALS}/${path}`;
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const { format, voicepath, shape, parts, spec, files, folders } = value as Partial<Manifest>;
  return (
    format === FORMAT &&
    [voicepath, shape].every((text) => typeof text === "string") &&
    (spec === null || typeof spec === "string") &&
    [parts, files, folders].every(Array.isArray)
  );
}

/** Null where nothing was patched. */
export function readManifest(disk: Disk): Manifest | null {
  const bytes = disk.read(MANIFEST);
  if (!bytes) return null;
  let manifest: unknown;
  try {
    manifest = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new PatchError("HALF_PATCHED", `${MANIFEST} is no JSON: ${messageOf(cause)}`, { cause });
  }
  if (!isManifest(manifest))
    throw new PatchError(
      "HALF_PATCHED",
      `${MANIFEST} is not a manifest of format ${FORMAT}; the originals are in ${ORIGINALS}/`,
    );
  for (const { path, before } of manifest.files)
    if (before !== null && !disk.read(originalPath(path)))
      throw new PatchError("HALF_PATCHED", `${originalPath(path)} is missing`);
  return manifest;
}

export function writeManifest(disk: Disk, manifest: Manifest): void {
  disk.write(`${MANIFEST}.new`, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  disk.rename(`${MANIFEST}.new`, MANIFEST);
}

export function removeManifest(disk: Disk): void {
  disk.remove(MANIFEST);
  disk.removeFolder(ORIGINALS);
}
