/** A text as a syntax tree. Nothing is resolved and nothing is written: trees are for finding ranges. */
import { type Node, Project, type SourceFile, SyntaxKind } from "ts-morph";

export function parse(path: string, text: string): SourceFile {
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return project.createSourceFile(`/${path}`, text);
}

/** From 1. */
export function lineOf(node: Node): number {
  return node.getStartLineNumber();
}

/** The mark that most strings of a file are written in. */
export function quoteOf(source: SourceFile): "'" | '"' {
  const strings = source.getDescendantsOfKind(SyntaxKind.StringLiteral);
  const single = strings.filter((string) => string.getText().startsWith("'")).length;
  return single * 2 > strings.length ? "'" : '"';
}
