/** Putting items into lists and objects of a source, and taking them out, in the manner that is found there. */
import {
  type ArrayLiteralExpression,
  type Node,
  type ObjectLiteralExpression,
  SyntaxKind,
} from "ts-morph";
import { type Splice, splice } from "./splice.js";

export type List = ArrayLiteralExpression | ObjectLiteralExpression;

/** A comment and nothing else until the line's end. */
const REST_OF_LINE = /^[ \t]*(\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(?=\r?\n|$)/;
const INDENT = /^[ \t]*/;

function itemsOf(list: List): Node[] {
  return list.isKind(SyntaxKind.ArrayLiteralExpression) ? list.getElements() : list.getProperties();
}

function lineStart(text: string, position: number): number {
  return text.lastIndexOf("\n", position - 1) + 1;
}

function indentOf(text: string, position: number): string {
  return INDENT.exec(text.slice(lineStart(text, position)))?.[0] ?? "";
}

function startsLine(text: string, position: number): boolean {
  return text.slice(lineStart(text, position), position).trim() === "";
}

/** Of the file: what its first indented line begins with. */
function indentUnit(text: string): string {
  return /^(\t| {1,8})\S/m.exec(text)?.[1] ?? "  ";
}

function commaAfter(item: Node): Node | undefined {
  return item.getNextSiblingIfKind(SyntaxKind.CommaToken);
}

/** Adds an item at the end, or before the one given. */
export function insert(list: List, put: string, before?: Node): Splice[] {
  const text = list.getSourceFile().getFullText();
  const items = itemsOf(list);
  const last = items.at(-1);
  const first = items[0];
  if (!last || !first) return [fillEmpty(list, put)];
  const wide = text.slice(list.getStart(), first.getStart()).includes("\n");
  const indent = indentOf(text, first.getStart());
  if (before) {
    const gap = wide && startsLine(text, before.getStart()) ? `,\n${indent}` : ", ";
    return [{ start: before.getStart(), end: before.getStart(), text: put + gap }];
  }
  const comma = commaAfter(last);
  const end = (comma ?? last).getEnd();
  if (!wide) return [{ start: end, end, text: comma ? ` ${put},` : `, ${put}` }];
  // After a remark about the last item, which stays with it.
  const rest = REST_OF_LINE.exec(text.slice(end))?.[0] ?? "";
  const line = { start: end + rest.length, end: end + rest.length };
  if (comma) return [{ ...line, text: `\n${indent}${put},` }];
  return [
    { start: last.getEnd(), end: last.getEnd(), text: "," },
    { ...line, text: `\n${indent}${put}` },
  ];
}

function fillEmpty(list: List, put: string): Splice {
  const text = list.getSourceFile().getFullText();
  const start = list.getStart() + 1;
  const end = list.getEnd() - 1;
  const inside = text.slice(start, end);
  if (!text.includes("\n")) return { start, end, text: ` ${put}${inside.trim() && " "}${inside} ` };
  const outer = indentOf(text, list.getStart());
  const inner = outer + indentUnit(text);
  const kept = inside.trim();
  return {
    start,
    end,
    text: `\n${inner}${put}${kept === "" ? "" : `\n${inner}${kept}`}\n${outer}`,
  };
}

/** A statement or an item that stands alone on its lines, with what is said of it behind it. */
export function wholeLines(node: Node): Splice | null {
  const text = node.getSourceFile().getFullText();
  const start = node.getStart();
  const end = (commaAfter(node) ?? node).getEnd();
  const rest = REST_OF_LINE.exec(text.slice(end));
  if (!rest || !startsLine(text, start)) return null;
  const newline = /^\r?\n/.exec(text.slice(end + rest[0].length))?.[0] ?? "";
  return { start: lineStart(text, start), end: end + rest[0].length + newline.length, text: "" };
}

function removedBy(splices: readonly Splice[]): number {
  return splices.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Takes items of one list out, with their commas and what is said of them on their line. */
export function remove(items: readonly Node[]): Splice[] {
  const list = items[0]?.getParentOrThrow();
  if (!list) return [];
  const text = list.getSourceFile().getFullText();
  const all = itemsOf(list as List);
  const splices = items.map((item): Splice => {
    const lines = wholeLines(item);
    if (lines) return lines;
    const end = (commaAfter(item) ?? item).getEnd();
    const blank = /^[ \t]*/.exec(text.slice(end))?.[0] ?? "";
    return { start: item.getStart(), end: end + blank.length, text: "" };
  });
  const last = all.at(-1);
  const stays = all.filter((item) => !items.includes(item)).at(-1);
  if (!stays) {
    const inside = { start: list.getStart() + 1, end: list.getEnd() - 1, text: "" };
    const left = splice(text, splices).slice(inside.start, inside.end - removedBy(splices));
    if (left.trim() === "") return [inside];
  }
  // A list that did not end in a comma shall not do so now.
  const comma = stays && last && items.includes(last) && !commaAfter(last) && commaAfter(stays);
  if (comma) splices.push({ start: comma.getStart(), end: comma.getEnd(), text: "" });
  return splices;
}
