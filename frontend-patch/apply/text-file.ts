/** Text as a file has it: UTF-8, perhaps with a byte order mark, with the line ends of its system. */
import { createHash } from "node:crypto";
import { PatchError } from "./patch-error.js";

export type LineEnd = "\n" | "\r\n";

export interface TextFile {
  /** With the file's own line ends, without its byte order mark. */
  readonly text: string;
  readonly mark: boolean;
  /** The one that most lines have. */
  readonly lineEnd: LineEnd;
}

const MARK = "\uFEFF";

export function decode(bytes: Uint8Array, path: string): TextFile {
  let all: string;
  try {
    all = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PatchError("FORMAT", `${path} is no UTF-8 text`, { cause });
  }
  const mark = all.startsWith(MARK);
  const text = mark ? all.slice(MARK.length) : all;
  const lines = text.split("\n").length - 1;
  const windows = text.split("\r\n").length - 1;
  return { text, mark, lineEnd: windows * 2 > lines ? "\r\n" : "\n" };
}

/** New text in the manner of a file that is there. Its line ends are kept where it has any of its own. */
export function encode(text: string, { mark }: Pick<TextFile, "mark">): Buffer {
  return Buffer.from(mark ? MARK + text : text, "utf8");
}

export function withLineEnds(text: string, lineEnd: LineEnd): string {
  return text.replace(/\r?\n/g, lineEnd);
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
