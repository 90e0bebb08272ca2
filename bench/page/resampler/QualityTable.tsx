import type { Rates } from "../../resampler/conversion";
import { QUALITY_COLUMNS, qualityLine } from "../../resampler/report";
import { isOurs } from "../suites/suite";
import { useFinding } from "./use-finding";

interface QualityTableProps {
  readonly names: readonly [string, string];
  readonly rates: Rates;
  /** Else nothing is measured. */
  readonly wanted: boolean;
}

const byClass = (name: string): string => (isOurs(name) ? "number ours" : "number");

/** The measures of both, as the benchmark takes them. */
export function QualityTable({ names: [left, right], rates, wanted }: QualityTableProps) {
  const findings = [
    useFinding("quality", left, rates, wanted),
    useFinding("quality", right, rates, wanted),
  ];
  const lines = findings.map(({ result }) => (result ? qualityLine("", result).slice(1) : null));
  const blank = wanted ? "…" : "–";
  return (
    <>
      {findings.map(({ error }) => error && <p className="error">{error}</p>)}
      <table className="quality">
        <thead>
          <tr>
            <th scope="col">measured</th>
            <th scope="col" className={byClass(left)}>
              {left}
            </th>
            <th scope="col" className={byClass(right)}>
              {right}
            </th>
          </tr>
        </thead>
        <tbody>
          {QUALITY_COLUMNS.map((measure, row) => (
            <tr key={measure}>
              <th scope="row">{measure}</th>
              <td className={byClass(left)}>{lines[0]?.[row] ?? blank}</td>
              <td className={byClass(right)}>{lines[1]?.[row] ?? blank}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="facts">
        fN is half the lower of the two rates, and −0.1 dB at a share of it. Length: samples more or
        less than were due.
      </p>
    </>
  );
}
