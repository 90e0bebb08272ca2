/**
 * What a patch will do, computed whole before anything is written. The plan is always made from the tree as it
 * was before any patch; so it does not matter in which order parts are chosen, and a second run finds nothing
 * to do.
 */
import { posix } from "node:path";
import type { Checkout } from "./checkout.js";
import { editLive2dModel } from "./edits/live2d-model.js";
import { editPackageJson } from "./edits/package-json.js";
import type { ByHand, Edited } from "./edits/splice.js";
import { editViteConfig, namesPackage } from "./edits/vite-config.js";
import { type Manifest, type ManifestFile, originalPath } from "./manifest.js";
import { Overlay, resolvePath, SHARED } from "./overlay.js";
import { defaultSpec, isLink, OWN_PACKAGE, ownOverlay } from "./own-package.js";
import { type Part, type PartName, partsOf } from "./parts.js";
import { PatchError } from "./patch-error.js";
import { type Mismatch, type Replacement, recognise } from "./recognise.js";
import { type Release, releaseOf, type Shape, SOURCE_FOLDER, shapeOf } from "./shape.js";
import { decode, encode, type LineEnd, sha256, type TextFile, withLineEnds } from "./text-file.js";
import { type Change, foldersAbove } from "./transaction.js";

export interface PlanOptions {
  /** Default: all parts of the tree's shape. */
  readonly only?: readonly PartName[] | undefined;
  /** For package.json. Default: ^version from node_modules, else the path of this checkout. */
  readonly voicepath?: string | undefined;
  /** A folder with common, contexts and store. Default: voicepath's own. */
  readonly overlay?: string | undefined;
}

export interface Plan {
  readonly root: string;
  readonly shape: Shape;
  readonly release: Release;
  readonly parts: readonly PartName[];
  /** Against what is on the disk now; none: everything is as it shall be. */
  readonly changes: readonly Change[];
  /** What is edited rather than replaced, and how. */
  readonly edits: readonly { readonly path: string; readonly what: string }[];
  /** What a person has to do. */
  readonly byHand: readonly ByHand[];
  readonly notes: readonly string[];
  /** What does not fit: the patch is refused unless it is forced. */
  readonly mismatches: readonly (Mismatch & { readonly part: PartName | null })[];
  readonly manifest: Manifest;
  /** Folders that an earlier patch made and that are not needed any more. */
  readonly emptied: readonly string[];
}

const VAD_WEB = "@ricky0123/vad-web";
/** In this order: the second is there for the first. */
const REPLACED_PACKAGES = [VAD_WEB, "onnxruntime-web"] as const;
const MODEL = `${SOURCE_FOLDER}/hooks/canvas/use-live2d-model.ts`;
const MODEL_GUARD = `${SHARED}/model-guard`;
const CONFIGS = ["vite.config", "electron.vite.config"] as const;
const CONFIG_ENDINGS = ["ts", "mts", "js", "mjs", "cts", "cjs"] as const;
const TEXT = /\.([cm]?[jt]sx?|css|json|html|svg|md|txt)$/;

type After = Map<string, Buffer | null>;

function inSources(path: string): string {
  return posix.join(SOURCE_FOLDER, path);
}

function stemOf(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}

class Planner {
  readonly #checkout: Checkout;
  readonly #overlay: Overlay;
  readonly #shape: Shape;
  readonly #parts: readonly Part[];
  readonly #chosen: readonly PartName[] | undefined;
  readonly #sources: readonly string[];
  /** What is to be there, by path. */
  readonly after: After = new Map();
  readonly replacements: (Replacement & { part: PartName })[] = [];
  readonly edits: { path: string; what: string }[] = [];
  readonly byHand: ByHand[] = [];
  readonly notes: string[] = [];
  readonly mismatches: (Mismatch & { part: PartName | null })[] = [];

  constructor(
    checkout: Checkout,
    shape: Shape,
    parts: readonly Part[],
    overlay: Overlay,
    chosen: readonly PartName[] | undefined,
  ) {
    this.#checkout = checkout;
    this.#overlay = overlay;
    this.#shape = shape;
    this.#parts = parts;
    this.#chosen = chosen;
    this.#sources = checkout.sources();
  }

  #has(name: PartName): boolean {
    return this.#parts.some((part) => part.name === name);
  }

  /** The files of the parts, and what they share. */
  replace(): void {
    const files: string[] = [];
    const absent: string[] = [];
    for (const part of this.#parts)
      for (const file of part.replaces) {
        const places = this.#placesOf(part, file);
        if (places.length > 1)
          throw new PatchError("MISSING", `${file} is there more than once: ${places.join(", ")}`);
        const [original] = places;
        if (original !== undefined || part.added?.includes(file)) {
          files.push(file);
          this.#replaceOne(part, file, original);
        } else if (part.anywhere && !this.#chosen?.includes(part.name))
          this.notes.push(`${part.name}: left out, there is no ${posix.basename(file)}`);
        else absent.push(inSources(file));
      }
    if (absent.length > 0)
      throw new PatchError("MISSING", `to be replaced, but not there: ${absent.join(", ")}`);
    if (this.#has("model")) {
      const guard = resolvePath(MODEL_GUARD, (path) => this.#overlay.has(path));
      if (guard === null)
        throw new PatchError("OVERLAY", `the overlay has no ${MODEL_GUARD}; is voicepath whole?`);
      files.push(guard);
      this.#add(guard);
    }
    for (const file of this.#overlay.shared(files)) this.#add(file);
  }

  /** Where the file to be replaced lies; it may have another ending. */
  #placesOf(part: Part, file: string): string[] {
    const exact = inSources(file);
    if (!part.anywhere && this.#sources.includes(exact)) return [exact];
    return this.#sources.filter((path) =>
      part.anywhere
        ? path.startsWith(`${SOURCE_FOLDER}/`) &&
          posix.basename(stemOf(path)) === posix.basename(stemOf(file))
        : stemOf(path) === stemOf(exact),
    );
  }

  #replaceOne(part: Part, file: string, original: string | undefined): void {
    const ending = posix.extname(file);
    const path = original === undefined ? inSources(file) : stemOf(original) + ending;
    const like = original === undefined ? null : this.#text(original);
    this.after.set(path, this.#render(file, like ?? this.#manner()));
    if (original !== undefined && original !== path) this.after.set(original, null);
    const within = (full: string): string => posix.relative(SOURCE_FOLDER, full);
    this.replacements.push({
      part: part.name,
      original: original === undefined ? null : within(original),
      path: within(path),
    });
  }

  #add(file: string): void {
    this.after.set(inSources(file), this.#render(file, this.#manner()));
  }

  #render(file: string, like: Pick<TextFile, "mark" | "lineEnd">): Buffer {
    const bytes = this.#overlay.bytes(file);
    if (!TEXT.test(file)) return bytes;
    return encode(withLineEnds(decode(bytes, file).text, like.lineEnd), like);
  }

  /** New files have the line ends of the tree's package.json. */
  #manner(): { mark: boolean; lineEnd: LineEnd } {
    return { mark: false, lineEnd: this.#text("package.json").lineEnd };
  }

  #text(path: string): TextFile {
    const file = this.#checkout.text(path);
    if (file) return file;
    throw new PatchError("MISSING", `${path} is not there`);
  }

  #edit(path: string, edit: (text: string) => Edited): Edited {
    const file = this.#text(path);
    const edited = edit(file.text);
    if (edited.text !== file.text) this.after.set(path, encode(edited.text, file));
    for (const what of edited.done) this.edits.push({ path, what });
    return edited;
  }

  editModel(): void {
    if (!this.#has("model")) return;
    const { byHand } = this.#edit(MODEL, (text) => editLive2dModel(text, MODEL));
    for (const { path, line, what } of byHand) {
      this.byHand.push({ path, line, what });
      const where = line === null ? "" : `line ${line}: `;
      this.mismatches.push({
        part: "model",
        path: posix.relative(SOURCE_FOLDER, path),
        what: where + what,
      });
    }
  }

  /** package.json and the bundlers' configurations, when the sources are settled. */
  editProject(spec: string, keep: boolean): void {
    const configs = CONFIGS.flatMap(
      (name) =>
        CONFIG_ENDINGS.map((ending) => `${name}.${ending}`).find(
          (path) => this.#checkout.bytes(path) !== null,
        ) ?? [],
    );
    if (configs.length === 0)
      this.notes.push(`there is no ${CONFIGS.join(".ts and no ")}.ts; see the README of voicepath`);
    const unused = this.#has("vad") ? this.#unusedPackages(configs) : [];
    const change = { drop: unused, alias: this.#has("alias"), linked: isLink(spec) };
    const texts = configs.map((path) => {
      const { text, byHand } = this.#edit(path, (text) => editViteConfig(text, path, change));
      this.byHand.push(...byHand);
      return { path, text };
    });
    const remove = unused.filter(
      (name) => !texts.some(({ path, text }) => namesPackage(text, path, name)),
    );
    this.#edit("package.json", (text) => editPackageJson(text, { spec, keep, remove }));
  }

  /** Those that no source imports after the patch. What still needs vad-web needs its runtime. */
  #unusedPackages(configs: readonly string[]): string[] {
    const texts = this.#sources
      .filter((path) => !configs.includes(path) && this.after.get(path) === undefined)
      .map((path) => ({ path, text: this.#checkout.bytes(path)?.toString("utf8") ?? "" }));
    const ours = [...this.after].map(([path, bytes]) => ({
      path,
      text: bytes?.toString("utf8") ?? "",
    }));
    const unused: string[] = [];
    for (const name of REPLACED_PACKAGES) {
      const users = [...texts, ...ours].filter(({ text }) => quotes(text, name));
      if (users.length === 0) unused.push(name);
      else {
        this.notes.push(`${name} stays: ${users.map(({ path }) => path).join(", ")} names it`);
        break;
      }
    }
    return unused;
  }

  recognise(): void {
    const before = new Map<string, string>();
    for (const path of this.#sources)
      if (path.startsWith(`${SOURCE_FOLDER}/`))
        before.set(
          posix.relative(SOURCE_FOLDER, path),
          this.#checkout.bytes(path)?.toString("utf8") ?? "",
        );
    const after = new Map(before);
    for (const [path, bytes] of this.after) {
      if (!path.startsWith(`${SOURCE_FOLDER}/`)) continue;
      const within = posix.relative(SOURCE_FOLDER, path);
      if (bytes) after.set(within, bytes.toString("utf8"));
      else after.delete(within);
    }
    for (const mismatch of recognise(before, after, this.replacements)) {
      const part = this.replacements.find(({ original, path }) =>
        [original, path].includes(mismatch.path),
      )?.part;
      this.mismatches.push({ ...mismatch, part: part ?? null });
    }
  }

  manifest(spec: string | null): Manifest {
    const files: ManifestFile[] = [];
    for (const [path, after] of [...this.after].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const before = this.#checkout.bytes(path);
      if (before && after?.equals(before)) continue;
      files.push({ path, before: before && sha256(before), after: after && sha256(after) });
    }
    const made = new Set(this.#checkout.manifest?.folders);
    const { disk } = this.#checkout;
    return {
      format: 1,
      voicepath: OWN_PACKAGE.version,
      shape: this.#shape,
      parts: this.#parts.map(({ name }) => name),
      spec,
      files,
      folders: foldersAbove(
        files.filter(({ after }) => after !== null).map(({ path }) => path),
        (folder) => made.has(folder) || disk.kind(folder) === null,
      ),
    };
  }

  /** Against the disk, in the order of the paths. */
  changes(): Change[] {
    const paths = new Set([
      ...this.after.keys(),
      ...(this.#checkout.manifest?.files.map(({ path }) => path) ?? []),
    ]);
    return [...paths].sort().flatMap((path) => {
      const before = this.#checkout.current(path);
      const wanted = this.after.get(path);
      const after = wanted === undefined ? this.#checkout.bytes(path) : wanted;
      const same = before && after ? before.equals(after) : before === after;
      return same ? [] : [{ path, before, after }];
    });
  }
}

/** Whether a text has the package as a module's name. */
function quotes(text: string, name: string): boolean {
  return ["'", '"', "`"].some(
    (quote) => text.includes(`${quote}${name}${quote}`) || text.includes(`${quote}${name}/`),
  );
}

export function makePlan(checkout: Checkout, options: PlanOptions): Plan {
  const { manifest: earlier } = checkout;
  const shape = shapeOf(checkout);
  const chosen = options.only && [...(earlier?.parts ?? []), ...options.only];
  const parts = partsOf(shape, chosen);
  const overlay = new Overlay(options.overlay ?? ownOverlay(), shape);
  const asked = options.voicepath ?? earlier?.spec ?? null;
  const planner = new Planner(checkout, shape, parts, overlay, options.only);
  planner.replace();
  planner.editModel();
  planner.editProject(asked ?? defaultSpec(checkout.root), asked === null);
  planner.recognise();
  const manifest = planner.manifest(asked);
  return {
    root: checkout.root,
    shape,
    release: releaseOf(checkout),
    parts: parts.map(({ name }) => name),
    changes: planner.changes(),
    edits: planner.edits,
    byHand: planner.byHand,
    notes: planner.notes,
    mismatches: planner.mismatches,
    manifest,
    emptied: (earlier?.folders ?? []).filter((folder) => !manifest.folders.includes(folder)),
  };
}

/** Files whose original has to be kept, because it is kept nowhere yet. */
export function newOriginals(checkout: Checkout, { manifest }: Plan): Set<string> {
  return new Set(
    manifest.files
      .filter(({ path, before }) => before !== null && !checkout.disk.read(originalPath(path)))
      .map(({ path }) => path),
  );
}
