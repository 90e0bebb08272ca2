/** What git knows of a folder. */
import { execFileSync } from "node:child_process";

/** Paths with uncommitted changes; null where git keeps nothing of this folder. */
export type GitState = readonly string[] | null;

function git(folder: string, ...args: string[]): string | null {
  try {
    return execFileSync("git", ["-C", folder, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch {
    // No git, no repository: either way nothing can be said.
    return null;
  }
}

/** Paths relative to the folder. */
export function gitState(folder: string): GitState {
  const tracked = git(folder, "ls-files", "-z", "--", ".");
  if (!tracked) return null;
  const prefix = git(folder, "rev-parse", "--show-prefix")?.trim() ?? "";
  const status = git(folder, "status", "--porcelain", "-z", "--no-renames", "-uall", "--", ".");
  const STATE = "?? ".length;
  return (status ?? "")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(STATE + prefix.length));
}
