/** What the command is told. */
import { parseArgs } from "node:util";
import { PARTS, type PartName, partNames } from "./parts.js";
import { messageOf, PatchError } from "./patch-error.js";

export interface CommandOptions {
  readonly folder: string;
  readonly only: readonly PartName[] | undefined;
  readonly voicepath: string | undefined;
  readonly dryRun: boolean;
  readonly revert: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

const NAME_WIDTH = 12;

export const USAGE = `usage: voicepath-patch DIR [options]

Makes the frontend of Open-LLM-VTuber in DIR use voicepath, or takes that back. All files are written or none;
what was there before is kept in DIR/.voicepath-patch/. A second run changes nothing.

  --only PARTS       these, separated by commas, and what was patched before; default: all but alias
  --dry-run          print a diff of everything and write nothing
  --revert           put every byte back as it was
  --voicepath SPEC   what package.json says of voicepath; default: ^VERSION from node_modules,
                     else file: and what "npm pack" made in this checkout, or the checkout itself
  --force            go on although there is uncommitted work, although files are not recognised, or although
                     they were edited since they were patched (each of those is kept as FILE.voicepath-edit)
  --json             print the outcome as JSON
  --help             print this

parts
${PARTS.map(({ name, about, shape }) => `  ${name.padEnd(NAME_WIDTH)}${about}${shape ? ` (only in the shape "${shape}")` : ""}`).join("\n")}

exit codes
  0  patched, reverted, planned, or nothing to do
  1  the tree is refused: not known, not recognised, half patched, uncommitted work, edited, not
     writable; nothing was changed, and the reason is named
  2  the command was used wrongly: an option, or DIR is not the frontend's folder
  3  a file could not be written, or this installation of voicepath is incomplete`;

/**
 * Undefined when only the usage was asked for.
 *
 * @throws PatchError naming the option, what it is and what it may be
 */
export function parseCommand(args: readonly string[]): CommandOptions | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [folder, ...more] = positionals;
  if (folder === undefined || folder === "")
    throw new PatchError("USAGE", "DIR is missing: the frontend's folder");
  if (more.length > 0)
    throw new PatchError("USAGE", `there is one DIR; ${more.join(", ")} is too much`);
  const { voicepath } = values;
  if (voicepath?.trim() === "")
    throw new PatchError(
      "USAGE",
      "--voicepath is empty; it must be like ^0.1.0 or file:../voicepath",
    );
  for (const option of ["only", "voicepath"] as const)
    if (values.revert && values[option] !== undefined)
      throw new PatchError("USAGE", `--revert takes back everything; --${option} has no meaning`);
  return {
    folder,
    only: values.only === undefined ? undefined : partNames(values.only),
    voicepath,
    dryRun: values["dry-run"],
    revert: values.revert,
    force: values.force,
    json: values.json,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        only: { type: "string" },
        voicepath: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        revert: { type: "boolean", default: false },
        force: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (cause) {
    throw new PatchError("USAGE", messageOf(cause), { cause });
  }
}
