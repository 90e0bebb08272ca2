import type { ReactElement } from "react";

export interface Column<Key extends string> {
  readonly key: Key;
  readonly title: string;
  /** More than none of it deserves a look. */
  readonly bad?: boolean;
}

export interface Row<Key extends string> {
  readonly id: string;
  readonly name: string;
  /** Beside the name, more quietly. */
  readonly note?: string | undefined;
  /** When pointed at. */
  readonly hint?: string | undefined;
  readonly counts: Readonly<Record<Key, number>>;
}

function Count({
  count,
  bad = false,
}: {
  readonly count: number;
  readonly bad?: boolean | undefined;
}) {
  if (count === 0) return <small>0</small>;
  return bad ? <strong>{count}</strong> : count;
}

/** Names, and counts of each. */
export function InspectorTable<Key extends string>({
  caption,
  first,
  columns,
  rows,
}: {
  readonly caption: string;
  /** Title of the column of names. */
  readonly first: string;
  readonly columns: readonly Column<Key>[];
  readonly rows: readonly Row<Key>[];
}): ReactElement {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          {columns.map(({ key, title }) => (
            <th key={key} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, note, hint, counts }) => (
          <tr key={id}>
            <th scope="row" title={hint ?? name}>
              {name}
              {note && <small> {note}</small>}
            </th>
            {columns.map(({ key, bad }) => (
              <td key={key}>
                <Count count={counts[key]} bad={bad} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
