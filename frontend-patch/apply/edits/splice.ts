/** Changes of a text by ranges, so that everything around them stays as its author wrote it. */

export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Ranges of the same text, in any order; they must not overlap. New lines follow the text's own. */
export function splice(text: string, splices: readonly Splice[]): string {
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  let changed = text;
  const fromTheEnd = splices
    .map((change, order) => ({ ...change, order }))
    .sort((a, b) => b.start - a.start || b.order - a.order);
  for (const { start, end, text: put } of fromTheEnd)
    changed = changed.slice(0, start) + put.replace(/\r?\n/g, lineEnd) + changed.slice(end);
  return changed;
}

/** What a person has to change, where the command does not dare to. */
export interface ByHand {
  readonly path: string;
  /** From 1; null: anywhere. */
  readonly line: number | null;
  readonly what: string;
}

export interface Edited {
  readonly text: string;
  /** What was changed, in words. */
  readonly done: readonly string[];
  readonly byHand: readonly ByHand[];
}
