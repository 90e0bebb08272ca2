/**
 * vite.config.ts and electron.vite.config.ts: voicepath is left as it is by the dev server's pre-bundling
 * (its assets travel beside its modules), and the static copies of packages that go are no longer made.
 * What is not written in place is named instead of guessed.
 */
import {
  type Identifier,
  Node,
  type ObjectLiteralExpression,
  type SourceFile,
  SyntaxKind,
} from "ts-morph";
import { declarationOf, defaultExport, type Followed, join, property } from "./follow.js";
import { insert, remove, wholeLines } from "./list.js";
import { lineOf, parse, quoteOf } from "./source.js";
import { type ByHand, type Edited, type Splice, splice } from "./splice.js";

export interface ConfigChange {
  /** Packages whose static copies go. */
  readonly drop: readonly string[];
  /** Put voicepath/vad-web in the place of @ricky0123/vad-web. */
  readonly alias: boolean;
  /** voicepath is a link to a checkout, and would find the checkout's React. */
  readonly linked: boolean;
}

const NAME = "voicepath";
const ALIAS_FROM = "@ricky0123/vad-web";
const ALIAS_TO = "voicepath/vad-web";

/** The edits of one file, each on the text that the one before has left. */
class Config {
  readonly #path: string;
  readonly #electron: boolean;
  text: string;
  readonly done: string[] = [];
  readonly byHand: ByHand[] = [];

  constructor(path: string, text: string, electron: boolean) {
    this.#path = path;
    this.text = text;
    this.#electron = electron;
  }

  #parse(): SourceFile {
    return parse(this.#path, this.text);
  }

  #apply(splices: readonly Splice[], done: string): void {
    if (splices.length === 0) return;
    this.text = splice(this.text, splices);
    this.done.push(done);
  }

  #leave(node: Node, what: string): void {
    const line = Node.isSourceFile(node) ? null : lineOf(node);
    this.byHand.push({ path: this.#path, line, what });
  }

  /** The objects that configure the page: electron-vite has them under "renderer". */
  #objects(source: SourceFile): { objects: ObjectLiteralExpression[]; lost: readonly Node[] } {
    const top = defaultExport(source);
    const objects = top.found.filter(Node.isObjectLiteralExpression);
    if (!this.#electron) return { objects, lost: top.lost };
    const inner = join(
      objects.map((object) => property(object, "renderer") ?? { found: [], lost: [object] }),
    );
    return {
      objects: inner.found.filter(Node.isObjectLiteralExpression),
      lost: [...top.lost, ...inner.lost],
    };
  }

  /** Puts an item into the list at object.outer.inner, making what is missing of that. */
  #put(
    outer: string,
    inner: string,
    item: (list: Node, quote: string) => string | null,
    empty: (item: string) => string,
    what: string,
  ): void {
    const source = this.#parse();
    const quote = quoteOf(source);
    const { objects, lost } = this.#objects(source);
    for (const node of lost) this.#leave(node, `what is exported cannot be followed; add ${what}`);
    const splices = new Map<Node, Splice[]>();
    const value = (): string => empty(item(source, quote) ?? "");
    for (const object of objects) {
      const outers = property(object, outer);
      if (!outers) {
        splices.set(object, insert(object, `${outer}: { ${inner}: ${value()} }`));
        continue;
      }
      for (const holder of this.#known(outers, what)) {
        if (!Node.isObjectLiteralExpression(holder)) continue;
        const lists = property(holder, inner);
        if (!lists) {
          splices.set(holder, insert(holder, `${inner}: ${value()}`));
          continue;
        }
        for (const list of this.#known(lists, what)) {
          const put = item(list, quote);
          if (
            put !== null &&
            (Node.isObjectLiteralExpression(list) || Node.isArrayLiteralExpression(list))
          )
            splices.set(list, insert(list, put));
        }
      }
    }
    this.#apply([...splices.values()].flat(), what);
  }

  #known({ found, lost }: Followed, what: string): readonly Node[] {
    for (const node of lost)
      this.#leave(node, `"${node.getText()}" cannot be followed; add ${what}`);
    return found;
  }

  exclude(): void {
    this.#put(
      "optimizeDeps",
      "exclude",
      (list, quote) => (hasString(list, NAME) ? null : `${quote}${NAME}${quote}`),
      (item) => `[${item}]`,
      `optimizeDeps: { exclude: ["${NAME}"] }`,
    );
  }

  alias(): void {
    this.#put(
      "resolve",
      "alias",
      (list, quote) => {
        const from = `${quote}${ALIAS_FROM}${quote}`;
        const to = `${quote}${ALIAS_TO}${quote}`;
        if (hasString(list, ALIAS_TO)) return null;
        return Node.isArrayLiteralExpression(list)
          ? `{ find: ${from}, replacement: ${to} }`
          : `${from}: ${to}`;
      },
      (item) => `{ ${item} }`,
      `resolve: { alias: { "${ALIAS_FROM}": "${ALIAS_TO}" } }`,
    );
  }

  dedupe(): void {
    this.#put(
      "resolve",
      "dedupe",
      (list, quote) =>
        hasString(list, "react") ? null : `${quote}react${quote}, ${quote}react-dom${quote}`,
      (items) => `[${items}]`,
      'resolve: { dedupe: ["react", "react-dom"] }',
    );
  }

  /** Takes the packages' static copies out; what else names them is said. */
  drop(packages: readonly string[]): void {
    const source = this.#parse();
    const goes = new Set<Node>();
    for (const name of packages)
      for (const mention of mentionsOf(source, name)) {
        const owners = ownersOf(mention);
        if (owners) for (const owner of owners) goes.add(owner);
        else
          this.#leave(
            mention,
            `${mention.getText()} names ${name}, which nothing needs any more; if it is copied here, take it out`,
          );
      }
    const before = unusedNames(source);
    this.#apply(removals(goes), `no static copies of ${packages.join(", ")}`);
    if (goes.size > 0) this.#tidy(before);
  }

  /** Constants and imports that only served what is gone. */
  #tidy(before: ReadonlySet<string>): void {
    for (;;) {
      const source = this.#parse();
      const out = [...unusedNames(source)]
        .filter((name) => !before.has(name))
        .map((name) => withoutName(source, name))
        .find((found) => found !== undefined);
      if (!out) return;
      // One after the other: a constant that goes may have been the last to use the next.
      this.text = splice(this.text, [out]);
    }
  }
}

function hasString(node: Node, text: string): boolean {
  return (
    !Node.isSourceFile(node) &&
    node
      .getDescendantsOfKind(SyntaxKind.StringLiteral)
      .some((string) => string.getLiteralText() === text)
  );
}

/** Strings in which the package is a step of a path, or all of it. */
function mentionsOf(source: SourceFile, name: string): Node[] {
  return source.getDescendants().filter((node) => {
    if (
      !Node.isStringLiteral(node) &&
      !Node.isNoSubstitutionTemplateLiteral(node) &&
      !Node.isTemplateHead(node) &&
      !Node.isTemplateMiddle(node) &&
      !Node.isTemplateTail(node)
    )
      return false;
    const steps = `/${node.getLiteralText().replaceAll("\\", "/")}/`;
    return steps.includes(`/${name}/`) && !isOurAlias(node);
  });
}

function isOurAlias(node: Node): boolean {
  const object = node.getFirstAncestorByKind(SyntaxKind.ObjectLiteralExpression);
  return object !== undefined && hasString(object, ALIAS_TO);
}

/**
 * The items that a path is there for: the object with it as `src`, or the string in a list of such paths.
 * Undefined where that cannot be told.
 */
function ownersOf(mention: Node): Node[] | undefined {
  let node = mention;
  for (;;) {
    const parent = node.getParent();
    if (!parent) return undefined;
    if (Node.isArrayLiteralExpression(parent)) return inList(node, parent);
    if (Node.isPropertyAssignment(parent)) {
      const object = parent.getParent();
      return parent.getName() === "src" && Node.isObjectLiteralExpression(object)
        ? ownersOfTarget(object)
        : undefined;
    }
    if (Node.isVariableDeclaration(parent)) return ownersOfUses(parent.getNameNode());
    const passesOn =
      Node.isCallExpression(parent) ||
      Node.isNewExpression(parent) ||
      Node.isTemplateExpression(parent) ||
      Node.isTemplateSpan(parent) ||
      Node.isParenthesizedExpression(parent) ||
      Node.isBinaryExpression(parent) ||
      Node.isPropertyAccessExpression(parent) ||
      Node.isAsExpression(parent);
    if (!passesOn) return undefined;
    node = parent;
  }
}

/** What every use of a constant is there for; undefined if one of them cannot be told. */
function ownersOfUses(name: Node): Node[] | undefined {
  if (!Node.isIdentifier(name) || !declarationOf(name)) return undefined;
  const uses = usesOf(name);
  const owners = uses.map((use) => ownersOf(use));
  return uses.length > 0 && owners.every((owner) => owner !== undefined)
    ? owners.flat()
    : undefined;
}

function usesOf(name: Identifier): Identifier[] {
  return name
    .getSourceFile()
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter((other) => other !== name && other.getText() === name.getText())
    .filter((other) => {
      const parent = other.getParentOrThrow();
      const isKey = Node.isPropertyAssignment(parent) && parent.getNameNode() === other;
      const isMember = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === other;
      return !isKey && !isMember;
    });
}

/** A target of the copy: an item of a list, or a constant that is one. */
function ownersOfTarget(object: ObjectLiteralExpression): Node[] | undefined {
  let node: Node = object;
  while (Node.isParenthesizedExpression(node.getParent()) || Node.isAsExpression(node.getParent()))
    node = node.getParentOrThrow();
  const parent = node.getParentOrThrow();
  if (Node.isArrayLiteralExpression(parent)) return [node];
  if (Node.isVariableDeclaration(parent)) return ownersOfUses(parent.getNameNode());
  // ...["a", "b"].map((file) => ({ src: `node_modules/…/${file}` }))
  const call = Node.isArrowFunction(parent) ? parent.getParent() : undefined;
  const spread = Node.isCallExpression(call) ? call.getParent() : undefined;
  const list = Node.isSpreadElement(spread) ? spread.getParent() : undefined;
  return spread && Node.isArrayLiteralExpression(list) ? [spread] : undefined;
}

/** An item of a list of paths, of targets, or of packages that are pre-bundled. */
function inList(item: Node, list: Node): Node[] | undefined {
  if (isTargetSource(list) || isPreBundling(list)) return [item];
  const copies = list
    .getAncestors()
    .some((node) => Node.isPropertyAssignment(node) && node.getName() === "targets");
  if (copies) return [item];
  const declaration = list.getParent();
  if (!Node.isVariableDeclaration(declaration)) return undefined;
  const name = declaration.getNameNode();
  const uses = Node.isIdentifier(name) && declarationOf(name) ? usesOf(name) : [];
  const allCopied = uses.every((use) =>
    use
      .getAncestors()
      .some((node) => Node.isPropertyAssignment(node) && node.getName() === "targets"),
  );
  return uses.length > 0 && allCopied ? [item] : undefined;
}

function isTargetSource(list: Node): boolean {
  const parent = list.getParent();
  return Node.isPropertyAssignment(parent) && parent.getName() === "src";
}

function isPreBundling(list: Node): boolean {
  const parent = list.getParent();
  if (!Node.isPropertyAssignment(parent)) return false;
  const holder = parent.getParent().getParent();
  return (
    ["include", "exclude"].includes(parent.getName()) &&
    Node.isPropertyAssignment(holder) &&
    holder.getName() === "optimizeDeps"
  );
}

/** A target of whose sources none is left goes as a whole. */
function removals(items: ReadonlySet<Node>): Splice[] {
  const goes = new Set(items);
  for (const item of items) {
    const list = item.getParent();
    if (!Node.isArrayLiteralExpression(list) || !isTargetSource(list)) continue;
    const target = list.getParentOrThrow().getParentOrThrow();
    if (!list.getElements().every((element) => items.has(element))) continue;
    if (!Node.isArrayLiteralExpression(target.getParent())) continue;
    for (const element of list.getElements()) goes.delete(element);
    goes.add(target);
  }
  const lists = new Map<Node, Node[]>();
  for (const item of goes) {
    // Something that goes with what it is in needs no removal of its own.
    if (item.getAncestors().some((node) => goes.has(node))) continue;
    const list = item.getParentOrThrow();
    lists.set(list, [...(lists.get(list) ?? []), item]);
  }
  return [...lists.values()].flatMap((inOne) => remove(inOne));
}

/** Imports and constants of the file that nothing uses. */
function unusedNames(source: SourceFile): Set<string> {
  const names = [
    ...source
      .getImportDeclarations()
      .flatMap((declaration) => [
        declaration.getDefaultImport(),
        declaration.getNamespaceImport(),
        ...declaration
          .getNamedImports()
          .map((named) => named.getAliasNode() ?? named.getNameNode()),
      ]),
    ...source.getVariableDeclarations().map((declaration) => declaration.getNameNode()),
  ].filter((name) => Node.isIdentifier(name));
  return new Set(names.filter((name) => usesOf(name).length === 0).map((name) => name.getText()));
}

/** The range of a whole statement. */
function statement(node: Node): Splice {
  return wholeLines(node) ?? { start: node.getStart(), end: node.getEnd(), text: "" };
}

/** Undefined where the name is declared together with others that stay. */
function withoutName(source: SourceFile, name: string): Splice | undefined {
  for (const declaration of source.getImportDeclarations()) {
    const whole = declaration.getDefaultImport() ?? declaration.getNamespaceImport();
    const named = declaration.getNamedImports();
    const found = named.find(
      (specifier) => (specifier.getAliasNode()?.getText() ?? specifier.getName()) === name,
    );
    if (found && named.length > 1) return namedOut(named, found);
    const braces = found?.getParentOrThrow();
    if (braces && whole) return { start: whole.getEnd(), end: braces.getEnd(), text: "" };
    if (braces || (named.length === 0 && whole?.getText() === name)) return statement(declaration);
  }
  const constant = source.getVariableDeclaration(name)?.getVariableStatement();
  const alone = constant?.getDeclarations().length === 1 && !constant.isExported();
  return constant && alone ? statement(constant) : undefined;
}

/** One name out of the braces, with the comma before it or, for the first, after it. */
function namedOut(named: readonly Node[], specifier: Node): Splice | undefined {
  const index = named.indexOf(specifier);
  const [previous, next] = [named[index - 1], named[index + 1]];
  if (previous) return { start: previous.getEnd(), end: specifier.getEnd(), text: "" };
  return next && { start: specifier.getStart(), end: next.getStart(), text: "" };
}

/** @param path for the remarks; by its name it is Vite's or electron-vite's */
export function editViteConfig(text: string, path: string, change: ConfigChange): Edited {
  const config = new Config(path, text, path.startsWith("electron"));
  if (change.drop.length > 0) config.drop(change.drop);
  if (change.alias) config.alias();
  if (change.linked) config.dedupe();
  config.exclude();
  const { text: edited, done, byHand } = config;
  return { text: edited, done, byHand };
}

/** Whether the file still names a package in a path or an import. */
export function namesPackage(text: string, path: string, name: string): boolean {
  return mentionsOf(parse(path, text), name).length > 0;
}
