/** The voicepath that this command is part of: a checkout, or a package in somebody's node_modules. */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { PatchError } from "./patch-error.js";

export interface OwnPackage {
  readonly root: string;
  readonly version: string;
}

const here = dirname(realpathSync(fileURLToPath(import.meta.url)));

function find(folder: string): OwnPackage {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    if (name === "voicepath" && typeof version === "string") return { root: folder, version };
  }
  const up = dirname(folder);
  if (up === folder)
    throw new PatchError("OVERLAY", `no package.json of voicepath is above ${here}`);
  return find(up);
}

export const OWN_PACKAGE: OwnPackage = find(here);

/** Beside the command in a published package, beside its folder in a checkout. */
export function ownOverlay(): string {
  const places = [join(here, "overlay"), join(here, "../overlay")];
  const found = places.find((place) => existsSync(join(place, "common")));
  if (found !== undefined) return found;
  throw new PatchError("OVERLAY", `there is no overlay at ${places.join(" nor at ")}`);
}

/** What package.json of that folder is to say of voicepath: of a checkout, what `npm pack` made of it. */
export function defaultSpec(folder: string): string {
  const { root, version } = OWN_PACKAGE;
  if (root.split(sep).includes("node_modules")) return `^${version}`;
  const packed = join(root, `voicepath-${version}.tgz`);
  return `file:${relative(folder, existsSync(packed) ? packed : root)
    .split(sep)
    .join("/")}`;
}

/** Whether npm makes a link of it instead of a copy. */
export const isLink = (spec: string): boolean =>
  /^(file|link):/.test(spec) && !/\.(tgz|tar\.gz)$/.test(spec);
