/**
 * What was kept before this store. Version 0 is the fork's `app-store`: the same slices, with things of
 * the moment among them, which {@link merged} leaves out. Before that each setting had a localStorage
 * key of its own.
 */

export const VERSION = 1;

/** Where in the state each of the old keys belongs. */
const OLD_KEYS: Readonly<Record<string, readonly string[]>> = {
  wsUrl: ["config", "wsUrl"],
  baseUrl: ["config", "baseUrl"],
  modelInfo: ["config", "modelInfo"],
  micOn: ["vad", "micOn"],
  autoStopMic: ["vad", "autoStopMic"],
  autoStartMicOn: ["vad", "autoStartMicOn"],
  autoStartMicOnConvEnd: ["vad", "autoStartMicOnConvEnd"],
  vadSettings: ["vad", "settings"],
  backgroundUrl: ["media", "background", "url"],
  proactiveSpeakSettings: ["proactive"],
};

/** Those that other contexts still read and write stay, and so do those that have no place here. */
const STILL_USED: ReadonlySet<string> = new Set(["modelInfo", "proactiveSpeakSettings"]);
export const MOVED_KEYS = Object.keys(OLD_KEYS).filter((key) => !STILL_USED.has(key));

/** Nested records, made on the way. */
type Tree = { [name: string]: unknown };

function place(tree: Tree, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const branch = (tree[name] ?? {}) as Tree;
  tree[name] = branch;
  place(branch, rest, value);
}

/** JSON, or a text that was stored as it is. */
function parsed(stored: string): unknown {
  try {
    return JSON.parse(stored) as unknown;
  } catch {
    return stored;
  }
}

/** What the old keys have, as a kept state; null when there are none. */
export function fromOldKeys(read: (key: string) => string | null): Tree | null {
  const tree: Tree = {};
  for (const [key, path] of Object.entries(OLD_KEYS)) {
    const stored = read(key);
    if (stored !== null && stored !== "undefined") place(tree, path, parsed(stored));
  }
  return Object.keys(tree).length > 0 ? tree : null;
}
