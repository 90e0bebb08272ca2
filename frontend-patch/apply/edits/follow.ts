/**
 * From an expression to what it stands for, as far as that is written in the same file: constants, functions
 * that are called or exported, conditions, and the wrappers that Vite's configurations are written in. What
 * comes from elsewhere is lost, and said so.
 */
import {
  type ArrowFunction,
  type FunctionDeclaration,
  type FunctionExpression,
  type Identifier,
  type MethodDeclaration,
  Node,
  type ObjectLiteralExpression,
  type SourceFile,
  SyntaxKind,
  type VariableDeclaration,
} from "ts-morph";

export interface Followed {
  /** Objects and arrays, and other expressions that are values themselves. */
  readonly found: readonly Node[];
  /** What could not be followed. */
  readonly lost: readonly Node[];
}

export type FunctionNode =
  | ArrowFunction
  | FunctionExpression
  | FunctionDeclaration
  | MethodDeclaration;

const NOTHING: Followed = { found: [], lost: [] };
/** Give back what they are given. */
const WRAPPERS = /^(defineConfig|defineViteConfig|defineProject|Promise\.resolve)$/;
/** Join what they are given: a part that is not known does no harm. */
const MERGERS = /^(mergeConfig|Object\.assign)$/;

function isFunction(node: Node): node is FunctionNode {
  return (
    Node.isArrowFunction(node) ||
    Node.isFunctionExpression(node) ||
    Node.isFunctionDeclaration(node) ||
    Node.isMethodDeclaration(node)
  );
}

export function join(parts: readonly Followed[]): Followed {
  return {
    found: [...new Set(parts.flatMap(({ found }) => found))],
    lost: [...new Set(parts.flatMap(({ lost }) => lost))],
  };
}

/** The constant or function of that name, if the file has just one and it is never assigned to. */
export function declarationOf(
  name: Identifier,
): VariableDeclaration | FunctionDeclaration | undefined {
  const text = name.getText();
  const source = name.getSourceFile();
  const isParameter = name
    .getAncestors()
    .some(
      (node) =>
        isFunction(node) && node.getParameters().some((parameter) => mentions(parameter, text)),
    );
  if (isParameter) return undefined;
  const all = [
    ...source.getDescendantsOfKind(SyntaxKind.VariableDeclaration),
    ...source.getDescendantsOfKind(SyntaxKind.FunctionDeclaration),
  ].filter((declaration) => declaration.getName() === text);
  const assigned = source
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .some(
      (binary) =>
        binary.getOperatorToken().isKind(SyntaxKind.EqualsToken) &&
        binary.getLeft().getText() === text,
    );
  return all.length === 1 && !assigned ? all[0] : undefined;
}

function mentions(node: Node, name: string): boolean {
  return node
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .some((identifier) => identifier.getText() === name);
}

function returnsOf(callable: FunctionNode): Node[] {
  const body = callable.getBody();
  if (!body) return [];
  if (!Node.isBlock(body)) return [body];
  return body
    .getDescendantsOfKind(SyntaxKind.ReturnStatement)
    .filter((statement) => statement.getFirstAncestor(isFunction) === callable)
    .flatMap((statement) => statement.getExpression() ?? []);
}

/** @param seen guards against a function that calls itself */
export function follow(node: Node | undefined, seen: ReadonlySet<Node> = new Set()): Followed {
  if (!node || seen.has(node)) return NOTHING;
  const next = new Set(seen).add(node);
  const all = (nodes: readonly (Node | undefined)[]): Followed =>
    join(nodes.map((inner) => follow(inner, next)));
  const lost: Followed = { found: [], lost: [node] };
  if (Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node))
    return { found: [node], lost: [] };
  if (
    Node.isParenthesizedExpression(node) ||
    Node.isAsExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isNonNullExpression(node) ||
    Node.isAwaitExpression(node)
  )
    return follow(node.getExpression(), next);
  if (Node.isConditionalExpression(node)) return all([node.getWhenTrue(), node.getWhenFalse()]);
  if (Node.isBinaryExpression(node))
    return node.getOperatorToken().isKind(SyntaxKind.AmpersandAmpersandToken)
      ? follow(node.getRight(), next)
      : all([node.getLeft(), node.getRight()]);
  if (isFunction(node)) return all(returnsOf(node));
  if (Node.isIdentifier(node)) {
    const declaration = declarationOf(node);
    if (!declaration) return lost;
    return Node.isVariableDeclaration(declaration)
      ? follow(declaration.getInitializer(), next)
      : follow(declaration, next);
  }
  if (!Node.isCallExpression(node)) return lost;
  const callee = node.getExpression();
  if (WRAPPERS.test(callee.getText())) return follow(node.getArguments()[0], next);
  if (MERGERS.test(callee.getText())) {
    const merged = all(node.getArguments());
    return merged.found.length > 0 ? { found: merged.found, lost: [] } : lost;
  }
  const called = follow(callee, next);
  return called.lost.length > 0 ? lost : called;
}

/** What the file exports as its default, or assigns to module.exports. */
export function defaultExport(source: SourceFile): Followed {
  const exported = source.getExportAssignment((candidate) => !candidate.isExportEquals());
  if (exported) return follow(exported.getExpression());
  const callable = source.getFunctions().find((candidate) => candidate.isDefaultExport());
  if (callable) return follow(callable);
  const assigned = source
    .getDescendantsOfKind(SyntaxKind.BinaryExpression)
    .find((binary) => binary.getLeft().getText() === "module.exports");
  return assigned ? follow(assigned.getRight()) : { found: [], lost: [source] };
}

/** The value of an object's property, its spreads included: the last one counts. Null: there is none. */
export function property(object: ObjectLiteralExpression, name: string): Followed | null {
  const spreads: Followed[] = [];
  for (const member of [...object.getProperties()].reverse()) {
    if (Node.isSpreadAssignment(member)) {
      const inner = follow(member.getExpression());
      const objects = inner.found.filter(Node.isObjectLiteralExpression);
      const values = objects.flatMap((candidate) => property(candidate, name) ?? []);
      if (inner.lost.length > 0 || values.length > 0)
        spreads.push(join([...values, { found: [], lost: inner.lost }]));
    } else if (member.getName().replace(/^["']|["']$/g, "") === name) {
      const found = Node.isPropertyAssignment(member)
        ? follow(member.getInitializer())
        : Node.isShorthandPropertyAssignment(member)
          ? follow(member.getNameNode())
          : { found: [], lost: [member] };
      return join([found, ...spreads.filter(({ found: values }) => values.length > 0)]);
    }
  }
  return spreads.length > 0 ? join(spreads) : null;
}
