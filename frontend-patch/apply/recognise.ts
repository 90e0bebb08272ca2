/**
 * Whether the files that are to be replaced are those that the replacements were written for. A file passes if
 * everything that others in this tree take from it is in its replacement, and if the replacement knows
 * whatever it says to the server and keeps in localStorage. What does not fit is named.
 */
import type { SourceFile } from "ts-morph";
import {
  exportsOf,
  importsOf,
  membersOf,
  messagesOf,
  projectOf,
  type Sources,
  sourceIn,
  storageKeys,
  wordsOf,
} from "./contract.js";
import { pathOf, resolvePath, SHARED } from "./overlay.js";

/** One thing that the replacement does not have or does not know. */
export interface Mismatch {
  /** Under src/renderer/src. */
  readonly path: string;
  readonly what: string;
}

export interface Replacement {
  /** In the tree, under src/renderer/src; null: there is none yet. */
  readonly original: string | null;
  /** Where the overlay's file goes. */
  readonly path: string;
}

/** @param after the same sources with the replacements among them */
export function recognise(
  before: Sources,
  after: Sources,
  replacements: readonly Replacement[],
): Mismatch[] {
  const ours = [...replacements.map(({ path }) => path), ...sharedIn(after)];
  if (ours.length === 0) return [];
  const old = projectOf(replacements.length > 0 ? before : new Map());
  const next = projectOf(after);
  const known = new Set(
    ours.flatMap((path) => {
      const source = sourceIn(next, path);
      return source ? [...wordsOf(source)] : [];
    }),
  );
  const inside = replacements.flatMap(({ original, path }) => {
    const was = original === null ? undefined : sourceIn(old, original);
    const becomes = sourceIn(next, path);
    return was && becomes
      ? differences(was, becomes, known).map((what) => ({ path: original ?? path, what }))
      : [];
  });
  const exported = new Map<string, Set<string>>();
  const exportsAt = (path: string): Set<string> => {
    const source = sourceIn(next, path);
    const names = exported.get(path) ?? (source ? exportsOf(source) : new Set<string>());
    exported.set(path, names);
    return names;
  };
  return [
    ...inside,
    ...brokenImports(after, new Set(ours), exportsAt, (path) => sourceIn(next, path)),
  ];
}

function sharedIn(sources: Sources): string[] {
  return [...sources.keys()].filter((path) => path.startsWith(`${SHARED}/`));
}

function missing(all: Iterable<string>, there: ReadonlySet<string> | undefined): string[] {
  return [...new Set(all)].filter((name) => !there?.has(name));
}

/** Fields by the exports that had them: a context's are its hook's too. */
function missingFields(
  was: ReadonlyMap<string, ReadonlySet<string>>,
  becomes: ReadonlyMap<string, ReadonlySet<string>>,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [name, fields] of was) {
    const there = becomes.get(name);
    // Without its name, or with members that cannot be seen, there is nothing to compare.
    if (!there) continue;
    for (const field of missing(fields, there))
      found.set(field, [...(found.get(field) ?? []), name]);
  }
  return found;
}

function differences(was: SourceFile, becomes: SourceFile, known: ReadonlySet<string>): string[] {
  const exports = missing(exportsOf(was), exportsOf(becomes)).map((name) => `export ${name}`);
  const fields = [...missingFields(membersOf(was), membersOf(becomes))].map(
    ([field, names]) => `field ${field} of ${names.join(", ")}`,
  );
  const messages = messagesOf(was)
    .filter(({ name }) => !known.has(name))
    .map(({ what, name }) => `${what} "${name}"`);
  const keys = missing(storageKeys(was), known).map((key) => `localStorage key "${key}"`);
  return [...exports, ...fields, ...new Set(messages), ...keys];
}

/** Imports that only our files make, or that lead to them, and find nothing. */
function brokenImports(
  after: Sources,
  ours: ReadonlySet<string>,
  exportsAt: (path: string) => ReadonlySet<string>,
  sourceAt: (path: string) => SourceFile | undefined,
): Mismatch[] {
  const broken: Mismatch[] = [];
  for (const path of after.keys()) {
    const source = sourceAt(path);
    for (const { specifier, names, line } of source ? importsOf(source) : []) {
      const target = pathOf(specifier, path);
      if (target === null) continue;
      const file = resolvePath(target, (candidate) => after.has(candidate));
      const mine = ours.has(path);
      if (file === null) {
        // Above the sources, or no source at all (a picture): not known here.
        if (mine && !target.startsWith("..") && !/\.\w+$/.test(target))
          broken.push({ path, what: `needs ${specifier}, which this tree does not have` });
        continue;
      }
      if (!mine && !ours.has(file)) continue;
      for (const name of missing(names, exportsAt(file)))
        broken.push({
          path,
          what: mine
            ? `needs ${name} of ${specifier}, which this tree does not have`
            : `line ${line} takes ${name} of ${specifier}, which the replacement does not have`,
        });
    }
  }
  return broken;
}
