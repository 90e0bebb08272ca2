/** Which frontend a tree is: where it keeps its settings, and which release it comes from. */
import type { Checkout } from "./checkout.js";
import { PatchError } from "./patch-error.js";
import { RELEASES } from "./releases.js";
import { sha256, withLineEnds } from "./text-file.js";

export const SOURCE_FOLDER = "src/renderer/src";

/** Settings in contexts over localStorage, or in one zustand store. */
export type Shape = "contexts" | "store";

/** The files by which a shape is known. */
const CONTEXTS = [
  "context/vad-context.tsx",
  "context/websocket-context.tsx",
  "services/websocket-handler.tsx",
] as const;
const STORE = "store/index.ts";
const STORE_HOOK = /\buseAppStore\b/;

export interface Release {
  /** package.json's. */
  readonly version: string | null;
  /** The release whose files most of these are; null: none of them is known. */
  readonly name: string | null;
  /** Known files that are of that release, and those that are not. */
  readonly same: readonly string[];
  readonly different: readonly string[];
}

function source(path: string): string {
  return `${SOURCE_FOLDER}/${path}`;
}

export function shapeOf(checkout: Checkout): Shape {
  const missing = CONTEXTS.filter((path) => checkout.bytes(source(path)) === null).map(source);
  if (missing.length > 0)
    throw new PatchError(
      "SHAPE",
      `${checkout.root} is not a frontend that is known here: there is no ${missing.join(", no ")}`,
    );
  const store = checkout.text(source(STORE));
  if (store && STORE_HOOK.test(store.text)) return "store";
  if (checkout.bytes(source("hooks/utils/use-local-storage.ts"))) return "contexts";
  throw new PatchError(
    "SHAPE",
    `${checkout.root} keeps its settings in a way that is not known here: there is neither ` +
      `${source("hooks/utils/use-local-storage.ts")} nor a ${source(STORE)} with useAppStore`,
  );
}

function versionOf(checkout: Checkout): string | null {
  const file = checkout.text("package.json");
  if (!file) return null;
  try {
    const { version } = JSON.parse(file.text) as { version?: unknown };
    return typeof version === "string" ? version : null;
  } catch {
    // The edit of package.json says so, and where.
    return null;
  }
}

export function releaseOf(checkout: Checkout): Release {
  const releases = new Map<string, string[]>();
  const known: string[] = [];
  for (const [path, hashes] of Object.entries(RELEASES)) {
    const file = checkout.text(source(path));
    if (!file) continue;
    known.push(path);
    for (const name of hashes[sha256(withLineEnds(file.text, "\n"))] ?? [])
      releases.set(name, [...(releases.get(name) ?? []), path]);
  }
  const best = [...releases].sort((a, b) => b[1].length - a[1].length)[0];
  const same = best?.[1] ?? [];
  return {
    version: versionOf(checkout),
    name: best?.[0] ?? null,
    same: same.map(source),
    different: known.filter((path) => !same.includes(path)).map(source),
  };
}
