/** hooks/canvas/use-live2d-model.ts: the frames of one character end when those of the next begin. */
import { type CallExpression, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { lineOf, parse, quoteOf } from "./source.js";
import { type ByHand, type Edited, splice } from "./splice.js";

const START = "initializeLive2D";
const GUARD = "switchModel";
const MODULE = "@/voicepath/model-guard";

/** The local name under which a function is imported. */
function importedAs(source: SourceFile, name: string): string | undefined {
  for (const declaration of source.getImportDeclarations())
    for (const specifier of declaration.getNamedImports())
      if (specifier.getName() === name) return specifier.getAliasNode()?.getText() ?? name;
  return undefined;
}

/** Whether nobody looks at what the call returns. */
function isStatement(call: CallExpression): boolean {
  const parent = call.getParentOrThrow();
  return Node.isExpressionStatement(parent) || Node.isVoidExpression(parent);
}

/** @param path for the remarks */
export function editLive2dModel(text: string, path: string): Edited {
  const source = parse(path, text);
  const byHand = (node: Node | null, why: string): ByHand => ({
    path,
    line: node && lineOf(node),
    what: `${why}; ${START}() has to become ${GUARD}(${START}), from "${MODULE}"`,
  });
  const name = importedAs(source, START);
  if (name === undefined)
    return { text, done: [], byHand: [byHand(null, `${START} is not imported by name`)] };
  const calls = source
    .getDescendantsOfKind(SyntaxKind.CallExpression)
    .filter((call) => call.getExpression().getText() === name);
  const strange = calls.filter((call) => call.getArguments().length > 0 || !isStatement(call));
  const others = source
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .filter(
      (identifier) =>
        identifier.getText() === name &&
        !identifier.getFirstAncestorByKind(SyntaxKind.ImportDeclaration) &&
        !calls.some((call) => call.getExpression() === identifier),
    );
  const left = [
    ...strange.map((call) => byHand(call, `${START} is called with arguments or for its result`)),
    ...others.map((other) => byHand(other, `${START} is handed on`)),
  ];
  if (calls.length === 0 && left.length === 0) left.push(byHand(null, `${START} is not called`));
  const clash = source
    .getDescendantsOfKind(SyntaxKind.Identifier)
    .find((identifier) => identifier.getText() === GUARD);
  if (clash) left.push(byHand(clash, `"${GUARD}" is a name of this file`));
  if (left.length > 0) return { text, done: [], byHand: left };
  const quote = quoteOf(source);
  // The line after the last import: what is said above that one or behind it stays with it.
  const last = text.indexOf("\n", source.getImportDeclarations().at(-1)?.getEnd()) + 1;
  const line = `import { ${GUARD} } from ${quote}${MODULE}${quote};\n`;
  return {
    text: splice(text, [
      { start: last, end: last, text: line },
      ...calls.map((call) => ({
        start: call.getStart(),
        end: call.getEnd(),
        text: `${GUARD}(${name})`,
      })),
    ]),
    done: [`${START}() → ${GUARD}(${START})`],
    byHand: [],
  };
}
