#!/usr/bin/env node
/** `voicepath-patch DIR`, and in the checkout `npm run patch -- DIR`. */
import { type CommandOptions, parseCommand, USAGE } from "./options.js";
import { patch } from "./patch.js";
import { PatchError, type PatchErrorCode } from "./patch-error.js";
import { diffOf, patchJson, patchReport, revertJson, revertReport } from "./report.js";
import { revert } from "./revert.js";

const REFUSED = 1;
const EXIT_CODES: Partial<Record<PatchErrorCode, number>> = {
  USAGE: 2,
  DIR: 2,
  WRITE: 3,
  OVERLAY: 3,
};

function print(report: string, json: object, diff: string, { json: asJson }: CommandOptions): void {
  if (asJson) console.log(JSON.stringify({ ...json, diff: diff || undefined }, null, 2));
  else console.log(diff === "" ? report : `${diff}\n${report}`);
}

function run(options: CommandOptions): void {
  const { folder, dryRun } = options;
  if (options.revert) {
    const outcome = revert(folder, options);
    const diff = dryRun ? diffOf(outcome.changes) : "";
    print(revertReport(outcome), revertJson(outcome), diff, options);
  } else {
    const outcome = patch(folder, options);
    const diff = dryRun ? diffOf(outcome.plan.changes) : "";
    print(patchReport(outcome), patchJson(outcome), diff, options);
  }
}

const args = process.argv.slice(2);
try {
  const options = parseCommand(args);
  if (options) run(options);
  else console.log(USAGE);
} catch (error) {
  if (!(error instanceof PatchError)) throw error;
  if (args.includes("--json"))
    console.log(
      JSON.stringify({ state: "refused", code: error.code, message: error.message }, null, 2),
    );
  else console.error(`voicepath-patch: ${error.message}`);
  process.exitCode = EXIT_CODES[error.code] ?? REFUSED;
}
