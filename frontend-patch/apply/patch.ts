/** Patching a tree: planned, checked, written all at once. */
import { Checkout } from "./checkout.js";
import type { Disk } from "./disk.js";
import { gitState } from "./git.js";
import { PATCH_FOLDER } from "./manifest.js";
import { messageOf, PatchError } from "./patch-error.js";
import { makePlan, newOriginals, type Plan, type PlanOptions } from "./plan.js";
import { type Change, Transaction } from "./transaction.js";

export interface RunOptions {
  /** Go on where it is not safe: uncommitted work, edited files, files that are not recognised. */
  readonly force?: boolean | undefined;
  /** Plan only. */
  readonly dryRun?: boolean | undefined;
  /** For tests: one that fails. */
  readonly disk?: ((root: string) => Disk) | undefined;
}

export type PatchOptions = PlanOptions & RunOptions;

export interface PatchOutcome {
  readonly state: "patched" | "unchanged" | "planned";
  readonly plan: Plan;
  /** An interrupted run was completed first. */
  readonly completed: boolean;
  readonly warnings: readonly string[];
  /** Copies of files that had been edited since they were patched. */
  readonly savedEdits: readonly string[];
}

const EDIT_ENDING = ".voicepath-edit";
const FEW = 8;

function names(paths: readonly string[]): string {
  const more = paths.length > FEW ? ` and ${paths.length - FEW} more` : "";
  return paths.slice(0, FEW).join(", ") + more;
}

/** What an interrupted run left is brought to its end; or, by a revert, a patch is taken back. */
export function settle(
  checkout: Checkout,
  dryRun: boolean | undefined,
  run: "patch" | "revert",
): boolean {
  const pending = Transaction.pending(checkout.disk);
  if (!pending) {
    if (!dryRun) Transaction.forget(checkout.disk);
    return false;
  }
  const back = run === "revert" && pending.kind === "apply";
  if (dryRun)
    throw new PatchError(
      "INTERRUPTED",
      `a run (${pending.kind}) was interrupted when ${pending.done} of ${pending.size} files were ` +
        `written; run again without --dry-run to ${back ? "take it back" : "complete it"}` +
        (run === "patch" ? ", or with --revert to take it back" : ""),
    );
  if (back) pending.takeBack();
  else pending.complete();
  return true;
}

export function checkStrays(checkout: Checkout): void {
  const strays = checkout.strays();
  if (strays.length > 0)
    throw new PatchError(
      "HALF_PATCHED",
      `there are files of voicepath (${names(strays)}), but no ${PATCH_FOLDER}/manifest.json ` +
        "that says what was there before; restore the originals, for instance from git",
    );
}

export function checkEdited(checkout: Checkout, force: boolean | undefined): string[] {
  const edited = checkout.edited();
  if (edited.length > 0 && !force)
    throw new PatchError(
      "EDITED",
      `changed or removed since they were patched: ${names(edited)}; with --force each is kept as ` +
        `FILE${EDIT_ENDING} and replaced`,
    );
  return edited;
}

/** Files of the tree's owner beside which nothing of theirs is lost. */
export function savedEdits(checkout: Checkout, edited: readonly string[]): Change[] {
  return edited.flatMap((path) => {
    const after = checkout.current(path);
    if (!after) return [];
    let copy = path + EDIT_ENDING;
    for (let count = 2; checkout.disk.kind(copy) !== null; count++)
      copy = `${path}${EDIT_ENDING}-${count}`;
    return [{ path: copy, before: null, after }];
  });
}

function checkGit(checkout: Checkout, plan: Plan, force: boolean | undefined): string[] {
  const state = gitState(checkout.root);
  if (state === null) return ["this folder is not in git: only --revert brings the originals back"];
  const ours = new Set(checkout.manifest?.files.map(({ path }) => path));
  const dirty = state.filter((path) => !ours.has(path) && !path.startsWith(`${PATCH_FOLDER}/`));
  if (dirty.length === 0) return [];
  if (plan.changes.length > 0 && !force)
    throw new PatchError(
      "DIRTY",
      `there is uncommitted work: ${names(dirty)}; commit it, or use --force`,
    );
  return [`there is uncommitted work: ${names(dirty)}`];
}

function checkRecognised({ mismatches, parts }: Plan, force: boolean | undefined): string[] {
  if (mismatches.length === 0) return [];
  const lines = mismatches.map(
    ({ part, path, what }) => `${part === null ? "" : `${part}: `}${path}: ${what}`,
  );
  if (force) return lines;
  const strange = new Set(mismatches.map(({ part }) => part));
  const rest = parts.filter((part) => !strange.has(part));
  const way =
    rest.length > 0 && !strange.has(null) ? `--only ${rest.join(",")} leaves it out, ` : "";
  throw new PatchError(
    "NOT_RECOGNISED",
    "this tree has what voicepath's files do not know:\n" +
      `${lines.map((line) => `  ${line}`).join("\n")}\n${way}--force replaces the files all the same`,
  );
}

/** All changes, or an error and the tree as it was. */
export function write(disk: Disk, prepare: () => Transaction): void {
  let transaction: Transaction | undefined;
  try {
    transaction = prepare();
    transaction.complete();
  } catch (cause) {
    const why = messageOf(cause);
    try {
      if (transaction) transaction.takeBack();
      else Transaction.forget(disk);
    } catch (again) {
      throw new PatchError(
        "WRITE",
        `${why}; and it could not be taken back: ${messageOf(again)}. Run again to complete it, or with ` +
          "--revert to take it back",
        { cause },
      );
    }
    throw new PatchError("WRITE", `${why}; everything is as it was`, { cause });
  }
}

export function patch(folder: string, options: PatchOptions = {}): PatchOutcome {
  const { force, dryRun, disk } = options;
  const completed = settle(Checkout.open(folder, disk), dryRun, "patch");
  const checkout = Checkout.open(folder, disk);
  checkStrays(checkout);
  const edited = checkEdited(checkout, force);
  const plan = makePlan(checkout, options);
  const warnings = checkRecognised(plan, force);
  warnings.push(...checkGit(checkout, plan, force || dryRun));
  const outcome = { plan, completed, warnings };
  if (plan.changes.length === 0) return { ...outcome, state: "unchanged", savedEdits: [] };
  const replaced = edited.filter((path) => plan.changes.some((change) => change.path === path));
  const saved = savedEdits(checkout, replaced);
  const changes = [...saved, ...plan.changes];
  const paths = { savedEdits: saved.map(({ path }) => path) };
  checkout.checkWritable(changes.map(({ path }) => path));
  if (dryRun) return { ...outcome, ...paths, state: "planned" };
  write(checkout.disk, () =>
    Transaction.prepare(
      checkout.disk,
      changes,
      {
        kind: "apply",
        previous: checkout.manifest,
        manifest: plan.manifest,
        emptied: plan.emptied,
      },
      newOriginals(checkout, plan),
    ),
  );
  return { ...outcome, ...paths, state: "patched" };
}

/** What {@link patch} would do; nothing is checked that only matters when files are written. */
export function planOf(folder: string, options: PatchOptions = {}): Plan {
  const checkout = Checkout.open(folder, options.disk);
  checkStrays(checkout);
  checkEdited(checkout, options.force);
  return makePlan(checkout, options);
}
