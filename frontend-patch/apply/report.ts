/** The plan and the outcome, as a person reads them, as a diff, and as JSON. */
import { posix } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { PatchOutcome } from "./patch.js";
import type { Plan } from "./plan.js";
import type { RevertOutcome } from "./revert.js";
import type { Release } from "./shape.js";
import { SOURCE_FOLDER } from "./shape.js";
import type { Change } from "./transaction.js";

const LABEL_WIDTH = 10;
const NOWHERE = "/dev/null";

type Verb = "replace" | "edit" | "add" | "remove";

function verbOf({ path, before, after }: Change, plan: Plan): Verb {
  if (!after) return "remove";
  if (!before) return "add";
  return plan.edits.some((edit) => edit.path === path) ? "edit" : "replace";
}

/** A label, and its lines beside it. */
function block(label: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `  ${(index === 0 ? label : "").padEnd(LABEL_WIDTH)}${line}`);
}

function shorter(path: string): string {
  return path.startsWith(`${SOURCE_FOLDER}/`) ? posix.relative(SOURCE_FOLDER, path) : path;
}

function releaseText({ version, name, same, different }: Release): string {
  const own = version === null ? "no version" : `version ${version}`;
  if (name === null) return `${own}, none of its files is of a known release`;
  const all = same.length + different.length;
  const local =
    different.length === 0
      ? ""
      : `; not as released: ${different.map((path) => shorter(path)).join(", ")}`;
  return `${own}, ${same.length} of ${all} known files are of release ${name}${local}`;
}

function planLines(plan: Plan): string[] {
  const paths = (verb: Verb): string[] =>
    plan.changes.filter((change) => verbOf(change, plan) === verb).map(({ path }) => shorter(path));
  const edits = plan.edits
    .filter(({ path }) => plan.changes.some((change) => change.path === path))
    .map(({ path, what }) => `${shorter(path)}: ${what}`);
  return [
    ...block("tree", [plan.root]),
    ...block("shape", [`${plan.shape} (${releaseText(plan.release)})`]),
    ...block("parts", [plan.parts.join(", ")]),
    ...block("replace", paths("replace")),
    ...block("add", paths("add")),
    ...block("remove", paths("remove")),
    ...block("edit", edits),
    ...block(
      "by hand",
      plan.byHand.map(
        ({ path, line, what }) => `${path}${line === null ? "" : `:${line}`}: ${what}`,
      ),
    ),
    ...block("note", plan.notes),
  ];
}

const STATES = {
  unchanged: "nothing to do: the tree is patched already",
  planned: "nothing was written",
} as const;

export function patchReport(outcome: PatchOutcome): string {
  const { plan, state, completed, warnings, savedEdits } = outcome;
  const end =
    state === "patched"
      ? [
          `patched: ${plan.changes.length} files. Now run npm install.`,
          "To take it back: the same command with --revert.",
        ]
      : [STATES[state]];
  return [
    ...(completed ? ["an interrupted run was completed first"] : []),
    ...planLines(plan),
    ...block("kept", savedEdits),
    ...block("warning", warnings),
    ...end,
  ].join("\n");
}

export function revertReport(outcome: RevertOutcome): string {
  const { root, changes, state, completed, savedEdits } = outcome;
  const end = {
    reverted: `reverted: ${changes.length} files are as they were. Now run npm install.`,
    unchanged: "nothing to do: the tree is not patched",
    planned: "nothing was written",
  }[state];
  return [
    ...(completed ? ["an interrupted run was settled first"] : []),
    ...block("tree", [root]),
    ...block(
      "restore",
      changes.filter(({ after }) => after).map(({ path }) => shorter(path)),
    ),
    ...block(
      "remove",
      changes.filter(({ after }) => !after).map(({ path }) => shorter(path)),
    ),
    ...block("kept", savedEdits),
    end,
  ].join("\n");
}

/** A unified diff that `git apply` and `patch -p1` take. */
export function diffOf(changes: readonly Change[]): string {
  return changes
    .map(({ path, before, after }) =>
      createTwoFilesPatch(
        before ? `a/${path}` : NOWHERE,
        after ? `b/${path}` : NOWHERE,
        before?.toString("utf8") ?? "",
        after?.toString("utf8") ?? "",
      ).replace(/^=+\n/, ""),
    )
    .join("");
}

function paths(changes: readonly Change[]): { path: string; before: boolean; after: boolean }[] {
  return changes.map(({ path, before, after }) => ({
    path,
    before: before !== null,
    after: after !== null,
  }));
}

export function patchJson({ plan, ...outcome }: PatchOutcome): object {
  return { ...outcome, ...plan, changes: paths(plan.changes) };
}

export function revertJson(outcome: RevertOutcome): object {
  return { ...outcome, changes: paths(outcome.changes) };
}
