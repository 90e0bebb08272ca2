import { formatFigure, formatRatio, formatSpread, peerOf, ratioTo } from "../../figures";
import { isOurs, type Row, type Suite } from "../suites/suite";

interface FiguresProps {
  readonly rows: readonly Row[];
  /** Of a case that follows from the suite's own; else empty. */
  readonly name: string;
}

function Figures({ rows, name }: FiguresProps) {
  const peer = rows[0] && peerOf(rows[0], rows);
  const most = Math.max(...rows.map(({ median }) => median ?? 0));
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{name && <code>{name}</code>}</th>
          <th scope="col" className="number">
            median, {rows[0]?.unit}
          </th>
          <th scope="col" className="number spread">
            p5 … p95
          </th>
          <th scope="col" className="number">
            {peer && "ratio"}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.contender} className={isOurs(row.contender) ? "ours" : "theirs"}>
            <th scope="row">
              {row.contender}
              {row.median !== null && most > 0 && rows.length > 1 && (
                <span
                  className="bar"
                  style={{ inlineSize: `${(100 * Math.max(row.median, 0)) / most}%` }}
                />
              )}
            </th>
            {row.note ? (
              <td colSpan={3} className="note">
                {row.note}
              </td>
            ) : (
              <>
                <td className="number">{formatFigure(row.median)}</td>
                <td className="number spread">{formatSpread(row)}</td>
                <td className="number ratio">
                  {row === peer ? "1" : formatRatio(ratioTo(peer, row))}
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface SuiteResultProps {
  readonly suite: Suite;
  readonly rows: readonly Row[] | undefined;
  /** 0 to 1 while it runs. */
  readonly progress: number | null;
}

/** One suite: what it measures, how far it is, what it found. */
export function SuiteResult({ suite, rows, progress }: SuiteResultProps) {
  const cases = [...new Set(rows?.map((row) => row.case))];
  return (
    <article className="suite">
      <h3>
        {suite.title} <code>{`${suite.suite}/${suite.case}`}</code>
      </h3>
      <p className="about">{suite.about}</p>
      {progress !== null && <progress value={progress} />}
      {cases.map((name) => (
        <Figures
          key={name}
          name={name === suite.case ? "" : `${suite.suite}/${name}`}
          rows={rows?.filter((row) => row.case === name) ?? []}
        />
      ))}
    </article>
  );
}
