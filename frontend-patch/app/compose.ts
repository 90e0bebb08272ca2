/**
 * Twins: whole project trees like the frontend's, put together from common/ and one of the two shapes,
 * with what they depend on linked into their node_modules. They are what voicepath-patch is tried on.
 */
import {
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Where settings are kept: in localStorage contexts, as upstream does, or in the fork's store. */
export const SHAPES = ["contexts", "store"] as const;
export type Shape = (typeof SHAPES)[number];

export interface BuildTwinOptions {
  /** Absolute. By default as the tree's own vite.config.ts says: dist/web. */
  readonly outDir?: string;
  readonly base?: string;
}

const APP = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(APP, "../..");

/** Old versions, which are installed here under other names. Copies, so that a twin may lose them. */
const COPIES: Readonly<Record<string, string>> = {
  "@ricky0123/vad-web": "vad-web-0.0.24",
  "onnxruntime-web": "onnxruntime-web-1.14",
};

/** @returns the folder, which is replaced when it is there */
export function composeTwin(shape: Shape, folder = join(ROOT, "build/twins", shape)): string {
  const twin = resolve(folder);
  rmSync(twin, { recursive: true, force: true });
  for (const layer of ["common", shape]) cpSync(join(APP, layer), twin, { recursive: true });
  furnish(twin);
  return twin;
}

/** @returns the folder of the built app, as `npm run build:web` makes it */
export async function buildTwin(
  folder: string,
  { outDir, base }: BuildTwinOptions = {},
): Promise<string> {
  await build({
    configFile: join(folder, "vite.config.ts"),
    mode: "web",
    logLevel: "error",
    ...(base === undefined ? {} : { base }),
    ...(outDir === undefined ? {} : { build: { outDir } }),
  });
  return outDir ?? join(folder, "dist/web");
}

/** What package.json asks for and this project has, in whatever version; and voicepath itself. */
function furnish(twin: string): void {
  const manifest: unknown = JSON.parse(readFileSync(join(twin, "package.json"), "utf8"));
  const modules = join(twin, "node_modules");
  for (const name of dependencies(manifest)) {
    const installed = join(ROOT, "node_modules", COPIES[name] ?? name);
    if (!existsSync(installed)) continue;
    if (name in COPIES) hardLink(installed, join(modules, name));
    else link(installed, join(modules, name));
  }
  link(ROOT, join(modules, "voicepath"));
}

function dependencies(manifest: unknown): string[] {
  const lists = Object.entries(manifest ?? {}).filter(([key]) => /^(dev)?Dependencies$/i.test(key));
  return lists.flatMap(([, list]) => Object.keys(list));
}

function link(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to, "dir");
}

/** All but the copied packages within, which then stand beside it. */
function hardLink(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name in COPIES) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) hardLink(source, target);
    else linkSync(source, target);
  }
}

async function main(words: readonly string[]): Promise<void> {
  const [name, folder] = words.filter((word) => !word.startsWith("--"));
  const shape = SHAPES.find((one) => one === name);
  if (!shape) throw new Error(`shape is ${name}, expected ${SHAPES.join(" or ")}`);
  const twin = composeTwin(shape, folder);
  console.log(words.includes("--build") ? await buildTwin(twin) : twin);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
