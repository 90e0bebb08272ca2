/** Why nothing was done, for people and for programs. */

export type PatchErrorCode =
  /** The command line or an option is wrong. */
  | "USAGE"
  /** DIR is no folder, has no package.json, or is voicepath itself. */
  | "DIR"
  /** It is not known which frontend this is. */
  | "SHAPE"
  /** A file that is to be replaced or edited is not there, or is there twice. */
  | "MISSING"
  /** A file differs from what its replacement was written for. */
  | "NOT_RECOGNISED"
  /** A file is no UTF-8 text, or package.json is no JSON. */
  | "FORMAT"
  /** A symbolic link, a file or folder that must not be written, or no file at all. */
  | "NOT_WRITABLE"
  /** There is uncommitted work in the git tree. */
  | "DIRTY"
  /** Files were changed or removed since they were patched. */
  | "EDITED"
  /** There are voicepath's files, but nothing that says what was there before. */
  | "HALF_PATCHED"
  /** An earlier run ended in the middle. */
  | "INTERRUPTED"
  /** voicepath's own overlay is incomplete: a fault of the installation. */
  | "OVERLAY"
  /** A file could not be written. */
  | "WRITE";

export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly code: PatchErrorCode;

  constructor(code: PatchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
