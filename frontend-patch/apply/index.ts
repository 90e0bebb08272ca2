/** The command's doing, for programs: see cli.ts for the command. */
export { PART_NAMES, PARTS, type Part, type PartName } from "./parts.js";
export { type PatchOptions, type PatchOutcome, patch, planOf, type RunOptions } from "./patch.js";
export { PatchError, type PatchErrorCode } from "./patch-error.js";
export type { Plan } from "./plan.js";
export { type RevertOutcome, revert } from "./revert.js";
export type { Shape } from "./shape.js";
