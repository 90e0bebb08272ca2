/** The frontend as it is and after `voicepath-patch`, built: what is measured side by side. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { buildTwin, composeTwin, type Shape } from "../../frontend-patch/app/compose.js";
import { patch } from "../../frontend-patch/apply/index.js";
import { ROOT } from "../pages.js";

export const BEFORE = "before";
export const AFTER = "voicepath";

/** Where the frontend looks for its backend when nobody told it otherwise. */
export const BACKEND_PORT = 12393;

export interface Twin {
  readonly name: typeof BEFORE | typeof AFTER;
  /** What a server gives out. */
  readonly app: string;
}

const TWINS = join(ROOT, "build/twins");

/** Where the twin of a shape lies, and where the patched one does. */
export function twinFolders(shape: Shape): { readonly before: string; readonly after: string } {
  return { before: join(TWINS, shape), after: join(TWINS, `${shape}-patched`) };
}

/** Writes both anew; needs dist/. */
export async function writeTwins(shape: Shape): Promise<{ before: string; after: string }> {
  const folders = twinFolders(shape);
  for (const folder of Object.values(folders)) {
    rmSync(folder, { recursive: true, force: true });
    composeTwin(shape, folder);
  }
  patch(folders.after, { force: true });
  return folders;
}

export async function buildTwins(shape: Shape): Promise<readonly [before: Twin, after: Twin]> {
  const { before, after } = await writeTwins(shape);
  return [
    { name: BEFORE, app: await buildTwin(before) },
    { name: AFTER, app: await buildTwin(after) },
  ];
}
