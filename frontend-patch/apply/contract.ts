/** What a source file promises to others, and what it shares with the server and with the past. */
import {
  type CallExpression,
  type ExportedDeclarations,
  Node,
  Project,
  type SourceFile,
  SyntaxKind,
  type Type,
  ts,
} from "ts-morph";

/** Sources by their path under src/renderer/src. */
export type Sources = ReadonlyMap<string, string>;

const FOLDER = "/src";
const DEEPEST = 4;

/** Sources among which "@/…" and relative imports are resolved; libraries are not there. */
export function projectOf(sources: Sources): Project {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    compilerOptions: {
      noLib: true,
      strict: true,
      jsx: ts.JsxEmit.Preserve,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      baseUrl: "/",
      paths: { "@/*": [`${FOLDER}/*`] },
      types: [],
    },
  });
  for (const [path, text] of sources) project.createSourceFile(`${FOLDER}/${path}`, text);
  return project;
}

export function sourceIn(project: Project, path: string): SourceFile | undefined {
  return project.getSourceFile(`${FOLDER}/${path}`);
}

export function exportsOf(source: SourceFile): Set<string> {
  return new Set(source.getExportedDeclarations().keys());
}

/**
 * The members of each export, "media.background.url": of a type, of what a context carries, of what a hook
 * returns, of an object or a class. An export whose members cannot be seen is not there.
 */
export function membersOf(source: SourceFile): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const [name, declarations] of source.getExportedDeclarations()) {
    const members = new Set(declarations.flatMap((declaration) => [...membersOfOne(declaration)]));
    if (members.size > 0) all.set(name, members);
  }
  return all;
}

function membersOfOne(declaration: ExportedDeclarations): Set<string> {
  const found = new Set<string>();
  if (Node.isInterfaceDeclaration(declaration) || Node.isTypeAliasDeclaration(declaration))
    collect(declaration.getType(), "", found);
  else if (Node.isClassDeclaration(declaration)) collectInstance(declaration.getType(), found);
  else if (Node.isFunctionDeclaration(declaration)) collectReturned(declaration.getType(), found);
  else if (Node.isVariableDeclaration(declaration)) {
    const initializer = declaration.getInitializer();
    const carried = Node.isCallExpression(initializer) && carriedBy(initializer);
    if (carried) collect(carried, "", found);
    else if (declaration.getType().getCallSignatures().length > 0)
      collectReturned(declaration.getType(), found);
    else collectInstance(declaration.getType(), found);
  }
  return found;
}

/** createContext<T>(…): T. */
function carriedBy(call: CallExpression): Type | undefined {
  if (!/(^|\.)createContext$/.test(call.getExpression().getText())) return undefined;
  return call.getTypeArguments()[0]?.getType();
}

function collectReturned(type: Type, found: Set<string>): void {
  for (const signature of type.getCallSignatures())
    collect(signature.getReturnType(), "", found, false);
}

function collectInstance(type: Type, found: Set<string>): void {
  collect(type, "", found, false);
}

/** Of a class: what only it may use; a parameter of its constructor can be a member, too. */
function isHidden(declaration: Node): boolean {
  const hidden = [SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword] as const;
  return (
    (Node.isModifierable(declaration) && hidden.some((kind) => declaration.hasModifier(kind))) ||
    declaration.getFirstChildByKind(SyntaxKind.PrivateIdentifier) !== undefined
  );
}

/** @param deep the members of members too, as far as they are written in these sources */
function collect(type: Type, prefix: string, found: Set<string>, deep = true): void {
  for (const part of type.isUnion() ? type.getUnionTypes() : [type]) {
    if (!part.isObject() || part.isArray() || part.isTuple()) continue;
    if (part.getCallSignatures().length > 0 && prefix !== "") continue;
    for (const member of part.getProperties()) {
      const [declaration] = member.getDeclarations();
      if (!declaration || isHidden(declaration)) continue;
      const path = prefix + member.getName();
      found.add(path);
      if (deep && path.split(".").length < DEEPEST)
        collect(member.getTypeAtLocation(declaration), `${path}.`, found);
    }
  }
}

export interface Message {
  /** "message type" or "command". */
  readonly what: string;
  readonly name: string;
}

/** What a message switch tells apart: the cases over `….type`, and those over other texts. */
export function messagesOf(source: SourceFile): Message[] {
  const cases = source.getDescendantsOfKind(SyntaxKind.SwitchStatement).flatMap((statement) =>
    statement
      .getClauses()
      .filter(Node.isCaseClause)
      .map((clause) => clause.getExpression())
      .filter(Node.isStringLiteral)
      .map((literal) => ({
        what: isType(statement.getExpression()) ? "message type" : "command",
        name: literal.getLiteralText(),
      })),
  );
  const compared = source
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .filter((binary) => binary.getOperatorToken().getText().startsWith("=="))
    .flatMap((binary) => {
      const right = binary.getRight();
      return isType(binary.getLeft()) && Node.isStringLiteral(right)
        ? [{ what: "message type", name: right.getLiteralText() }]
        : [];
    });
  return [...cases, ...compared];
}

function isType(expression: Node): boolean {
  return Node.isPropertyAccessExpression(expression) && expression.getName() === "type";
}

/** Keys of localStorage, and the name under which a store is kept there. */
export function storageKeys(source: SourceFile): string[] {
  const keys = source
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) =>
      /^useLocalStorage$|\blocalStorage\.(get|set|remove)Item$/.test(
        call.getExpression().getText(),
      ),
    )
    .flatMap((call) => keyOf(call.getArguments()[0]) ?? []);
  const kept = source
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getText() === "persist")
    .flatMap((call) => {
      const options = call.getArguments()[1];
      const name = Node.isObjectLiteralExpression(options) && options.getProperty("name");
      return (name && Node.isPropertyAssignment(name) && keyOf(name.getInitializer())) || [];
    });
  return [...keys, ...kept];
}

/** Undefined for a parameter: the key is named where the function is called. */
function keyOf(argument: Node | undefined): string | undefined {
  if (Node.isStringLiteral(argument) || Node.isNoSubstitutionTemplateLiteral(argument))
    return argument.getLiteralText();
  if (!Node.isIdentifier(argument)) return argument?.getText();
  const constant = argument.getSourceFile().getVariableDeclaration(argument.getText());
  return constant && keyOf(constant.getInitializer());
}

/** Every text that a file says, as a string or as the name of a member with a value. */
export function wordsOf(source: SourceFile): Set<string> {
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) words.add(node.text);
    else if (ts.isPropertyAssignment(node) || ts.isMethodDeclaration(node))
      words.add(node.name.getText().replace(/^["']|["']$/g, ""));
    ts.forEachChild(node, visit);
  };
  visit(source.compilerNode);
  return words;
}

export interface NamedImport {
  readonly specifier: string;
  /** "default" for the default; none for a whole module. */
  readonly names: readonly string[];
  readonly line: number;
}

/** What a file takes from others, by import or by handing on. */
export function importsOf(source: SourceFile): NamedImport[] {
  const taken = source.getImportDeclarations().map((declaration) => ({
    specifier: declaration.getModuleSpecifierValue(),
    names: [
      ...(declaration.getDefaultImport() ? ["default"] : []),
      ...declaration.getNamedImports().map((named) => named.getName()),
      ...namespaceMembers(source, declaration.getNamespaceImport()?.getText()),
    ],
    line: declaration.getStartLineNumber(),
  }));
  const handedOn = source.getExportDeclarations().flatMap((declaration) => {
    const specifier = declaration.getModuleSpecifierValue();
    const names = declaration.getNamedExports().map((named) => named.getName());
    return specifier === undefined
      ? []
      : [{ specifier, names, line: declaration.getStartLineNumber() }];
  });
  return [...taken, ...handedOn];
}

function namespaceMembers(source: SourceFile, name: string | undefined): string[] {
  if (name === undefined) return [];
  return source
    .getDescendantsOfKind(SyntaxKind.PropertyAccessExpression)
    .filter((access) => access.getExpression().getText() === name)
    .map((access) => access.getName());
}
