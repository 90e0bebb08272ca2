/** Rows of cells as text: aligned for a terminal, or as Markdown. */

export type Cells = readonly string[];

export const isFirst = (column: number): boolean => column === 0;
const isAny = (_column: number): boolean => true;

/** @param isText - the columns that begin at the left; numbers end at the right. Default: the first */
export function alignedTable(rows: readonly Cells[], isText = isFirst): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param isText - as above. Default: all */
export function markdownTable(header: Cells, rows: readonly Cells[], isText = isAny): string {
  const rule = header.map((_, column) => (isText(column) ? "---" : "---:"));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
