/** Taking a patch back: every byte as it was. */
import { Checkout } from "./checkout.js";
import { checkEdited, checkStrays, type RunOptions, savedEdits, settle, write } from "./patch.js";
import { type Change, Transaction } from "./transaction.js";

export interface RevertOutcome {
  readonly state: "reverted" | "unchanged" | "planned";
  readonly root: string;
  readonly changes: readonly Change[];
  /** An interrupted run was taken back, or an interrupted revert completed, first. */
  readonly completed: boolean;
  readonly savedEdits: readonly string[];
}

export function revert(folder: string, options: RunOptions = {}): RevertOutcome {
  const { force, dryRun, disk } = options;
  const completed = settle(Checkout.open(folder, disk), dryRun, "revert");
  const checkout = Checkout.open(folder, disk);
  const { root, manifest } = checkout;
  checkStrays(checkout);
  if (!manifest)
    return {
      state: completed ? "reverted" : "unchanged",
      root,
      changes: [],
      completed,
      savedEdits: [],
    };
  const saved = savedEdits(checkout, checkEdited(checkout, force));
  const changes = manifest.files.flatMap(({ path }) => {
    const before = checkout.current(path);
    const after = checkout.bytes(path);
    const same = before && after ? before.equals(after) : before === after;
    return same ? [] : [{ path, before, after }];
  });
  const all = [...saved, ...changes];
  checkout.checkWritable(all.map(({ path }) => path));
  const outcome = { root, changes, completed, savedEdits: saved.map(({ path }) => path) };
  if (dryRun) return { ...outcome, state: "planned" };
  write(checkout.disk, () =>
    Transaction.prepare(
      checkout.disk,
      all,
      { kind: "revert", previous: manifest, manifest: null, emptied: manifest.folders },
      new Set(),
    ),
  );
  return { ...outcome, state: "reverted" };
}
